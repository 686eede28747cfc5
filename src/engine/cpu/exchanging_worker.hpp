// A worker of one of several ranks that train an agent together. What its stages give is exchanged where they
// end:
//
//   rollout      what the environments of a rank have seen and done, and where they stand
//   values       of the observations
//   advantages   of the environments of whole chunks, and the chunks' sums
//   gradient     sums of whole groups
//
// Every rank then reduces and steps for itself: the groups are all there, and sums of parts would not add up
// in the same order. Shuffled samples lie anywhere in the rollout, so each rank keeps all of it.
#pragma once

#include "engine/cpu/exchange.hpp"
#include "engine/cpu/reference/stages.hpp"

namespace ppo {

template <class Agent>
class ExchangingWorker : public Worker {
 public:
  ExchangingWorker(const Worker& worker, const Sizes& sizes, const Agent& agent)
      : Worker(worker), sizes_(sizes), agent_(agent) {}

  void end(Stage stage) const {
    if (clock != nullptr) clock->at_barrier(stage);
    wait();
    if (is_exchanged(stage)) {
      if (leads()) gather(stage);
      wait();
    }
    if (clock != nullptr) clock->past_barrier(stage);
  }

 private:
  static bool is_exchanged(Stage stage) { return stage != Stage::reduce && stage != Stage::adam; }

  /// An array [rows][items][numbers].
  template <class T>
  static DealtArray dealt(T* data, std::int64_t rows, std::int64_t items, std::int64_t numbers = 1) {
    return {data, rows, items, static_cast<std::int64_t>(sizeof(T)) * numbers, 1};
  }

  void gather(Stage stage) const {
    if (stage == Stage::rollout) return gather_rollout();
    const std::int64_t T = sizes_.num_steps;
    const std::int64_t N = sizes_.num_envs;
    const Rollout<typename Agent::Env>& rollout = agent_.rollout;
    if (stage == Stage::values) {
      gather_one(dealt(rollout.value.get(), 1, (T + 1) * N));
      const std::int64_t rows = reference::truncated_rows(sizes_, agent_);
      if (rows > 0) gather_one(dealt(rollout.final_value.get(), 1, rows * N));
    } else if (stage == Stage::advantages) {
      DealtArray arrays[] = {dealt(rollout.advantage.get(), T, N),
                             dealt(rollout.chunks.get(), 1, chunk_count(sizes_))};
      arrays[0].unit = kChunkEnvs;
      exchange->gather(arrays);
    } else {
      const std::int64_t groups = group_count(minibatch_size(sizes_));
      gather_one(dealt(agent_.groups.get(), 1, groups, sums_size(agent_.layout)));
    }
  }

  void gather_one(const DealtArray& array) const { exchange->gather({&array, 1}); }

  void gather_rollout() const {
    using Head = typename Agent::Head;
    const std::int64_t T = sizes_.num_steps;
    const std::int64_t N = sizes_.num_envs;
    const Rollout<typename Agent::Env>& rollout = agent_.rollout;
    const std::int64_t statistics = normalises(agent_.tuning) ? 1 : 0;
    const DealtArray arrays[] = {dealt(rollout.obs.get(), T + 1, N, Agent::O),
                                 dealt(rollout.action.get(), T, N, Head::kNumbers),
                                 dealt(rollout.logp.get(), T, N),
                                 dealt(rollout.reward.get(), T, N),
                                 dealt(rollout.ended.get(), T, N),
                                 dealt(rollout.final_obs.get(), max_truncations(sizes_), N, Agent::O),
                                 dealt(rollout.truncated.get(), 1, N),
                                 dealt(rollout.ended_sums.get(), 1, N),
                                 dealt(rollout.fault.get(), 1, N),
                                 dealt(rollout.moments.get(), statistics, N, Agent::kMoments),
                                 dealt(agent_.slots_before(agent_.update + 1), 1, N)};
    exchange->gather(arrays);
  }

  const Sizes& sizes_;
  const Agent& agent_;
};

}  // namespace ppo
