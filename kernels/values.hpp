// Values: the critic over what the block's environments showed, in tiles.
#pragma once

#include "kernels/head.hpp"
#include "kernels/team.hpp"

namespace ppo {

/// value[i] of obs[i] [O], i = t * N + n, for `steps` steps of the environments `envs`.
template <class Agent>
PPO_DEVICE void values_of(const Hyper& hyper, const TeamBlock<Agent>& block, const BlockShare& envs,
                          std::int64_t steps, const float* obs, float* value) {
  constexpr int O = Agent::O;
  const std::int64_t N = hyper.num_envs;
  const Seat<Agent::H> seat;
  const auto& weights = block.shared.weights;
  auto& scratch = block.shared.scratch[seat.quartet];
  const auto count = static_cast<std::uint32_t>(envs.end - envs.begin);
  const auto samples = static_cast<std::uint32_t>(steps) * count;
  for (std::uint32_t first = kTile * static_cast<std::uint32_t>(seat.quartet); first < samples;
       first += kTile * kQuartets) {
    const std::uint32_t own = min(first + static_cast<std::uint32_t>(seat.sample), samples - 1);
    const std::int64_t i = own / count * N + envs.begin + own % count;
    for (int o = seat.part; o < O; o += 8) scratch.obs[seat.sample * O + o] = obs[i * O + o];
    device::sync_group(seat.quartet, kQuartetThreads);
    float output;
    forward_tile<1>(hyper.activation, seat, weights.trunk[1], weights.critic_head_w, weights.critic_head_b,
                    scratch.obs, scratch.h1, scratch.h2, &output);
    if (seat.part == 0 && first + static_cast<std::uint32_t>(seat.sample) < samples) value[i] = output;
  }
}

/// A block owns environments: those of its rollout. Rows of final_obs beyond an environment's truncations
/// hold nothing; their values are never read.
template <class Agent>
PPO_DEVICE void values_stage(const Hyper& hyper, const TeamBlock<Agent>& block) {
  const auto& rollout = block.shared.agent.rollout;
  const BlockShare envs = block.plan().envs;
  PPO_NO_UNROLL
  for (int pass = 0; pass < 2; ++pass) {  // in a loop: one copy of the code for both
    const bool finals = pass == 1;
    values_of(hyper, block, envs, finals ? max_truncations(hyper) : hyper.num_steps + std::int64_t{1},
              finals ? rollout.final_obs : rollout.obs, finals ? rollout.final_value : rollout.value);
  }
}

}  // namespace ppo
