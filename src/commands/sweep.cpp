#include "commands/sweep.hpp"

#include "engine/engine.hpp"
#include "sweep/conduct.hpp"

namespace ppo {

namespace {

/// A card that is asked for is there, and trains such networks: said before anything is created.
void check_device(const Config& config) {
  if (!config.run.device.starts_with("cuda")) return;
  Config one = config;
  one.num_seeds = 1;
  make_engine(one);
}

}  // namespace

int run_sweep(const SweepCommand& command) {
  check_memory(command.sweep);
  check_device(command.sweep.config);
  SweepState state = first_state(command.sweep);
  const SweepFolder folder(command.sweep, command.out, command.config_name);
  return conduct(command.sweep, std::move(state), folder, command.quiet);
}

}  // namespace ppo
