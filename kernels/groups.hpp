// How the sums of a minibatch's groups are added up.
#pragma once

#include "kernels/shared.hpp"

namespace ppo {

/// Adds the groups' sums at one place of a team's rows.
struct GroupReader {
  const WorkPlan& plan;
  const float* rows;  // at the place
  int pitch;          // [floats]
  int groups = plan.groups;
  int leaves = plan.all_leaves;

  static constexpr float kNothing = -0.0F;  // x + kNothing is x for every x, 0 included

  /// Of a group, which is split or not: its leaves, or its sum and nothing else.
  struct Parts {
    float part[kGroupLeaves];

    PPO_DEVICE float sum() const {
      float sum = part[0];
      PPO_UNROLL
      for (int k = 1; k < kGroupLeaves; ++k) sum += part[k];
      return sum;
    }
  };

  PPO_DEVICE const float* row(int number) const { return rows + std::int64_t{number} * pitch; }

  PPO_DEVICE Parts parts(int group, int count) const {
    const int second = plan.second_row[group];
    const bool split = second != 0;
    const float* others = row(second);
    Parts parts;
    parts.part[0] = *row(group);
    PPO_UNROLL
    for (int k = 1; k < kGroupLeaves; ++k) {
      parts.part[k] = split && k < count ? others[(k - 1) * pitch] : kNothing;
    }
    return parts;
  }

  /// sum + groups group, group + 1, ... in order, whose loads are all under way at once. Most are `whole`,
  /// and spared the questions of the last ones.
  template <bool whole>
  PPO_DEVICE float add_groups(int group, float sum) const {
    Parts parts[kAtOnce];
    PPO_UNROLL
    for (int g = 0; g < kAtOnce; ++g) {
      const int number = whole ? group + g : min(group + g, groups - 1);
      parts[g] = this->parts(number, whole ? kGroupLeaves : leaves - number * kGroupLeaves);
    }
    PPO_UNROLL
    for (int g = 0; g < kAtOnce; ++g) sum = whole || group + g < groups ? sum + parts[g].sum() : sum;
    return sum;
  }
  static constexpr int kAtOnce = 8;

  /// All groups in order.
  PPO_DEVICE float total() const {
    float sum = kNothing;
    PPO_NO_UNROLL
    for (int group = 0; group < groups; group += kAtOnce) {
      const bool whole = (group + kAtOnce) * kGroupLeaves <= leaves;
      sum = whole ? add_groups<true>(group, sum) : add_groups<false>(group, sum);
    }
    return sum;
  }

  /// The same where each group lies in its row whole, as ranks leave them to each other.
  PPO_DEVICE float total_of_whole() const {
    float sum = kNothing;
    PPO_NO_UNROLL
    for (int group = 0; group < groups; group += kAtOnce) {
      float part[kAtOnce];
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) part[g] = *row(min(group + g, groups - 1));
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) sum = group + g < groups ? sum + part[g] : sum;
    }
    return sum;
  }
};

}  // namespace ppo
