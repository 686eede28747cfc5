#include "commands/export.hpp"
#include "commands/flags/saved_run.hpp"
#include "config/nearest.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

struct Format {
  std::string name;
  std::string ending;
  ExportFormat format;
};

const std::vector<Format> kFormats = {{"onnx", ".onnx", ExportFormat::onnx},
                                      {"c", ".h", ExportFormat::c},
                                      {"safetensors", ".safetensors", ExportFormat::safetensors}};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.push_back(format.name);
  return names;
}

/// As --format says, else as the file's name ends, else ONNX.
const Format& export_format(const Arguments& arguments, const std::string& file) {
  const auto flag = arguments.flags.find("--format");
  std::vector<std::string> endings;
  for (const Format& format : kFormats) {
    endings.push_back(format.ending);
    if (flag != arguments.flags.end() ? flag->second == format.name : file.ends_with(format.ending)) {
      return format;
    }
  }
  if (flag != arguments.flags.end()) {
    const std::vector<std::string> names = format_names();
    refuse("--format takes " + join_or(names) + ", not " + quote(flag->second) + "; " +
           suggest(flag->second, names, "for example --format " + names.front()));
  }
  if (file.empty()) return kFormats.front();
  refuse(quote(file) + " does not name a format; end it in " + join_or(endings) + ", or add --format");
}

}  // namespace

Verb export_verb() {
  return {
      "export",
      "RUN [FILE]",
      2,
      "export a trained agent as ONNX, C or safetensors",
      {{.name = "--format",
        .value = "NAME",
        .help =
            "onnx for onnxruntime and others, c for one header without dependencies, or safetensors for the "
            "parameters of this agent; default onnx",
        .group = "",
        .names = format_names()},
       agent_flag(),
       best_flag(),
       kHelpFlag},
      kRunHelp +
          " FILE is agent.onnx, agent.h or agent.safetensors in the run folder by default, agent-best.onnx "
          "with --best, agent-X.onnx for the checkpoint X. The ending of a given FILE selects the format, "
          "unless --format does."};
}

ExportCommand parse_export(const Arguments& arguments) {
  ExportCommand command;
  const bool has_file = arguments.others.size() > 1;
  const std::string file = has_file ? arguments.others[1] : "";
  const Format& format = export_format(arguments, file);
  command.format = format.format;
  if (has_file) command.file = file_ending_in({format.ending}, file);
  command.agent = agent_number(arguments);
  command.source = agent_source("export", arguments);  // last: what the flags say needs no file
  return command;
}

}  // namespace ppo
