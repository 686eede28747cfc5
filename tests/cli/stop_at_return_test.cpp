// Agents that are good enough are done: each where it would be alone, and the run when all are.
#include <algorithm>
#include <set>

#include "cli/evaluation_runs.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

class CliStopAtReturn : public CliEvaluation {
 protected:
  /// A population with each agent alone. Returns where its agents stopped.
  std::vector<Json> expect_as_alone(const Arguments& arguments, std::size_t agents_) {
    train("all", arguments + Arguments{"--num-seeds", std::to_string(agents_)});
    std::vector<Json> stops;
    std::int64_t steps = 0;
    std::int64_t longest = 0;
    for (std::size_t k = 0; k < agents_; ++k) {
      const std::string name = "alone" + std::to_string(k);
      train(name, arguments + Arguments{"--seed", std::to_string(42 + k)});
      Json alone = agents(name).at(0);
      alone["agent"] = k;
      EXPECT_EQ(agents("all").at(k), alone);
      stops.push_back(alone.at("stopped_at_update"));
      EXPECT_EQ(rows("all", "metrics.csv", k), rows(name, "metrics.csv", 0));
      const Json json = read_json(at(name) / "run.json");
      const std::int64_t updates = json.at("updates");
      EXPECT_EQ(json.at("all_stopped_at_return"), !stops.back().is_null());
      EXPECT_EQ(updates, stops.back().is_null() ? Json(30) : stops.back());
      EXPECT_EQ(rows(name, "metrics.csv", 0).size(), static_cast<std::size_t>(updates));
      if (std::filesystem::exists(at(name) / "evals.csv")) {
        EXPECT_EQ(rows("all", "evals.csv", k), rows(name, "evals.csv", 0));
        EXPECT_EQ(rows(name, "evals.csv", 0).back()[0], std::to_string(updates));
      }
      steps += updates * 256;
      longest = std::max(longest, updates);
    }
    const Json json = read_json(at("all/run.json"));
    EXPECT_EQ(json.at("stopped_by"), nullptr);
    EXPECT_EQ(json.at("steps"), steps);
    EXPECT_EQ(json.at("updates"), longest);
    EXPECT_EQ(lines(read_file(at("all/timing.csv"))).size(), static_cast<std::size_t>(longest) + 1);
    return stops;
  }
};

/// Several stop, each at its own update.
void expect_different(const std::vector<Json>& stops) {
  EXPECT_GT(std::set<Json>(stops.begin(), stops.end()).size(), 2U) << Json(stops);
}

TEST_F(CliStopAtReturn, OfAnEvaluation) {
  expect_different(expect_as_alone(kLearning + Arguments{"--eval-every", "1", "--stop-at-return", "70"}, 4));
}

TEST_F(CliStopAtReturn, ACheckpointTellsHowLongEachWasTrained) {
  train("run", kLearning + Arguments{"--eval-every", "1", "--stop-at-return", "70", "--num-seeds", "4"});
  const std::string last = "run/checkpoints/" + names_in(at("run/checkpoints")).back();
  const std::vector<std::string> said = lines(call({"eval", last}).out);
  ASSERT_EQ(said.size(), 4U);
  std::set<std::int64_t> different;
  for (std::size_t k = 0; k < said.size(); ++k) {
    const std::int64_t steps = agents("run").at(k).at("stopped_at_update").get<std::int64_t>() * 256;
    const std::string start =
        "seed " + std::to_string(42 + k) + ", after " + grouped(steps) + " steps: return ";
    EXPECT_TRUE(said[k].starts_with(start)) << said[k] << "; " << start;
    different.insert(steps);
  }
  EXPECT_GT(different.size(), 2U);
  Json there = Json::parse(call({"eval", last, "--json"}).out);
  const Json at_end = Json::parse(call({"eval", "run", "--json"}).out);
  for (std::size_t k = 0; k < said.size(); ++k) {
    Json& steps = there.at("agents").at(k).at("steps");
    EXPECT_EQ(steps, agents("run").at(k).at("stopped_at_update").get<std::int64_t>() * 256);
    steps = nullptr;
  }
  EXPECT_EQ(there, at_end);
}

TEST_F(CliStopAtReturn, InTraining) {
  expect_different(
      expect_as_alone(kLearningUnseen + Arguments{"--stop-on", "return_100", "--stop-at-return", "30"}, 4));
  EXPECT_EQ(names_in(at("all")), kRunFiles);
}

TEST_F(CliStopAtReturn, InTrainingEvaluatesWhatStops) {
  expect_different(expect_as_alone(
      kLearning + Arguments{"--stop-on", "return_100", "--stop-at-return", "30", "--eval-every", "7"}, 4));
  EXPECT_EQ(names_in(at("all")), kEvaluatedRunFiles);
}

TEST_F(CliStopAtReturn, IsTheEndThatResumeKnows) {
  const Arguments arguments = kLearning + Arguments{"--eval-every", "3", "--stop-at-return", "15"};
  train("run", arguments);
  const std::string json = read_file(at("run/run.json"));
  const std::int64_t updates = read_json(at("run/run.json")).at("updates");
  ASSERT_LT(updates, 30);
  for (const Arguments& more : {Arguments{}, {"--total-timesteps", "10000"}}) {
    const Result result = call(Arguments{"resume", "run"} + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out, "finished: the agent has reached stop_at_return 15.0 after " +
                              std::to_string(updates) +
                              " of 30 updates; --init-from RUN starts a new run from what it has learned\n");
  }
  EXPECT_EQ(read_file(at("run/run.json")), json);
  train("next", arguments + Arguments{"--init-from", "run"});
}

TEST_F(CliStopAtReturn, LetsExtrasShowTheAgentAsItIs) {
  const Result result = call(kLearning + Arguments{"--eval-every", "3", "--stop-at-return", "60",
                                                   "--num-seeds", "3", "--render-training", "--render",
                                                   "--report", "--tensorboard", "--out", "run", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"training.gif", "film.gif", "report.html", "seed42", "seed44"}) {
    EXPECT_TRUE(std::filesystem::exists(at("run") / file)) << file;
  }
}

}  // namespace
}  // namespace ppo::test
