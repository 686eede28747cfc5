// Foresight: while a warp works out which action the agent takes in an environment, a second one steps that
// environment by each of the few actions there are, so that the next observation is there when the action is.
#pragma once

#include "kernels/team.hpp"
#include "ppo/rollout.hpp"

namespace ppo {

/// By the warp that acts: the observation [O] which follows step t by the action that it has drawn. Two
/// steps' rooms take turns, so that the two warps meet once a step.
template <class Agent>
PPO_DEVICE const float* foreseen_obs(Shared<Agent>& shared, int t, float action) {
  const int pair = device::thread_index() / kPairThreads;
  Foreseen<Agent>& now = shared.by_warp.foreseen[pair][t % 2];
  if (device::thread_index() % 32 == 0) now.action = action;
  device::sync_group(pair, kPairThreads);
  return now.obs[static_cast<int>(action)];
}

/// The second warp of an environment: plays it, and records all that the first one need not know.
template <class Agent>
PPO_DEVICE void foresee_by_warp(const Sizes& sizes, const TeamBlock<Agent>& block, int n) {
  const int lane = device::thread_index() % 32;
  const int pair = device::thread_index() / kPairThreads;
  const auto own = static_cast<float>(lane);  // an action
  auto& shared = block.shared;
  EnvironmentRollout<Agent> environment(sizes, shared.agent, shared.obs_norm, n, lane == 0);
  for (int t = 0; t < sizes.num_steps; ++t) {
    Foreseen<Agent>& now = shared.by_warp.foreseen[pair][t % 2];
    float obs[Agent::O];
    environment.observe(t, obs);
    if (lane < Agent::Actor::Out) {
      now.consequences[lane] = environment.foresee(t, &own);
      environment.foresee_obs(t, now.consequences[lane], now.obs[lane]);
    }
    device::sync_group(pair, kPairThreads);
    const float action = now.action;
    const auto step = environment.play(t, &action, now.consequences[static_cast<int>(action)]);
    if (lane == 0) environment.record_outcome(t, step);
  }
  environment.finish();
}

}  // namespace ppo
