#include "commands/report.hpp"

#include "report/report.hpp"
#include "report/svg.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

std::filesystem::path usual_file(const ReportCommand& command) {
  const char* const name = command.svg ? "return.svg" : "report.html";
  return command.runs.size() == 1 ? command.runs.front() / name : std::filesystem::path(name);
}

}  // namespace

int run_report(const ReportCommand& command) {
  const std::filesystem::path file = command.file.value_or(usual_file(command));
  try {
    if (command.svg) {
      const std::vector<ReportedRun> runs = read_reported_runs(command.runs);
      write_file(output_file(file), return_svg(runs));
    } else {
      write_report(command.runs, file);
    }
  } catch (const Failure& failure) {
    if (command.file || failure.exit_code != kRunFailed) throw;
    // The run's folder may be one that only others may write to.
    throw Failure(kRunFailed, failure.what() + std::string("; write --out FILE for another place"));
  }
  say_saved(file);
  return 0;
}

}  // namespace ppo
