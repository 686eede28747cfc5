// One agent's training state, owning its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/environment.hpp"

namespace ppo {

/// What an agent has learned: all that acting takes.
struct TrainedPolicy {
  Hyper hyper;
  std::vector<float> params;             // [P]
  std::vector<Moments<double>> moments;  // [O+1] running statistics; empty if it does not normalise

  PolicyView view() const { return {hyper, params.data(), moments.data()}; }
};

/// Everything needed to continue training an agent. The same bytes from every engine.
struct AgentState {
  AgentState(const EnvironmentInfo& environment, const Sizes& sizes)
      : params(static_cast<std::size_t>(environment.layout(sizes.hidden_size).size())),
        moment1(params.size()),
        moment2(params.size()),
        slot_state(static_cast<std::size_t>(sizes.num_envs) *
                   static_cast<std::size_t>(environment.state_bytes)),
        slot_length(static_cast<std::size_t>(sizes.num_envs)),
        slot_return(slot_length.size()),
        slot_discounted(slot_length.size()),
        moments(static_cast<std::size_t>(environment.observation_size) + 1) {}

  std::uint64_t seed = 0;
  std::int64_t update = 0;  // the next update to run
  AdamPowers powers;
  std::vector<float> params;              // [P]
  std::vector<float> moment1;             // [P]
  std::vector<float> moment2;             // [P]
  std::vector<std::byte> slot_state;      // [N][state_bytes] of the environments
  std::vector<std::int32_t> slot_length;  // [N] of the running episodes [steps]
  std::vector<double> slot_return;        // [N] of the running episodes
  std::vector<double> slot_discounted;    // [N] discounted returns of the running episodes
  std::vector<Moments<double>> moments;   // [O+1] running statistics: of the observation, and of the return
  std::uint64_t trace = 0;                // 0: not traced

  /// Calls `save` with StateArrays that point into this object.
  template <class Save>
  void fill(const Save& save) {
    StateArrays all = writable();
    save(all);
    seed = all.seed;
    update = all.update;
    powers = all.powers;
  }

  /// StateArrays for read access.
  StateArrays arrays() const { return const_cast<AgentState*>(this)->writable(); }

 private:
  StateArrays writable() {
    return {.seed = seed,
            .update = update,
            .powers = powers,
            .params = params.data(),
            .moment1 = moment1.data(),
            .moment2 = moment2.data(),
            .slot_state = slot_state.data(),
            .slot_length = slot_length.data(),
            .slot_return = slot_return.data(),
            .slot_discounted = slot_discounted.data(),
            .moments = moments.data()};
  }
};

}  // namespace ppo
