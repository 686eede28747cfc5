// Advantages: a warp for each chunk of 16 environments, a lane for each environment's chain.
#pragma once

#include "kernels/team.hpp"
#include "ppo/gae.hpp"

namespace ppo {

/// Adds up environments in order, each summed by a lane of its own: what chunk_moments asks for.
struct SumOverLanes {
  int begin;  // first environment, that of lane 0
  int envs;
  int lane;

  template <class Term>
  PPO_DEVICE float operator()(Term term) const {
    const float chain = lane < envs ? term(begin + lane) : 0.0F;
    float total = 0;
    for (int i = 0; i < envs; ++i) total += device::shuffle(chain, i);
    return total;
  }
};

/// One chunk, by one warp.
template <class Agent>
PPO_DEVICE void advantages_of_chunk(const Hyper& hyper, const Agent& agent, int chunk, int lane) {
  const auto& rollout = agent.rollout;
  const std::int64_t T = hyper.num_steps;
  const std::int32_t N = hyper.num_envs;
  const Trajectories<float> data{hyper.num_steps,   N,
                                 rollout.reward,    rollout.ended,
                                 rollout.value,     rollout.final_value,
                                 rollout.truncated, rollout.advantage};
  const int begin = chunk * kChunkEnvs;
  const int envs = min(kChunkEnvs, N - begin);
  if (lane < envs) advantages_of_environment(data, begin + lane, hyper.gamma, hyper.gae_lambda);
  const SumOverLanes sum{begin, envs, lane};
  const float* advantage = rollout.advantage;
  const float* value = rollout.value;
  ChunkSums sums{};
  sums.advantage = chunk_moments<float>(
      T, N, envs, [=](std::int64_t i) { return advantage[i]; }, sum);
  sums.ret = chunk_moments<float>(
      T, N, envs, [=](std::int64_t i) { return advantage[i] + value[i]; }, sum);
  if (lane != 0) return;
  for (int n = begin; n < begin + envs; ++n) sums.ended.add(rollout.ended_sums[n]);
  rollout.chunks[chunk] = sums;
}

/// A block owns chunks of environments.
template <class Agent>
PPO_DEVICE void advantages_stage(const Hyper& hyper, const TeamBlock<Agent>& block) {
  const BlockShare chunks = block.share(chunk_count(hyper));
  const int warp = device::thread_index() / 32;
  for (auto chunk = static_cast<int>(chunks.begin) + warp; chunk < chunks.end; chunk += kBlockThreads / 32) {
    advantages_of_chunk(hyper, block.shared.agent, chunk, Seat().lane);
  }
}

}  // namespace ppo
