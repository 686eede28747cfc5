// One agent's training state in memory of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/environment.hpp"

namespace ppo {

/// All that continuing an agent needs, the same from every engine.
struct AgentState {
  AgentState(const EnvironmentInfo& environment, const Hyper& hyper)
      : params(static_cast<std::size_t>(environment.parameter_count)),
        moment1(params.size()),
        moment2(params.size()),
        slot_state(static_cast<std::size_t>(hyper.num_envs) *
                   static_cast<std::size_t>(environment.state_bytes)),
        slot_length(static_cast<std::size_t>(hyper.num_envs)),
        slot_return(slot_length.size()) {}

  std::uint64_t seed = 0;
  std::int64_t update = 0;  // the next one to run
  AdamPowers powers;
  std::vector<float> params;              // [P]
  std::vector<float> moment1;             // [P]
  std::vector<float> moment2;             // [P]
  std::vector<std::byte> slot_state;      // [N][state_bytes] of the environments
  std::vector<std::int32_t> slot_length;  // [N] of the running episodes [steps]
  std::vector<double> slot_return;        // [N] of the running episodes
  std::uint64_t trace = 0;                // 0: not traced

  /// Fills this by `save`, which takes StateArrays.
  template <class Save>
  void fill(const Save& save) {
    StateArrays all = writable();
    save(all);
    seed = all.seed;
    update = all.update;
    powers = all.powers;
  }

  /// For whoever does not write there.
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
            .slot_return = slot_return.data()};
  }
};

}  // namespace ppo
