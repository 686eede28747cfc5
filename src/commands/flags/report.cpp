#include <sys/stat.h>

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "commands/flags/saved_run.hpp"
#include "commands/report.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// A run that is given twice would be drawn over itself.
void refuse_repeated(const std::vector<std::string>& runs) {
  std::map<std::pair<dev_t, ino_t>, std::string> known;
  for (const std::string& run : runs) {
    struct stat folder = {};
    if (stat(run.c_str(), &folder) != 0) continue;  // which is said when it is read
    const auto [first, is_new] = known.try_emplace({folder.st_dev, folder.st_ino}, run);
    if (is_new) continue;
    throw Failure(kWrongInput, "report: " + quote(first->second) + " and " + quote(run) +
                                   " are the same run; write it once");
  }
}

}  // namespace

Verb report_verb() {
  constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();
  return {
      "report",
      "RUN...",
      kAnyNumber,
      "write an HTML report of runs, or of a sweep",
      {{"--out", "FILE",
        "output file; default report.html in the run folder, or in the current folder for several runs", ""},
       {"--svg", "", "write the return curve as an SVG instead; default return.svg in the same place", ""},
       kHelpFlag}};
}

ReportCommand parse_report(const Arguments& arguments) {
  run_of("report", arguments, "a run folder");
  refuse_repeated(arguments.others);
  ReportCommand command;
  command.runs.assign(arguments.others.begin(), arguments.others.end());
  command.svg = arguments.flags.contains("--svg");
  const auto out = arguments.flags.find("--out");
  if (out != arguments.flags.end()) {
    command.file = file_ending_in({command.svg ? ".svg" : ".html"}, out->second);
  }
  return command;
}

}  // namespace ppo
