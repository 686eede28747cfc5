// How long a run will take on either engine, from sizes and the table in costs.hpp. Evaluations, which the
// CPU plays in any case, and agents that stop early are not counted.
#pragma once

#include <cstdint>
#include <string>

#include "config/config.hpp"
#include "engine/environment.hpp"
#include "engine/population.hpp"

namespace ppo {

/// What is left to be trained.
struct Workload {
  EnvironmentInfo env;
  Hyper hyper;                        // of a usual agent
  std::int64_t agents = 1;            // K
  std::int64_t updates = 1;           // of each of them
  std::int64_t blocks_per_agent = 0;  // that the config asks of the CUDA engine; 0: as many as help and fit
};

/// Of a run that has so many updates behind it. Agents may differ in update_epochs: their mean counts.
Workload workload_of(const Config& config, const Population& population, std::int64_t updates_done = 0);
Workload workload_of(const Config& config, std::int64_t updates_done = 0);

/// Where the CPU engine would run.
struct Processor {
  std::string simd;  // as level_names() has it
  int threads = 1;
  int cores = threads;  // that these threads share, at most one each
};

/// A card, as far as its speed goes.
struct Card {
  int multiprocessors = 1;
  double ghz = 1;
  int fp32_lanes = 128;  // of a multiprocessor
};

/// fp32 lanes of a multiprocessor of that compute capability (CUDA C++ Programming Guide, "Arithmetic
/// Instructions"); 128 for one that is not known.
int fp32_lanes(int major, int minor);

/// [s]
double cpu_seconds(const Workload& work, const Processor& processor);

/// With the start of CUDA [s].
double cuda_seconds(const Workload& work, const Card& card);

}  // namespace ppo
