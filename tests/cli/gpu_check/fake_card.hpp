// A machine with a card that is not there: programs that only pretend, for scripts/gpu_check to run.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <optional>

#include "cli/process.hpp"
#include "cli/runs.hpp"
#include "fake_programs.hpp"

namespace ppo::test {

inline const std::filesystem::path kScripts = std::filesystem::path(PPO_SOURCE_DIR) / "scripts";

/// result of the step of that name
inline std::string result_of(const Json& record, const std::string& name) {
  for (const Json& step : record.at("steps"))
    if (step.at("name") == name) return step.at("result");
  return "none";
}

inline std::vector<std::string> step_names(const Json& record) {
  std::vector<std::string> names;
  for (const Json& step : record.at("steps")) names.push_back(step.at("name"));
  return names;
}

/// A prepared folder in which all is well, unless variables of the environment say otherwise.
class FakeCard : public testing::Test {
 protected:
  void program(const std::string& name, const std::string& text) const {
    std::filesystem::permissions(folder_.write(name, text), std::filesystem::perms::owner_all);
  }

  void SetUp() override {
    for (const FakeProgram& fake : kFakePrograms) program(fake.name, std::string(kFakeStart) + fake.text);
    std::filesystem::create_directory(at("configs"));
    folder_.write("configs/cartpole.toml", "");
    folder_.write("prepared.json", R"({"commit": "0123abc"})");
  }

  std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }
  std::filesystem::path out() const { return at("results"); }

  Arguments arguments(const Arguments& more) const {
    return Arguments{"--prepared", folder_.path().string(), "--out", out().string()} + more;
  }

  Launch launch(std::vector<std::string> environment) const {
    environment.push_back("PATH=" + folder_.path().string() + ":" + std::getenv("PATH"));
    return {.program = kScripts / "gpu_check", .folder = folder_.path(), .environment = environment};
  }

  Result check(const Arguments& more, const std::vector<std::string>& environment = {}) const {
    return run(arguments(more), launch(environment));
  }

  /// The file that was written, by its ending.
  std::filesystem::path written(const std::string& ending) const {
    for (const std::string& name : names_in(out()))
      if (name.ends_with("-gpu-pretended-gpu" + ending)) return out() / name;
    return {};
  }

  Json record() const { return read_json(written(".json")); }

  /// The process whose number a fake wrote to that file; on a busy machine it may take long to come to that.
  std::optional<pid_t> process_in(const std::string& file) const {
    for (int tries = 0; tries < 12000; ++tries, usleep(5000)) {
      if (!std::filesystem::exists(at(file))) continue;
      const std::string text = read_file(at(file));
      if (text.ends_with('\n')) return std::stoi(text);
    }
    return std::nullopt;
  }

  /// There was one; it may take a moment to end.
  static bool has_ended(std::optional<pid_t> process) {
    if (!process) return false;
    for (int tries = 0; tries < 1000; ++tries, usleep(5000)) {
      if (kill(*process, 0) != 0) return true;
      const std::string stat = read_file("/proc/" + std::to_string(*process) + "/stat");
      if (stat.empty() || contains(stat, ") Z ")) return true;  // a zombie, whom nobody may wait for here
    }
    return false;
  }

  /// Runs a text of Python in which the modules of scripts can be imported.
  Result python(const std::string& text, const Arguments& more = {},
                const std::vector<std::string>& environment = {}) const {
    folder_.write("program.py", text);
    return run(Arguments{"-B", "program.py"} + more,
               {.program = "/usr/bin/python3",
                .folder = folder_.path(),
                .environment = environment + Arguments{"PYTHONPATH=" + kScripts.string()}});
  }

  const TemporaryFolder folder_;
};

}  // namespace ppo::test
