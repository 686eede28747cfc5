// Advantages: a warp for each chunk of 16 environments, a lane for each environment's chain.
#pragma once

#include "kernels/team.hpp"
#include "ppo/gae.hpp"

namespace ppo {

/// Adds up environments in order, each summed by a lane of its own: what chunk_moments asks for. Both halves
/// of the warp do so, each for its own term.
struct SumOverLanes {
  int begin;  // first environment, that of a half's first lane
  int envs;
  int lane;

  template <class Term>
  PPO_DEVICE float operator()(Term term) const {
    const int own = lane % kChunkEnvs;
    const float chain = own < envs ? term(begin + own) : 0.0F;
    float total = 0;
    for (int i = 0; i < envs; ++i) total += device::shuffle(chain, lane - own + i);
    return total;
  }
};

/// One chunk, by one warp: the scans by its first half; then the moments of the advantages by the first, and
/// of the returns by the second.
template <class Agent>
PPO_DEVICE void advantages_of_chunk(const Hyper& hyper, const Agent& agent, int chunk, int lane) {
  static_assert(2 * kChunkEnvs == 32);
  const auto& rollout = agent.rollout;
  const std::int64_t T = hyper.num_steps;
  const std::int32_t N = hyper.num_envs;
  const Trajectories<float> data = trajectories_of(hyper, rollout);
  const int begin = chunk * kChunkEnvs;
  const int envs = min(kChunkEnvs, N - begin);
  if (lane < envs) advantages_of_environment(data, begin + lane, hyper.gamma, hyper.gae_lambda);
  device::sync_warp();  // the second half reads what the first has written

  const float* advantage = rollout.advantage;
  const float* value = rollout.value;
  const bool of_returns = lane >= kChunkEnvs;
  const Moments<float> moments = chunk_moments<float>(
      T, N, envs,
      [=](std::int64_t i) {
        const float x = advantage[i];
        return select(of_returns, x + value[i], x);
      },
      SumOverLanes{begin, envs, lane});
  ChunkSums sums{};
  sums.advantage = moments;
  sums.ret = {moments.count, device::shuffle(moments.mean, kChunkEnvs),
              device::shuffle(moments.m2, kChunkEnvs)};
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
