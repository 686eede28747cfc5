// Advantages over lanes of environments, side by side as the rollout has them.
#pragma once

#include <algorithm>
#include <array>

#include "engine/cpu/reference/stages.hpp"
#include "engine/cpu/simd/lanes.hpp"

namespace ppo::simd {

using LaneValues = std::array<float, Lanes::kWidth>;

/// What AdvantageScan does where episodes end, lane by lane.
class LaneEnds {
 public:
  LaneEnds(const Trajectories<float>& data, int n) : data_(data), n_(n) {
    std::copy_n(data.truncated + n, Lanes::kWidth, finals_);
  }

  /// Of the step from the sample `at` on.
  bool has_any(std::int64_t at) const {
    std::uint8_t any = kRunning;
    for (int lane = 0; lane < Lanes::kWidth; ++lane) any |= data_.ended[at + lane];
    return any != kRunning;
  }

  void cut(std::int64_t at, Lanes& next_advantage, Lanes& next_value) {
    LaneValues advantages;
    LaneValues values;
    next_advantage.store(advantages.data());
    next_value.store(values.data());
    for (int lane = 0; lane < Lanes::kWidth; ++lane) {
      const std::uint8_t ended = data_.ended[at + lane];
      if (ended == kRunning) continue;
      advantages[lane] = 0;
      values[lane] = 0;
      if (ended == kTruncated)
        values[lane] = data_.final_value[std::int64_t{--finals_[lane]} * data_.num_envs + n_ + lane];
    }
    next_advantage = Lanes::load(advantages.data());
    next_value = Lanes::load(values.data());
  }

 private:
  const Trajectories<float>& data_;
  int n_;
  std::int32_t finals_[Lanes::kWidth];  // true last observations not yet used
};

/// advantages_of_environment for the environments [n, n + kWidth).
inline void advantages_of_lanes(const Trajectories<float>& data, int n, float gamma, float gae_lambda) {
  const Lanes gammas(gamma);
  const Lanes decays(gamma * gae_lambda);
  const Clipped<Lanes> reward_norm{Lanes(data.reward_norm.scale), Lanes(data.reward_norm.bound)};
  const std::int64_t N = data.num_envs;
  LaneEnds ends(data, n);
  Lanes next_advantage(0.0F);
  Lanes next_value = Lanes::load(data.value + data.num_steps * N + n);
  for (std::int64_t at = (data.num_steps - 1) * N + n; at >= 0; at -= N) {
    if (ends.has_any(at)) ends.cut(at, next_advantage, next_value);
    const Lanes value = Lanes::load(data.value + at);
    const Lanes delta = fma(gammas, next_value, reward_norm(Lanes::load(data.reward + at))) - value;
    next_advantage = fma(decays, next_advantage, delta);
    next_advantage.store(data.advantage + at);
    next_value = value;
  }
}

/// SumInTurn, with the chains of kWidth environments side by side.
struct SumOfLanes {
  int begin;
  int end;

  template <class Term>
  float operator()(Term term) const {
    float total = 0;
    for (int n = begin; n < end; n += Lanes::kWidth) {
      LaneValues chains;
      term(n).store(chains.data());
      for (const float chain : chains) total += chain;
    }
    return total;
  }
};

/// reference::advantages_of_chunk; a chunk that is not full has it.
inline void advantages_of_chunk(const Trajectories<float>& data, const Tuning& tuning, int begin, int end,
                                ChunkSums& sums) {
  static_assert(kChunkEnvs % Lanes::kWidth == 0, "a full chunk fills its lanes");
  if (end - begin < kChunkEnvs) return reference::advantages_of_chunk(data, tuning, begin, end, sums);
  for (int n = begin; n < end; n += Lanes::kWidth) {
    advantages_of_lanes(data, n, tuning.gamma, tuning.gae_lambda);
  }
  const auto moments = [&](auto entry) {
    return chunk_moments<float, Lanes>(data.num_steps, data.num_envs, end - begin, entry,
                                       SumOfLanes{begin, end});
  };
  sums.advantage = moments([&](std::int64_t i) { return Lanes::load(data.advantage + i); });
  sums.ret =
      moments([&](std::int64_t i) { return Lanes::load(data.advantage + i) + Lanes::load(data.value + i); });
}

}  // namespace ppo::simd
