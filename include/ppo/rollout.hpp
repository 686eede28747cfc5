// Acting: one step of one environment, with time limit, auto-reset and the episode's bookkeeping.
#pragma once

#include "ppo/categorical.hpp"
#include "ppo/train_state.hpp"

namespace ppo {

/// A first state and an empty episode.
template <IsEnv Env>
PPO_HD Slot<Env> fresh_slot(const DrawKey& key, Purpose purpose) {
  Draws draws(key, purpose);
  Slot<Env> slot{};
  slot.state = Env::reset(draws);
  return slot;
}

/// Advances the slot by one action. A time limit of 0 is none.
template <IsEnv Env>
PPO_HD Transition<float> advance(Slot<Env>& slot, int action, std::int32_t time_limit, const DrawKey& key,
                                 Ended& ended) {
  Draws draws(key, Purpose::environment);
  const Transition<float> transition = Env::step(slot.state, action, draws);
  slot.length += 1;
  slot.episode_return += static_cast<double>(transition.reward);
  const bool at_limit = time_limit > 0 && slot.length >= time_limit;
  ended = transition.terminated ? kTerminated : at_limit ? kTruncated : kRunning;
  return transition;
}

/// The rollout stage's work for environment n: T steps under the current policy into agent.rollout. Nothing
/// in it depends on another environment.
template <class Agent>
PPO_HD void rollout_environment(const Hyper& hyper, Agent& agent, int n) {
  using Env = typename Agent::Env;
  constexpr int O = Agent::O;
  constexpr int A = Agent::A;
  const std::int64_t N = hyper.num_envs;
  const auto& rollout = agent.rollout;
  Slot<Env>& slot = agent.slots[n];
  EpisodeSums sums{};
  std::int32_t truncated = 0;
  DrawKey key{.seed = agent.seed,
              .update = static_cast<std::uint32_t>(agent.update),
              .environment = static_cast<std::uint32_t>(n)};
  for (std::int64_t t = 0; t < hyper.num_steps; ++t) {
    const std::int64_t i = t * N + n;
    key.step = static_cast<std::uint32_t>(t);
    float* obs = rollout.obs + i * O;
    Env::observe(slot.state, obs);
    Activations<typename Agent::Layout::Actor, float> unused;
    float logits[A];
    forward(agent.params + Agent::Layout::actor, obs, unused, logits);
    const Categorical<A, float> policy = categorical<A>(static_cast<const float*>(logits));
    const int action = sample(policy, Draws(key, Purpose::action).uniform());
    rollout.action[i] = static_cast<std::uint8_t>(action);
    rollout.logp[i] = log_prob(policy, action);

    Ended ended;
    rollout.reward[i] = advance(slot, action, hyper.max_episode_steps, key, ended).reward;
    rollout.ended[i] = ended;
    if (ended == kRunning) continue;
    if (ended == kTruncated) Env::observe(slot.state, rollout.final_obs + (truncated++ * N + n) * O);
    sums.return_sum += slot.episode_return;
    sums.length_sum += slot.length;
    sums.episodes += 1;
    slot = fresh_slot<Env>(key, Purpose::reset);
  }
  Env::observe(slot.state, rollout.obs + (hyper.num_steps * N + n) * O);
  rollout.truncated[n] = truncated;
  rollout.ended_sums[n] = sums;
}

}  // namespace ppo
