// Plays episodes with a trained policy, with random numbers separate from those of training.
#pragma once

#include "engine/environment.hpp"
#include "ppo/rollout.hpp"

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

/// Plays options.episodes episodes from fresh states with the actor in params [P]; writes one result per
/// episode.
template <IsEnv Env, int H>
void evaluate(const float* params, const EvalOptions& options, Spectator* spectator, EpisodeResult* results) {
  using Layout = typename Agent<Env, H>::Layout;
  constexpr int A = Env::kActionCount;
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
      Activations<typename Layout::Actor, float> unused;
      float logits[A];
      forward(params + Layout::actor, static_cast<const float*>(obs), unused, logits);
      const Categorical<A, float> policy = categorical<A>(static_cast<const float*>(logits));
      key.step = static_cast<std::uint32_t>(slot.length);
      const int action =
          options.greedy ? mode(policy) : sample(policy, Draws(key, Purpose::action).uniform());
      advance(slot, action, options.max_steps, key, ended);
      show<Env>(slot.state, spectator);
    }
    results[episode] = {slot.episode_return, slot.length, ended == kTerminated};
  }
}

}  // namespace ppo::reference
