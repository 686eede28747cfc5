// Plays episodes with a trained policy, with random numbers separate from those of training.
#pragma once

#include "engine/cpu/reference/stages.hpp"
#include "engine/environment.hpp"

namespace ppo::reference {

template <IsEnv Env>
void show(const typename Env::State& state, Spectator* spectator) {
  if constexpr (DrawsItself<Env>) {
    if (spectator == nullptr) return;
    Scene scene;
    Env::draw(state, scene);
    spectator->see(scene);
  }
}

/// Plays options.episodes episodes from fresh states with a trained policy; writes one result per episode.
template <IsEnv Env>
void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator,
              EpisodeResult* results) {
  using Head = typename Agent<Env>::Head;
  const Hyper& hyper = trained.hyper;
  const Layout layout = layout_of<Env>(hyper.hidden_size);
  const ObservationNorm<Env::kObservationSize> norm(hyper.norm_obs, trained.moments);
  for (std::int64_t episode = 0; episode < options.episodes; ++episode) {
    DrawKey key{.seed = options.seed,
                .stream = Stream::evaluation,
                .environment = static_cast<std::uint32_t>(options.first_episode + episode)};
    auto slot = fresh_slot<Env>(key, Purpose::first_reset);
    Ended ended = kRunning;
    show<Env>(slot.state, spectator);
    while (ended == kRunning) {
      float obs[Env::kObservationSize];
      Env::observe(slot.state, obs);
      norm(obs);
      const auto policy = policy_of<Head>(hyper, layout, trained.params, obs);
      key.step = static_cast<std::uint32_t>(slot.length);
      float noise[Head::kNoise];
      float action[Head::kNumbers];
      Head::draw_noise(Draws(key, Purpose::action), noise);
      if (options.greedy) {
        Head::mode(policy, action);
      } else {
        Head::sample(policy, static_cast<const float*>(noise), action);
      }
      advance(slot, action, options.max_steps, key, ended);
      show<Env>(slot.state, spectator);
    }
    results[episode] = {slot.episode_return, slot.length, ended == kTerminated};
  }
}

}  // namespace ppo::reference
