// Plays episodes with a trained policy, with random numbers separate from those of training.
#pragma once

#include "engine/cpu/reference/policy.hpp"
#include "engine/environment.hpp"
#include "ppo/rollout.hpp"

namespace ppo::reference {

/// One episode in progress: `observe`, then `act`, until it has ended. It depends on no other.
template <IsEnv Env>
class Episode {
 public:
  using Head = PolicyHead<typename Env::Action>;
  using Norm = ObservationNorm<Env::kObservationSize>;

  /// The one with number `index` of those that are asked for, before its first step.
  Episode(const EvalOptions& options, std::int64_t index)
      : index_(index),
        key_{.seed = options.seed,
             .stream = Stream::evaluation,
             .environment = static_cast<std::uint32_t>(options.first_episode + index)},
        slot_(fresh_slot<Env>(key_, Purpose::first_reset)) {}

  bool ended() const { return ended_ != kRunning; }

  /// Writes the observation [O] as the network sees it.
  void observe(const Norm& norm, float* obs) const {
    Env::observe(slot_.state, obs);
    norm(obs);
  }

  /// The random numbers [kNoise] that select the next action.
  void action_noise(float* noise) const { Head::draw_noise(Draws(key_, Purpose::action), noise); }

  /// Takes an action [kNumbers].
  void act(const EvalOptions& options, const float* action) {
    ended_ = count_step(slot_, transition<Env>(slot_.state, action, key_), options.max_steps);
    key_.step = static_cast<std::uint32_t>(slot_.length);
  }

  void show(Spectator* spectator) const {
    if constexpr (DrawsItself<Env>) {
      if (spectator == nullptr) return;
      Scene scene;
      Env::draw(slot_.state, scene);
      spectator->see(scene);
    }
  }

  /// Of all that are asked for, writes its own.
  void report(EpisodeResult* results) const {
    results[index_] = {slot_.episode_return, slot_.length, ended_ == kTerminated};
  }

 private:
  std::int64_t index_;
  DrawKey key_;
  Slot<Env> slot_;
  Ended ended_ = kRunning;
};

/// Plays options.episodes episodes from fresh states with a trained policy; writes one result per episode.
template <IsEnv Env>
void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator,
              EpisodeResult* results) {
  using Head = typename Episode<Env>::Head;
  const Layout layout = layout_of<Env>(trained.hyper.hidden_size);
  const typename Episode<Env>::Norm norm(trained.hyper.norm_obs, trained.moments);
  for (std::int64_t index = 0; index < options.episodes; ++index) {
    Episode<Env> episode(options, index);
    episode.show(spectator);
    while (!episode.ended()) {
      float obs[Env::kObservationSize];
      float action[Head::kNumbers];
      episode.observe(norm, obs);
      const auto policy = policy_of<Head>(trained.hyper, layout, trained.params, obs);
      if (options.greedy) {
        Head::mode(policy, action);
      } else {
        float noise[Head::kNoise];
        episode.action_noise(noise);
        Head::sample(policy, static_cast<const float*>(noise), action);
      }
      episode.act(options, action);
      episode.show(spectator);
    }
    episode.report(results);
  }
}

}  // namespace ppo::reference
