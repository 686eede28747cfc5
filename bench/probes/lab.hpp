// What decides how the training kernel could become faster, measured beside it. On this thread's CUDA device;
// all throw Failure(kRunFailed) when a call fails.
#pragma once

#include <cstdint>

#include "kernels/launch.hpp"

namespace ppo::probes {

/// Cycles of a multiprocessor for a warp's load of four floats (16 bytes) a lane from shared memory, when
/// eight warps do nothing else. Lanes whose numbers agree in the bits `lane_bits` (0 to 31) read the same
/// four floats; all that is read lies without gaps.
double quad_load_cycles(std::uint32_t lane_bits);

/// From an empty kernel's launch on an idle device until the host, which sleeps, knows that it has ended [s];
/// the median of many.
double launch_seconds();

/// What each of many empty kernels takes that wait in a queue [s].
double queued_launch_seconds();

}  // namespace ppo::probes
