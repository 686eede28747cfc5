// The command lines of the verbs that take a finished run.
#pragma once

#include "config/command_line.hpp"
#include "config/flags.hpp"
#include "config/verbs.hpp"

namespace ppo {

// Each throws Failure(kWrongInput).
EvalCommand parse_eval(const Verb& verb, const Arguments& arguments);
RenderCommand parse_render(const Verb& verb, const Arguments& arguments);
ReportCommand parse_report(const Verb& verb, const Arguments& arguments);
ExportCommand parse_export(const Verb& verb, const Arguments& arguments);

/// `file`, once it is known that it can be written: its folder is there and may be written to, itself it is
/// none. Throws Failure: kWrongInput, and kRunFailed where it may not.
std::filesystem::path output_file(const std::filesystem::path& file);

}  // namespace ppo
