// An agent's training state as it is copied into and out of an engine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ppo/adam.hpp"
#include "ppo/gae.hpp"

namespace ppo {

/// One agent's training state outside of an engine, as a checkpoint holds it: plain arrays, without the
/// padding of a Slot.
struct StateArrays {
  std::uint64_t seed;
  std::int64_t update;  // the next update to run
  AdamPowers powers;
  float* params;              // [P]
  float* moment1;             // [P]
  float* moment2;             // [P]
  std::byte* slot_state;      // [N][sizeof(Env::State)]
  std::int32_t* slot_length;  // [N]
  double* slot_return;        // [N]
  double* slot_discounted;    // [N]
  Moments<double>* moments;   // [O+1]
};

}  // namespace ppo
