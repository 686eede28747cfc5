#include "commands/sweep.hpp"

#include "sweep/conduct.hpp"

namespace ppo {

int run_sweep(const SweepCommand& command) {
  check_memory(command.sweep);
  SweepState state = first_state(command.sweep);
  const SweepFolder folder(command.sweep, command.out, command.config_name);
  return conduct(command.sweep, std::move(state), folder, command.quiet);
}

}  // namespace ppo
