// What the cores do when nothing holds them up.
#pragma once

#include <string>

#include "engine/cpu/team.hpp"

namespace ppo::bench {

/// FLOP/s in fused multiply-adds of all workers of the team together, at a level of
/// level_names(), over about that time [s]. For "scalar" it is what the compiler makes of plain float code.
double fma_peak(Team& team, const std::string& level, double seconds);

/// Bytes/s read and written, each worker in an array of its own of 512 KiB: what fits into a level-2 cache.
double cache_rate(Team& team, const std::string& level, double seconds);

}  // namespace ppo::bench
