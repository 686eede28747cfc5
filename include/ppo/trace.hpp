// A fingerprint of an agent's experience, for comparing engines.
#pragma once

#include "ppo/hash.hpp"
#include "ppo/train_state.hpp"

namespace ppo {

/// Continues `hash` with the last rollout: all observations, actions, rewards and episode ends.
template <class Agent>
PPO_HD std::uint64_t trace_hash(const Sizes& sizes, const Agent& agent, std::uint64_t hash) {
  const auto samples = static_cast<std::size_t>(batch_size(sizes));
  const auto& rollout = agent.rollout;
  hash = fnv1a(rollout.obs, samples * Agent::O * sizeof(float), hash);
  hash = fnv1a(rollout.action, samples * Agent::Head::kNumbers * sizeof *rollout.action, hash);
  hash = fnv1a(rollout.reward, samples * sizeof(float), hash);
  return fnv1a(rollout.ended, samples, hash);
}

}  // namespace ppo
