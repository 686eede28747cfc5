// Values: the critic over what the block's environments showed, in tiles.
#pragma once

#include "kernels/head.hpp"
#include "kernels/team.hpp"

namespace ppo {

/// A thread's way through its block's samples, the environments of one step after those of the other, by a
/// fixed number of samples at a time: all divisions come before it.
struct SampleWalk {
  int count;              // environments of the block
  int step, env;          // of the sample in hand
  int steps_on, envs_on;  // to the next

  PPO_DEVICE SampleWalk(int envs, int first, int stride)
      : count(envs), step(first / envs), env(first % envs), steps_on(stride / envs), envs_on(stride % envs) {}

  PPO_DEVICE void next() {
    step += steps_on;
    env += envs_on;
    if (env < count) return;
    env -= count;
    ++step;
  }
};

/// A thread's part of an observation, of which it holds every eighth entry. Loaded a tile ahead, so that no
/// layer waits for global memory.
template <int O>
struct PartOfObs {
  float entries[(O + 7) / 8];

  PPO_DEVICE PartOfObs(const float* obs, int part) {
    PPO_UNROLL
    for (int e = 0; 8 * e < O; ++e) entries[e] = obs[min(part + 8 * e, O - 1)];
  }
  PPO_DEVICE void store(float* to, int part) const {
    PPO_UNROLL
    for (int e = 0; 8 * e < O; ++e) {
      if (part + 8 * e < O) to[part + 8 * e] = entries[e];
    }
  }
};

/// value[i] of obs[i] [O], i = t * N + n, for `steps` steps of the environments `envs`. Behind the last
/// sample a tile repeats it.
template <class Agent>
PPO_DEVICE void values_of(const Sizes& sizes, const TeamBlock<Agent>& block, const BlockShare& envs,
                          SampleWalk walk, int steps, const float* obs, float* value) {
  constexpr int O = Agent::O;
  const Seat<Agent::H> seat;
  const auto& weights = block.shared.weights;
  auto& scratch = block.shared.scratch[seat.quartet];
  const auto samples = static_cast<std::uint32_t>(steps) * static_cast<std::uint32_t>(envs.end - envs.begin);
  if (samples == 0) return;
  const auto index = [&] {
    const bool exists = walk.step < steps;
    const std::int64_t t = exists ? walk.step : steps - 1;
    return t * sizes.num_envs + envs.begin + (exists ? walk.env : walk.count - 1);
  };
  std::int64_t i = index();
  PartOfObs<O> part(obs + i * O, seat.part);
  for (std::uint32_t first = kTile * static_cast<std::uint32_t>(seat.quartet); first < samples;
       first += kTile * kQuartets) {
    const std::int64_t own = i;
    const bool writes = seat.part == 0 && walk.step < steps;
    part.store(scratch.obs + seat.sample * O, seat.part);
    walk.next();
    i = index();
    part = PartOfObs<O>(obs + i * O, seat.part);
    device::sync_group(seat.quartet, kQuartetThreads);
    float output;
    forward_tile<1>(sizes.activation, seat, weights.trunk[1], weights.critic_head_w, weights.critic_head_b,
                    scratch.obs, scratch.h1, scratch.h2, &output);
    if (writes) value[own] = output;
  }
}

/// A block owns environments: those of its rollout. Rows of final_obs beyond an environment's truncations
/// hold nothing; their values are never read.
template <class Agent>
PPO_DEVICE void values_stage(const Sizes& sizes, const TeamBlock<Agent>& block) {
  const auto& rollout = block.shared.agent.rollout;
  const WorkPlan& plan = block.plan();
  const Seat<Agent::H> seat;
  const SampleWalk walk(max(plan.envs.end - plan.envs.begin, 1), kTile * seat.quartet + seat.sample,
                        kTile * kQuartets);
  PPO_NO_UNROLL
  for (int pass = 0; pass < 2; ++pass) {  // in a loop: one copy of the code for both
    const bool finals = pass == 1;
    values_of(sizes, block, plan.envs, walk, finals ? plan.truncations : sizes.num_steps + 1,
              finals ? rollout.final_obs : rollout.obs, finals ? rollout.final_value : rollout.value);
  }
}

}  // namespace ppo
