// Advantages: a warp for each chunk of 16 environments, a lane for each environment's chain; and the running
// statistics, a warp for each number.
#pragma once

#include "kernels/team.hpp"
#include "ppo/gae.hpp"
#include "ppo/normalise.hpp"

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

PPO_DEVICE Moments<double> shuffle_moments(const Moments<double>& moments, int lane) {
  return {device::shuffle(moments.count, lane), device::shuffle(moments.mean, lane),
          device::shuffle(moments.m2, lane)};
}

PPO_DEVICE EpisodeSums shuffle_sums(const EpisodeSums& sums, int lane) {
  return {device::shuffle(sums.return_sum, lane), device::shuffle(sums.length_sum, lane),
          device::shuffle(sums.episodes, lane), device::shuffle(sums.return_min, lane),
          device::shuffle(sums.return_max, lane)};
}

/// Those of a chunk's environments, in order, by a warp: a lane an environment. The result is in every lane.
PPO_DEVICE EpisodeSums sum_of_episodes(const EpisodeSums* sums, int envs, int lane) {
  const EpisodeSums own = sums[min(lane, envs - 1)];
  EpisodeSums total{};
  PPO_NO_UNROLL
  for (int i = 0; i < envs; ++i) total.add(shuffle_sums(own, i));
  return total;
}

/// ppo::next_moments by a warp: a lane a chunk of environments. The result is in every lane.
template <class Agent>
PPO_DEVICE Moments<double> next_moments_by_warp(const Sizes& sizes, const Agent& agent, int i, int lane) {
  Moments<double> all = agent.moments_before(agent.update)[i];
  const Tuning& tuning = agent.tuning;
  if (!(i < Agent::O ? tuning.norm_obs : tuning.norm_reward)) return all;
  const Moments<double>* row = agent.rollout.moments + i;
  const int chunks = chunk_count(sizes);
  for (int first = 0; first < chunks; first += 32) {
    const std::int64_t begin = std::int64_t{first + lane} * kChunkEnvs;
    const std::int64_t end = min(begin + kChunkEnvs, std::int64_t{sizes.num_envs});
    Moments<double> chunk;
    if (begin < end) chunk = row[begin * Agent::kMoments];
    for (std::int64_t n = begin + 1; n < end; ++n) chunk = merge(chunk, row[n * Agent::kMoments]);
    const int count = min(32, chunks - first);
    for (int k = 0; k < count; ++k) all = merge(all, shuffle_moments(chunk, k));
  }
  return all;
}

/// The environment of a chunk with the first fault, by a warp: a lane an environment. `envs` if there is
/// none.
PPO_DEVICE int first_fault(const Fault* faults, int envs, int lane) {
  const int any = lane < envs ? faults[lane].any : 0;
  int first = envs;
  for (int i = envs - 1; i >= 0; --i) first = device::shuffle(any, i) != 0 ? i : first;
  return first;
}

/// One chunk, by one warp: the scans by its first half; then the moments of the advantages by the first, and
/// of the returns by the second.
template <class Agent>
PPO_DEVICE void advantages_of_chunk(const Sizes& sizes, const Agent& agent, const Clipped<float>& reward_norm,
                                    int chunk, int lane) {
  static_assert(2 * kChunkEnvs == 32);
  const auto& rollout = agent.rollout;
  const std::int64_t T = sizes.num_steps;
  const std::int32_t N = sizes.num_envs;
  Trajectories<float> data = trajectories_of(sizes, rollout);
  data.reward_norm = reward_norm;
  const int begin = chunk * kChunkEnvs;
  const int envs = min(kChunkEnvs, N - begin);
  const Tuning& tuning = agent.tuning;
  if (lane < envs) advantages_of_environment(data, begin + lane, tuning.gamma, tuning.gae_lambda);
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
  sums.ended = sum_of_episodes(rollout.ended_sums + begin, envs, lane);
  const int faulty = first_fault(rollout.fault + begin, envs, lane);
  if (lane != 0) return;
  if (faulty < envs) sums.fault = rollout.fault[begin + faulty];
  rollout.chunks[chunk] = sums;
}

/// A block owns chunks of environments. The first one also leaves the statistics for the next update; its
/// last warps do, which have the fewest chunks.
template <class Agent>
PPO_DEVICE void advantages_stage(const Sizes& sizes, const TeamBlock<Agent>& block) {
  constexpr int kWarps = kBlockThreads / 32;
  const Agent& agent = block.shared.agent;
  const int warp = device::thread_index() / 32;
  const int lane = device::thread_index() % 32;
  if (block.plan().index == 0) {
    Moments<double>* next = agent.moments_before(agent.update + 1);
    for (int i = kWarps - 1 - warp; i < Agent::kMoments; i += kWarps) {
      const Moments<double> moments = next_moments_by_warp(sizes, agent, i, lane);
      if (lane == 0) next[i] = moments;
    }
  }
  Clipped<float> norm;
  if (agent.tuning.norm_reward) {  // every block needs it before the first reward
    if (warp == 0) {
      const Moments<double> of_return = next_moments_by_warp(sizes, agent, Agent::O, lane);
      if (lane == 0) block.shared.reward_norm = reward_norm(true, of_return);
    }
    device::sync_block();
    norm = block.shared.reward_norm;
  }
  const BlockShare chunks = block.plan().chunks;
  for (int chunk = chunks.begin + warp; chunk < chunks.end; chunk += kWarps) {
    advantages_of_chunk(sizes, agent, norm, chunk, lane);
  }
}

}  // namespace ppo
