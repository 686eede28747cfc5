// One agent in memory: its training state (everything a checkpoint saves) and the workspace of an update.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ppo/adam.hpp"
#include "ppo/array.hpp"
#include "ppo/env.hpp"
#include "ppo/gae.hpp"
#include "ppo/gradient.hpp"
#include "ppo/hyper.hpp"
#include "ppo/metrics.hpp"
#include "ppo/network.hpp"
#include "ppo/policy_head.hpp"
#include "ppo/state_arrays.hpp"

namespace ppo {

/// Hands out 64-byte aligned arrays from one block of memory, or only counts bytes when the block is null.
/// The caller owns the block and must have cleared it.
class Carver {
 public:
  explicit Carver(void* block) : block_(static_cast<std::byte*>(block)) {}

  template <class T>
  T* take(std::int64_t count) {
    const std::size_t offset = used_;
    used_ += (static_cast<std::size_t>(count) * sizeof(T) + 63) / 64 * 64;
    return block_ == nullptr ? nullptr : reinterpret_cast<T*>(block_ + offset);
  }

  std::size_t used() const { return used_; }

 private:
  std::byte* block_;
  std::size_t used_ = 0;
};

/// One of the N environments, with its running episode.
template <IsEnv Env>
struct Slot {
  static constexpr std::int32_t kMostLength = INT32_MAX;  // the counter saturates here
  typename Env::State state;
  std::int32_t length;    // of the running episode [steps]
  double episode_return;  // of the running episode [reward]
  double discounted;      // sum of the running episode's rewards, each discounted by its age [reward]
};

/// Sums over the episodes that ended in one environment during one update. All zero if none did.
struct EpisodeSums {
  double return_sum;
  std::int64_t length_sum;
  std::int64_t episodes;
  float return_min;
  float return_max;

  PPO_HD void add_episode(double episode_return, std::int64_t length) {
    const auto rounded = static_cast<float>(episode_return);
    add(EpisodeSums{episode_return, length, 1, rounded, rounded});
  }

  PPO_HD void add(const EpisodeSums& more) {
    const bool first = episodes == 0;  // return_min and return_max are not set yet
    const bool any = more.episodes > 0;
    return_min = select(any && (first || more.return_min < return_min), more.return_min, return_min);
    return_max = select(any && (first || more.return_max > return_max), more.return_max, return_max);
    return_sum += more.return_sum;
    length_sum += more.length_sum;
    episodes += more.episodes;
  }
};

/// What a chunk of kChunkEnvs environments contributes to normalisation and metrics.
struct ChunkSums {
  Moments<float> advantage;
  Moments<float> ret;
  EpisodeSums ended;
  Fault fault;  // the first environment's
};

/// 4 O + 18 bytes per sample with one of A actions, plus 4 (O + 1) / L with a time limit of L steps: at most
/// 64 if O is at most 5. Observations are as the networks see them.
template <IsEnv Env>
struct Rollout {
  using Head = PolicyHead<typename Env::Action>;
  Array<float> obs;                     // [T+1][N][O]; the last row is the state after the last step
  Array<typename Head::Stored> action;  // [T][N][numbers of an action]
  Array<float> logp;                    // [T][N]
  Array<float> reward;                  // [T][N]
  Array<std::uint8_t> ended;            // [T][N] Ended
  Array<float> value;                   // [T+1][N]
  Array<float> advantage;               // [T][N]
  Array<float> final_obs;    // [S][N][O] true last observations of truncated episodes, S = max_truncations
  Array<float> final_value;  // [S][N]
  Array<std::int32_t> truncated;   // [N] how many of them each environment has
  Array<EpisodeSums> ended_sums;   // [N]
  Array<Fault> fault;              // [N]
  Array<Moments<double>> moments;  // [N][O+1] of raw observations and discounted return; if normalised
  Array<ChunkSums> chunks;         // [ceil(N / kChunkEnvs)]
};

/// The rollout as the reverse scan sees it.
template <IsEnv Env>
PPO_HD Trajectories<float> trajectories_of(const Sizes& sizes, const Rollout<Env>& rollout) {
  return {.num_steps = sizes.num_steps,
          .num_envs = sizes.num_envs,
          .reward = rollout.reward,
          .ended = rollout.ended,
          .value = rollout.value,
          .final_value = rollout.final_value,
          .truncated = rollout.truncated,
          .advantage = rollout.advantage,
          .reward_norm = {}};
}

/// S: the largest number of truncations of one environment in T steps.
PPO_HD constexpr std::int64_t max_truncations(const Sizes& sizes) {
  if (sizes.max_episode_steps == 0) return 0;
  return (std::int64_t{sizes.num_steps} + sizes.max_episode_steps - 1) / sizes.max_episode_steps;
}

PPO_HD constexpr int chunk_count(const Sizes& sizes) {
  return (sizes.num_envs + kChunkEnvs - 1) / kChunkEnvs;
}

template <IsEnv Env>
PPO_HD constexpr Layout layout_of(int hidden_size) {
  using Head = PolicyHead<typename Env::Action>;
  return {Env::kObservationSize, Head::kOutputs, hidden_size, Head::kExtra};
}

template <IsEnv Env_>
struct Agent {
  using Env = Env_;
  using Head = PolicyHead<typename Env::Action>;
  static constexpr int O = Env::kObservationSize;
  static constexpr int kMoments = O + 1;  // running statistics: of each number observed, and of the return

