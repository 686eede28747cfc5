#include "config/run_verbs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <system_error>

#include "config/nearest.hpp"
#include "config/operands.hpp"
#include "config/options.hpp"
#include "config/text.hpp"
#include "config/toml_reader.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

std::optional<std::int64_t> whole(const Arguments& arguments, std::string_view name, const Whole& range,
                                  std::string_view example) {
  const auto flag = arguments.flags.find(name);
  if (flag == arguments.flags.end()) return std::nullopt;
  const Value value = read_flag_value(flag->second);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < range.least || *number > range.most) {
    refuse(flag->first + " " + refusal(range, value, flag->first + " " + std::string(example)));
  }
  return *number;
}

/// The flags of play_flags but --max-steps, over `usual`.
EvalOptions play_options(const Arguments& arguments, EvalOptions usual) {
  usual.episodes = whole(arguments, "--episodes", {1, 1'000'000}, "100").value_or(usual.episodes);
  usual.seed = static_cast<std::uint64_t>(whole(arguments, "--seed", {0}, "0").value_or(0));
  usual.greedy = arguments.flags.contains("--greedy");
  return usual;
}

std::optional<std::int32_t> max_steps(const Arguments& arguments) {
  const auto cap = whole(arguments, "--max-steps", {1, kInt32Max}, "500");
  return cap ? std::optional(static_cast<std::int32_t>(*cap)) : std::nullopt;
}

std::int64_t agent_number(const Arguments& arguments) {
  return whole(arguments, "--agent", {0, 65535}, "0").value_or(0);
}

/// "600x400"
ImageSize image_size(const std::string& text) {
  ImageSize size;
  const char* const end = text.data() + text.size();
  const auto [cross, width_error] = std::from_chars(text.data(), end, size.width);
  const bool has_cross = width_error == std::errc() && cross != end && *cross == 'x';
  const auto inside = [](int pixels) { return pixels >= ImageSize::kLeast && pixels <= ImageSize::kMost; };
  if (has_cross) {
    const auto [rest, height_error] = std::from_chars(cross + 1, end, size.height);
    if (height_error == std::errc() && rest == end && inside(size.width) && inside(size.height)) return size;
  }
  refuse("--size takes width x height in pixels (" + std::to_string(ImageSize::kLeast) + " to " +
         std::to_string(ImageSize::kMost) + " each), not " + quote(text) + "; write, say, --size 600x400");
}

std::filesystem::path run_of(const Verb& verb, const std::vector<std::string>& operands) {
  if (!operands.empty()) return operands.front();
  refuse(verb.name + " lacks the run folder; write ppo_train " + verb.name + " RUN");
}

/// The name of an output file must end in one of `endings`.
std::filesystem::path file_ending_in(const std::vector<std::string>& endings, const std::string& name) {
  const bool fits = std::any_of(endings.begin(), endings.end(),
                                [&](const std::string& ending) { return name.ends_with(ending); });
  if (!fits) refuse("the name of the file must end in " + join_or(endings) + ", not " + quote(name));
  return output_file(name);
}

struct Format {
  std::string name;
  std::string ending;
  ExportFormat format;
};

const std::vector<Format> kFormats = {{"onnx", ".onnx", ExportFormat::onnx},
                                      {"c", ".h", ExportFormat::c},
                                      {"safetensors", ".safetensors", ExportFormat::safetensors}};

/// As --format says, else as the file's name ends, else ONNX.
const Format& export_format(const Arguments& arguments, const std::string& file) {
  const auto flag = arguments.flags.find("--format");
  std::vector<std::string> names;
  std::vector<std::string> endings;
  for (const Format& format : kFormats) {
    names.push_back(format.name);
    endings.push_back(format.ending);
    if (flag != arguments.flags.end() ? flag->second == format.name : file.ends_with(format.ending)) {
      return format;
    }
  }
  if (flag != arguments.flags.end()) {
    refuse("--format takes " + join_or(names) + ", not " + quote(flag->second) + "; " +
           suggest(flag->second, names));
  }
  if (file.empty()) return kFormats.front();
  refuse(quote(file) + " does not say what to write; end it in " + join_or(endings) + ", or give --format");
}

}  // namespace

std::filesystem::path output_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, error)) {
    refuse("cannot write " + quote(file.native()) + ": there is no folder " + quote(folder.native()) +
           "; make it first");
  }
  if (std::filesystem::is_directory(file, error)) {
    refuse("cannot write " + quote(file.native()) + ": it is a folder; write the name of a file");
  }
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error)) {
    refuse("cannot write " + quote(file.native()) + ": it is no regular file; write the name of one");
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw Failure(kRunFailed, "cannot write " + quote(file.native()) + ": " + std::strerror(errno) +
                                  "; name a file in a folder of your own");
  }
  return file;
}

EvalCommand parse_eval(const Verb& verb, const Arguments& arguments) {
  EvalCommand command;
  command.run = run_of(verb, operands(verb, arguments));
  command.options = play_options(arguments, {});
  command.max_steps = max_steps(arguments);
  command.json = arguments.flags.contains("--json");
  return command;
}

RenderCommand parse_render(const Verb& verb, const Arguments& arguments) {
  const std::vector<std::string> given = operands(verb, arguments);
  RenderCommand command;
  command.run = run_of(verb, given);
  if (given.size() > 1) command.file = file_ending_in({".gif", ".png"}, given[1]);
  command.options.play = play_options(arguments, command.options.play);
  command.max_steps = max_steps(arguments);
  command.agent = agent_number(arguments);
  const auto size = arguments.flags.find("--size");
  if (size != arguments.flags.end()) command.options.size = image_size(size->second);
  return command;
}

ReportCommand parse_report(const Verb& verb, const Arguments& arguments) {
  const std::vector<std::string> given = operands(verb, arguments);
  run_of(verb, given);
  ReportCommand command;
  command.runs.assign(given.begin(), given.end());
  command.svg = arguments.flags.contains("--svg");
  const auto out = arguments.flags.find("--out");
  if (out != arguments.flags.end()) {
    command.file = file_ending_in({command.svg ? ".svg" : ".html"}, out->second);
  }
  return command;
}

ExportCommand parse_export(const Verb& verb, const Arguments& arguments) {
  const std::vector<std::string> given = operands(verb, arguments);
  ExportCommand command;
  command.run = run_of(verb, given);
  const std::string file = given.size() > 1 ? given[1] : "";
  const Format& format = export_format(arguments, file);
  command.format = format.format;
  if (given.size() > 1) command.file = file_ending_in({format.ending}, file);
  command.agent = agent_number(arguments);
  return command;
}

}  // namespace ppo
