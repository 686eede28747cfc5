// Runs of several ranks: mpirun starts the program.
#pragma once

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>

#include "../runs.hpp"

namespace ppo::test {

/// So that it starts them in a container, even one without /sys, as root, and on fewer cores than ranks:
/// Open MPI 4, and 5, whose launcher is PRRTE.
inline const std::vector<std::string> kAnywhere = {"OMPI_ALLOW_RUN_AS_ROOT=1",
                                                   "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
                                                   "OMPI_MCA_rmaps_base_oversubscribe=1",
                                                   "PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe",
                                                   "HWLOC_HIDE_ERRORS=2",
                                                   "OMPI_MCA_btl_base_warn_component_unused=0"};

/// The process of that rank.
inline pid_t rank_of(const Process& job, int rank) {
  const std::string mine = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream status(entry.path() / "stat");
    std::string stat;
    std::getline(status, stat);
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos || std::stoi(stat.substr(end + 4)) != job.id()) continue;
    std::ifstream environment(entry.path() / "environ");
    for (std::string variable; std::getline(environment, variable, '\0');) {
      if (variable == mine) return std::stoi(name);
    }
  }
  return 0;
}

class RankRuns : public CliRuns {
 protected:
  void SetUp() override {
    const Json info = Json::parse(run({"info", "--json"}).out);
    if (info.at("mpi").is_null()) GTEST_SKIP() << "this build has no MPI";
  }

  Launch mpirun() const {
    Launch launch{.program = "/usr/bin/env", .folder = folder_.path()};
    launch.environment = kAnywhere;
    return launch;
  }

  static Arguments on_ranks(int ranks, const Arguments& arguments) {
    return Arguments{"mpirun", "-n", std::to_string(ranks), PPO_TRAIN_BINARY} + arguments;
  }

  /// Ranks 0 and 1 run a command each. (Open MPI 5's mpirun does not survive `first : second`.)
  Result call_both(const Arguments& first, const Arguments& second) const {
    const std::string choose =
        "n=$1; shift; if [ $OMPI_COMM_WORLD_RANK = 1 ]; then shift $n; else set -- \"${@:1:n}\"; fi; exec "
        "\"$@\"";
    const Arguments ranks = {"mpirun", "-n",   "2",      "bash",
                             "-c",     choose, "choose", std::to_string(first.size())};
    return run(ranks + first + second, mpirun());
  }

  Result call_on(int ranks, const Arguments& arguments) const {
    return run(on_ranks(ranks, arguments), mpirun());
  }

  void train_on(int ranks, const std::string& name, const Arguments& arguments) const {
    const Result result = call_on(ranks, arguments + Arguments{"--quiet", "--out", name});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  /// All that does not say when, where or by whom a run was made.
  std::map<std::string, std::string> bytes_of(const std::string& name) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(at(name))) {
      if (!entry.is_regular_file()) continue;
      const std::string file = std::filesystem::relative(entry.path(), at(name));
      if (file == "timing.csv" || file == "run.json" || file == "facts.json") continue;
      files[file] = file.starts_with("checkpoints") ? tensors(read_file(entry)) : read_file(entry);
    }
    if (std::filesystem::exists(at(name) / "run.json")) files["agents"] = agents(name);
    return files;
  }

 private:
  /// Without the header, which holds the run's seconds, and the checksum, which covers them.
  static std::string tensors(const std::string& checkpoint) {
    std::uint64_t header = 0;
    std::memcpy(&header, checkpoint.data(), sizeof header);
    const std::size_t begin = sizeof header + header;
    return checkpoint.substr(begin, checkpoint.size() - begin - sizeof(std::uint64_t));
  }

  std::string agents(const std::string& name) const {
    const Json json = read_json(at(name) / "run.json");
    return json.at("agents").dump() + json.at("steps").dump() + json.at("stopped_by").dump();
  }
};

}  // namespace ppo::test
