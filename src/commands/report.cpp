#include "commands/report.hpp"

#include <algorithm>

#include "config/config_file.hpp"
#include "report/report.hpp"
#include "report/svg.hpp"
#include "report/sweep/reported_sweep.hpp"
#include "report/sweep/sweep_report.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

std::filesystem::path usual_file(const ReportCommand& command) {
  const char* const name = command.svg ? "return.svg" : "report.html";
  return command.runs.size() == 1 ? command.runs.front() / name : std::filesystem::path(name);
}

/// Whether the report is to be that of a sweep, of which there may only be one.
bool is_of_sweep(const ReportCommand& command) {
  const auto sweep = std::ranges::find_if(command.runs, holds_sweep);
  if (sweep == command.runs.end()) return false;
  if (command.runs.size() == 1) return true;
  throw Failure(kWrongInput, "report: " + quote(sweep->native()) +
                                 " is a sweep, which has a report of its own; name no other folder");
}

void write(const ReportCommand& command, const std::filesystem::path& file) {
  if (is_of_sweep(command)) {
    (command.svg ? write_sweep_still : write_sweep_report)(command.runs.front(), file);
  } else if (command.svg) {
    const std::vector<ReportedRun> runs = read_reported_runs(command.runs);
    write_file(output_file(file), return_svg(runs));
  } else {
    write_report(command.runs, file);
  }
}

}  // namespace

int run_report(const ReportCommand& command) {
  const std::filesystem::path file = command.file.value_or(usual_file(command));
  try {
    write(command, file);
  } catch (const Failure& failure) {
    if (command.file || failure.exit_code != kRunFailed) throw;
    // The run's folder may be one that only others may write to.
    throw Failure(kRunFailed, failure.what() + std::string("; write --out FILE for another place"));
  }
  say_saved(file);
  return 0;
}

}  // namespace ppo
