// What the ranks of an agent tell each other, array by array, and how much that is.
#pragma once

#include "kernels/launch.hpp"
#include "kernels/leaf_plan.hpp"
#include "kernels/sizes.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// What ranks tell each other at once.
enum class Exchanged {
  rollout,                  // what their environments have seen and done, with its values
  rollout_with_statistics,  // the same of an agent that keeps running statistics
  gradient,                 // sums of groups
};

/// An array [rows][items][item_bytes] of an agent.
struct RankArray {
  std::byte* data;
  std::int64_t rows;
  std::int32_t item_bytes;

  /// Of so many items of all rows, in a rank's part. What follows is aligned as most arrays are.
  PPO_HD std::int64_t bytes(std::int64_t items) const { return (rows * items * item_bytes + 15) / 16 * 16; }
};

/// All that ranks tell each other at once: of every array the same items, of which each rank has a share.
struct RankArrays {
  static constexpr int kMost = 12;
  RankArray arrays[kMost];
  int count;
  int items;

  template <class T>
  PPO_HD void add(T* data, std::int64_t rows, int numbers = 1) {
    arrays[count++] = {reinterpret_cast<std::byte*>(data), rows, static_cast<int>(sizeof(T)) * numbers};
  }

  /// Of the largest share, which is what every rank's part has room for: most ways to gather take the time of
  /// the largest for each. [kPackedUnit]
  PPO_HD std::int64_t units(int ranks) const {
    const int most = (items + ranks - 1) / ranks;
    std::int64_t bytes = 0;
    for (int i = 0; i < count; ++i) bytes += arrays[i].bytes(most);
    return (bytes + kPackedUnit - 1) / kPackedUnit;
  }
};

/// After the values and the gradient.
PPO_HD inline Exchanged exchanged_after(Stage stage, const Tuning& tuning) {
  if (stage == Stage::gradient) return Exchanged::gradient;
  return normalises(tuning) ? Exchanged::rollout_with_statistics : Exchanged::rollout;
}

/// The environments have been played by the ranks that have their values; the last observation and those of
/// truncated episodes count in the values alone. Groups are rows of sums.
template <class Agent>
PPO_HD void list_arrays(const Sizes& sizes, const Agent& agent, Exchanged what, RankArrays& list) {
  list.count = 0;
  if (what == Exchanged::gradient) {
    list.items = static_cast<int>(group_count(minibatch_size(sizes)));
    list.add(agent.groups.get(), 1, Agent::kRowPitch);
    return;
  }
  list.items = sizes.num_envs;
  const std::int64_t T = sizes.num_steps;
  const auto& rollout = agent.rollout;
  list.add(rollout.obs.get(), T, Agent::O);
  list.add(rollout.action.get(), T, Agent::Head::kNumbers);
  list.add(rollout.logp.get(), T);
  list.add(rollout.reward.get(), T);
  list.add(rollout.ended.get(), T);
  list.add(rollout.value.get(), T + 1);
  list.add(rollout.final_value.get(), max_truncations(sizes));
  list.add(rollout.truncated.get(), 1);
  list.add(rollout.ended_sums.get(), 1);
  list.add(rollout.fault.get(), 1);
  list.add(agent.slots_before(agent.update + 1), 1);
  if (what == Exchanged::rollout_with_statistics) list.add(rollout.moments.get(), 1, Agent::kMoments);
}

}  // namespace ppo
