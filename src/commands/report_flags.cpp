#include <limits>

#include "commands/report.hpp"
#include "commands/saved_run_flags.hpp"

namespace ppo {

Verb report_verb() {
  constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();
  return {
      "report",
      "RUN...",
      kAnyNumber,
      "write an HTML report of one or more runs",
      {{"--out", "FILE",
        "output file; default report.html in the run folder, or in the current folder for several runs", ""},
       {"--svg", "", "write the return curve as an SVG instead; default return.svg in the same place", ""},
       kHelpFlag}};
}

ReportCommand parse_report(const Arguments& arguments) {
  run_of("report", arguments);
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