  Layout layout;  // P = layout.size()

  // The training state.
  Tuning tuning;
  std::int64_t update;  // the next update to run
  AdamPowers powers;
  Array<float> params;        // [P]
  Array<float> moment1;       // [P]
  Array<float> moment2;       // [P]
  Array<Slot<Env>> slots[2];  // [N] before even and before odd updates: one is read, the other written
  Array<Moments<double>> moments[2];  // [O+1] likewise

  // The workspace.
  Rollout<Env> rollout;
  Array<float> groups;   // sums of the minibatch's groups, and the engine's scratch rows
  Array<float> sums;     // [P + kLossTerms] of the minibatch: mean gradient and mean terms of the loss
  Array<float> squares;  // [slice_count(P)]

  /// The environments as update `number` finds them, and the statistics that it acts on; it leaves the next
  /// update's.
  PPO_HD Slot<Env>* slots_before(std::int64_t number) const { return slots[number % 2]; }
  PPO_HD Moments<double>* moments_before(std::int64_t number) const { return moments[number % 2]; }

  /// Allocates the training state, parameters first.
  void take_state(const Sizes& sizes, Carver& carver) {
    layout = layout_of<Env>(sizes.hidden_size);
    const int P = layout.size();
    params = carver.take<float>(P);
    moment1 = carver.take<float>(P);
    moment2 = carver.take<float>(P);
    for (auto& row : slots) row = carver.take<Slot<Env>>(sizes.num_envs);
    for (auto& row : moments) row = carver.take<Moments<double>>(kMoments);
  }

  /// Allocates the workspace of one update, with `group_floats` numbers for sums of groups.
  void take_workspace(const Sizes& sizes, std::int64_t group_floats, Carver& carver) {
    const std::int64_t N = sizes.num_envs;
    const std::int64_t T = sizes.num_steps;
    const std::int64_t S = max_truncations(sizes);
    rollout.obs = carver.take<float>((T + 1) * N * O);
    rollout.action = carver.take<typename Head::Stored>(T * N * Head::kNumbers);
    rollout.logp = carver.take<float>(T * N);
    rollout.reward = carver.take<float>(T * N);
    rollout.ended = carver.take<std::uint8_t>(T * N);
    rollout.value = carver.take<float>((T + 1) * N);
    rollout.advantage = carver.take<float>(T * N);
    rollout.final_obs = carver.take<float>(S * N * O);
    rollout.final_value = carver.take<float>(S * N);
    rollout.truncated = carver.take<std::int32_t>(N);
    rollout.ended_sums = carver.take<EpisodeSums>(N);
    rollout.fault = carver.take<Fault>(N);
    rollout.moments = carver.take<Moments<double>>(N * kMoments);
    rollout.chunks = carver.take<ChunkSums>(chunk_count(sizes));
    groups = carver.take<float>(group_floats);
    sums = carver.take<float>(sums_size(layout));
    squares = carver.take<float>(slice_count(layout.size()));
  }

  /// Lays the agent out in a block that begins with this struct; returns the number of bytes needed.
  static std::size_t carve(const Sizes& sizes, void* block) {
    Carver carver(block);
    Agent counted{};
    Agent* head = carver.take<Agent>(1);
    Agent& agent = head == nullptr ? counted : *head;
    agent.take_state(sizes, carver);
    agent.take_workspace(sizes, group_count(minibatch_size(sizes)) * sums_size(agent.layout), carver);
    return carver.used();
  }

  /// Copies the training state to `out`. Host only, like `load`.
  void save(const Sizes& sizes, StateArrays& out) const {
    out.seed = tuning.seed;
    out.update = update;
    out.powers = powers;
    const std::size_t bytes = static_cast<std::size_t>(layout.size()) * sizeof(float);
    std::memcpy(out.params, params, bytes);
    std::memcpy(out.moment1, moment1, bytes);
    std::memcpy(out.moment2, moment2, bytes);
    std::memcpy(out.moments, moments_before(update), kMoments * sizeof *out.moments);
    for (std::int32_t n = 0; n < sizes.num_envs; ++n) {
      const Slot<Env>& slot = slots_before(update)[n];
      std::memcpy(out.slot_state + n * sizeof slot.state, &slot.state, sizeof slot.state);
      out.slot_length[n] = slot.length;
      out.slot_return[n] = slot.episode_return;
      out.slot_discounted[n] = slot.discounted;
    }
  }

  /// Restores a state written by `save` for the same sizes. Of the tuning that is the seed.
  void load(const Sizes& sizes, const StateArrays& in) {
    tuning.seed = in.seed;
    update = in.update;
    powers = in.powers;
    const std::size_t bytes = static_cast<std::size_t>(layout.size()) * sizeof(float);
    std::memcpy(params, in.params, bytes);
    std::memcpy(moment1, in.moment1, bytes);
    std::memcpy(moment2, in.moment2, bytes);
    std::memcpy(moments_before(update), in.moments, kMoments * sizeof *in.moments);
    for (std::int32_t n = 0; n < sizes.num_envs; ++n) {
      Slot<Env>& slot = slots_before(update)[n];
      std::memcpy(&slot.state, in.slot_state + n * sizeof slot.state, sizeof slot.state);
      slot.length = in.slot_length[n];
      slot.episode_return = in.slot_return[n];
      slot.discounted = in.slot_discounted[n];
    }
  }
};

}  // namespace ppo
