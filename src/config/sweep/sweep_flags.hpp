// The operand and the flags that describe a sweep: its config, a flag for each key of [sweep], and those of
// the config's options that mean something to it.
#pragma once

#include <string>
#include <vector>

#include "config/flags.hpp"
#include "config/sweep/sweep_plan.hpp"

namespace ppo {

/// For the help.
std::vector<Flag> sweep_flags();

/// Of options that do not go with a sweep: known, to say why.
std::vector<Flag> refused_by_sweeps();

struct NamedSweep {
  SweepConfig sweep;
  std::string name;  // the file's stem or the preset
};

/// The sweep that the operand and the flags describe: a file or preset, then single keys over it. Throws
/// Failure(kWrongInput).
NamedSweep read_sweep(const Arguments& arguments);

}  // namespace ppo
