#include "commands/resume_sweep.hpp"

#include <cstdio>
#include <utility>

#include "sweep/conduct.hpp"
#include "sweep/show/summary.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {

int run_resume_sweep(const ResumeSweepCommand& command) {
  const SweepFolder folder(command.folder);
  if (has_ended(command.folder)) {
    if (!command.quiet) {
      std::printf("%s has ended; train its best config with %s\n", printable(command.folder.native()).c_str(),
                  train_command(command.sweep, command.folder).c_str());
    }
    return kDone;
  }
  check_memory(command.sweep);
  SweepState state = folder.load(command.sweep);
  return conduct(command.sweep, std::move(state), folder, command.quiet);
}

}  // namespace ppo
