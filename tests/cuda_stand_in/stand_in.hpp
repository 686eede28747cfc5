// A machine with NVIDIA devices that is not there: the functions of the CUDA runtime that src/engine/cuda
// calls, run on the CPU. Link it instead of libcudart. Kernels go through the SIMT emulator.
//
// What it does as a card would, so that a wrong order shows: nothing that is queued runs before somebody
// waits for it, or asks for it if its stream is non-blocking, whose work has a thread of its own; memory
// holds rubbish until it is written, as do rows from their launch to its end; device memory is poisoned for
// AddressSanitizer whenever neither a kernel nor a copy runs, so that the host cannot look at it.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ppo::stand_in {

struct Machine {
  int devices = 1;
  int driver = CUDART_VERSION;  // newest CUDA it supports; 0: there is no driver
  bool shows_card = false;      // to those who look without a driver
  std::string name = "Stand-in";
  int major = 9;  // compute capability
  int minor = 0;
  int ptx_version = 90;  // what the kernels that it runs were compiled for
  int multiprocessors = 4;
  int clock_khz = 1'980'000;
  int blocks_per_multiprocessor = 1;
  int multiprocessors_of_part = 4;             // of those among which a cluster lies
  int shared_bytes = 227 << 10;                // that a block may have
  std::size_t memory = std::size_t{64} << 20;  // [bytes] of each device
  std::vector<int> devices_without_code = {};  // those for whose architecture there is no kernel
  std::vector<int> small_devices = {};         // those with 48 KiB of shared memory for a block
  std::vector<int> devices_without_room = {};  // those that hold no block of the kernel
  float milliseconds_per_update = 4;           // what events say that an update takes
  std::vector<float> first_launches_ms = {};   // what they say of these instead
};

/// The `nth` call (from 1) of that function fails.
struct Failing {
  std::string function;
  int nth = 1;
  cudaError_t error = cudaErrorUnknown;
  bool for_good = false;  // then everything fails, as after a kernel that went wrong
};

/// Starts anew with that machine.
void install(const Machine& machine);

/// From now on; one at a time.
void fail(const Failing& failing);

/// Calls of each function since `install`.
std::map<std::string, int> calls();

/// Things that were handed out and not given back: "2 x device memory", ... Empty: none.
std::string leaks();

/// What a card would refuse or fall over, in words: a copy from an unknown address, a thing given back twice,
/// blocks that wait for each other in a launch that is not cooperative, ...; and an error that nobody has
/// taken out of the runtime's slot for the latest, which would be blamed on what comes next. Empty: nothing.
std::string misuse();

/// Bytes that the latest launch copied to the host.
std::size_t copied_bytes();

/// Bits of kernels/variants.hpp in the latest launch that has run.
std::uint32_t launched_variants();

/// Blocks of a cluster in that launch; 1: it had none.
int launched_cluster_blocks();

/// The least Launch::patience of all launches that have run; 0: one of them would wait for ever.
std::uint64_t least_patience();

/// Launches that have been queued and have not run.
int queued_launches();

}  // namespace ppo::stand_in
