// How many fused multiply-adds the cores do when nothing holds them up.
#pragma once

#include <string>

#include "cpu/team.hpp"

namespace ppo::bench {

/// FLOP/s of all workers of the team together, at a level ("avx512", "avx2", "scalar"), over about that time
/// [s]. For "scalar" it is what the compiler makes of plain float code.
double fma_peak(Team& team, const std::string& level, double seconds);

}  // namespace ppo::bench
