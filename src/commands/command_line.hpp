// Parses the command line into a verb and its arguments. Parsing also reads the config file and checks
// everything that can be checked without running, so that nothing is created before the input is known to be
// valid.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "commands/about/version.hpp"
#include "commands/check_env.hpp"
#include "commands/envs.hpp"
#include "commands/eval.hpp"
#include "commands/export.hpp"
#include "commands/info.hpp"
#include "commands/render.hpp"
#include "commands/report.hpp"
#include "commands/resume.hpp"
#include "commands/resume_sweep.hpp"
#include "commands/sweep.hpp"
#include "commands/train.hpp"

namespace ppo {

using Command = std::variant<PrintText, VersionCommand, TrainRequest, SweepCommand, ResumeCommand,
                             ResumeSweepCommand, EvalCommand, RenderCommand, ReportCommand, ExportCommand,
                             EnvsCommand, CheckEnvCommand, InfoCommand>;

/// Help pages get `page_width` columns. Throws Failure(kWrongInput) with one line that says what is wrong,
/// where, and what to write instead.
Command parse_command_line(const std::vector<std::string>& arguments, std::size_t page_width);

}  // namespace ppo
