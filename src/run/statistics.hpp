// The running statistics of a policy as its file keeps them.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/agent_state.hpp"

namespace ppo {

/// Those of the policy's moments [O+1] that it normalises by: all, the observation's [O], the return's [1],
/// or none.
inline std::span<const Moments<double>> used_statistics(const TrainedPolicy& policy) {
  const std::span all(policy.moments);
  if (all.empty() || (policy.hyper.norm_obs && policy.hyper.norm_reward)) return all;
  return policy.hyper.norm_obs ? all.first(all.size() - 1) : all.last(1);
}

/// The largest numbers that an observation and a discounted return can have.
inline constexpr auto kMostObserved = static_cast<double>(std::numeric_limits<float>::max());
inline constexpr double kMostReturn = 1e60;

/// Some of the running statistics, in the file as NAME.count, .mean and .m2.
struct Statistics {
  const char* name;
  std::size_t begin, end;  // of the [O+1]
  double largest;          // number that can be among those counted
};

/// Those that a policy with these keys has.
inline std::vector<Statistics> statistics_of(const EnvironmentInfo& environment, const Tuning& tuning) {
  const auto O = static_cast<std::size_t>(environment.observation_size);
  std::vector<Statistics> all;
  if (tuning.norm_obs) all.push_back({"norm_obs", 0, O, kMostObserved});
  if (tuning.norm_reward) all.push_back({"norm_reward", O, O + 1, kMostReturn});
  return all;
}

/// Whether numbers of at most `largest` in size can have these moments, and a run can add to them without an
/// overflow.
inline bool can_be_counted(const Moments<double>& moments, double largest) {
  constexpr std::int64_t kMostCount = std::int64_t{1} << 60;
  if (moments.count < 0 || moments.count > kMostCount) return false;
  const auto count = static_cast<double>(moments.count);
  return std::abs(moments.mean) <= (count > 0 ? largest : 0) && moments.m2 >= 0 &&
         moments.m2 <= 4 * largest * largest * count;
}

}  // namespace ppo
