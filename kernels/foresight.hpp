// Foresight: while a warp works out which action an agent takes in an environment, another one steps the
// environment by each of the few that there are.
#pragma once

#include "kernels/team.hpp"
#include "ppo/rollout.hpp"

namespace ppo {

/// What step t leads to by the action that the warp which plays has drawn. Two steps' outcomes take turns, so
/// that the two warps meet once a step.
template <class Agent>
PPO_DEVICE const Outcome<typename Agent::Env>& foreseen_outcome(Shared<Agent>& shared, int pair, int t,
                                                                float action) {
  Foreseen<Agent>& now = shared.by_warp.foreseen[pair][t % 2];
  if (device::thread_index() % 32 == 0) now.action = action;
  device::sync_group(pair, kPairThreads);
  return now.outcomes[static_cast<int>(action)];
}

/// The second warp of an environment: plays it, too, a step behind.
template <class Agent>
PPO_DEVICE void foresee_by_warp(const Hyper& hyper, const TeamBlock<Agent>& block, int n, int pair) {
  const int lane = device::thread_index() % 32;
  const auto own = static_cast<float>(lane);  // an action
  auto& shared = block.shared;
  EnvironmentRollout<Agent> environment(hyper, shared.agent, shared.obs_norm, n, false);
  for (int t = 0; t < hyper.num_steps; ++t) {
    Foreseen<Agent>& now = shared.by_warp.foreseen[pair][t % 2];
    if (lane < Agent::Actor::Out) now.outcomes[lane] = environment.foresee(t, &own);
    device::sync_group(pair, kPairThreads);
    const float action = now.action;
    environment.play(t, &action, now.outcomes[static_cast<int>(action)]);
  }
}

}  // namespace ppo
