// The command line as data: which verb, with what. Parsing reads the config file and checks everything that
// can be checked without running, so that nothing is created before the input is known to be good.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "environment.hpp"
#include "film/film.hpp"

namespace ppo {

struct PrintText {  // --help, --version, --print-config, configs: print and be done
  std::string text;
};

/// What train makes besides the run folder's files, for a person to look at. An empty path is the usual name
/// in the run folder.
struct Extras {
  std::optional<std::filesystem::path> film;           // --render
  std::optional<std::filesystem::path> training_film;  // --render-training
  bool report = false;
  bool tensorboard = false;  // one event file an agent, open all the time:
  static constexpr std::int64_t kMostEventFiles = 256;
};

struct TrainCommand {
  Config config;
  std::string config_name;                   // names the run folder
  std::optional<std::filesystem::path> out;  // --out DIR: must not exist
  bool keep_nothing = false;                 // --no-out
  bool quiet = false;
  Extras extras = {};
  std::vector<std::string> arguments = {};  // as given, for run.json
};

struct ResumeCommand {
  TrainCommand train;                               // of the run in its folder `out`, which is there
  Config saved;                                     // config.toml; train.config may go on for longer
  std::optional<std::filesystem::path> checkpoint;  // default: the newest that is whole
};

struct EvalCommand {
  std::filesystem::path run;  // run folder
  EvalOptions options;
  std::optional<std::int32_t> max_steps;  // default: the run's time limit, else 500
  bool json = false;
};

struct RenderCommand {
  std::filesystem::path run;
  std::optional<std::filesystem::path> file;  // default: film.gif in the run's folder
  FilmOptions options;
  std::optional<std::int32_t> max_steps;  // as in EvalCommand
  std::int64_t agent = 0;
};

struct ReportCommand {
  std::vector<std::filesystem::path> runs;    // one at least
  std::optional<std::filesystem::path> file;  // default: report.html or return.svg
  bool svg = false;                           // a still of the return curve, not the page
};

enum class ExportFormat { onnx, c, safetensors };

struct ExportCommand {
  std::filesystem::path run;
  std::optional<std::filesystem::path> file;  // default: agent.onnx, .h or .safetensors in the run's folder
  ExportFormat format = ExportFormat::onnx;
  std::int64_t agent = 0;
};

struct InfoCommand {
  bool json = false;
};

using Command = std::variant<PrintText, TrainCommand, ResumeCommand, EvalCommand, RenderCommand,
                             ReportCommand, ExportCommand, InfoCommand>;

/// Help pages get `page_width` columns. Throws Failure(kWrongInput) with one line that says what is wrong,
/// where, and what to write instead.
Command parse_command_line(const std::vector<std::string>& arguments, std::size_t page_width);

}  // namespace ppo
