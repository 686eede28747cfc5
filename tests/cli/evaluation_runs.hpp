// What the tests of evaluations share: runs that are evaluated, and looking at what they leave.
#pragma once

#include "cli/runs.hpp"

namespace ppo::test {

/// 6 updates that are evaluated by 5 episodes of at most 100 steps.
inline const Arguments kEvaluated = kShort + Arguments{"--eval-episodes", "5", "--max-episode-steps", "100"};

/// 30 updates that learn fast, not evaluated.
inline const Arguments kLearningUnseen = {"--num-envs",          "8",    "--num-steps", "32",
                                          "--total-timesteps",   "7680", "--lr",        "3e-3",
                                          "--max-episode-steps", "100"};

/// The same, evaluated by 4 episodes.
inline const Arguments kLearning = kLearningUnseen + Arguments{"--eval-episodes", "4"};

class CliEvaluation : public CliRuns {
 protected:
  Json agents(const std::string& name) const { return read_json(at(name) / "run.json").at("agents"); }

  /// The rows of an agent in a table, as cells without the agent and, if it has one, the seed.
  std::vector<std::vector<std::string>> rows(const std::string& name, const std::string& file,
                                             std::size_t agent) const {
    std::vector<std::vector<std::string>> all;
    for (const std::string& line : lines(read_file(at(name) / file))) {
      std::vector<std::string> cells = split(line, ',');
      if (cells.front() == std::to_string(agent)) all.push_back({cells.begin() + 1, cells.end()});
    }
    return all;
  }
};

}  // namespace ppo::test
