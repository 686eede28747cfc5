// Any bytes as arguments, which NULs part: refused in a line, or a command whose config or sweep can be
// written and read.
#include <string>
#include <variant>
#include <vector>

#include "commands/command_line.hpp"
#include "config/settings.hpp"
#include "config/sweep/sweep_reader.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "config/toml_reader.hpp"
#include "config/toml_writer.hpp"
#include "fuzz.hpp"

namespace {

/// Parsing only looks at files: it reads that of --config, if there is one, and writes none.
std::vector<std::string> arguments_in(std::string_view bytes) {
  std::vector<std::string> arguments;
  while (!bytes.empty()) {
    const std::string_view argument = bytes.substr(0, bytes.find('\0'));
    arguments.emplace_back(argument);
    bytes.remove_prefix(std::min(argument.size() + 1, bytes.size()));
  }
  return arguments;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ppo::fuzz;
  const std::vector<std::string> arguments = arguments_in(text(data, size));
  ppo::Command command;
  if (!accepts([&] { command = ppo::parse_command_line(arguments, {}); })) return 0;
  if (const auto* sweep = std::get_if<ppo::SweepCommand>(&command)) {
    const std::string toml = ppo::to_toml(sweep->sweep);
    ppo::SweepConfig again;
    require(accepts([&] { again = ppo::read_sweep(toml, "sweep.toml"); }), "a written sweep is accepted");
    require(ppo::to_toml(again) == toml, "a written sweep reads back to itself");
    return 0;
  }
  const auto* train = std::get_if<ppo::TrainRequest>(&command);
  if (train == nullptr) return 0;
  require(train->arguments == arguments, "a command keeps its arguments");
  const std::string toml = ppo::to_toml(train->config);
  ppo::Settings settings;
  require(accepts([&] { ppo::read_toml(toml, "config.toml", settings); }), "a written config is accepted");
  require(ppo::to_toml(settings.checked()) == toml, "a written config reads back to itself");
  return 0;
}
