#include "commands/sweep.hpp"

#include <iostream>

#include "config/sweep/sweep_writer.hpp"
#include "system/errors.hpp"

namespace ppo {

int run_sweep(const SweepCommand& command) {
  std::cout << to_toml(command.sweep);
  return kDone;
}

}  // namespace ppo
