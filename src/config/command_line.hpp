// The command line as data: which verb, with what. Parsing reads the config file and checks everything that
// can be checked without running, so that nothing is created before the input is known to be good.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "environment.hpp"

namespace ppo {

struct PrintText {  // --help, --version, --print-config, configs: print and be done
  std::string text;
};

struct TrainCommand {
  Config config;
  std::string config_name;                   // names the run folder
  std::optional<std::filesystem::path> out;  // --out DIR: must not exist
  bool keep_nothing = false;                 // --no-out
  bool quiet = false;
  std::vector<std::string> arguments = {};  // as given, for run.json
};

struct EvalCommand {
  std::filesystem::path run;  // run folder
  EvalOptions options;
  std::optional<std::int32_t> max_steps;  // default: the run's time limit, else 500
  bool json = false;
};

struct InfoCommand {
  bool json = false;
};

using Command = std::variant<PrintText, TrainCommand, EvalCommand, InfoCommand>;

/// Throws Failure(kWrongInput) with one line that says what is wrong, where, and what to write instead.
Command parse_command_line(const std::vector<std::string>& arguments);

}  // namespace ppo
