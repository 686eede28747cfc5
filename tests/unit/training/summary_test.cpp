// What a run says at its end of evaluations and of agents that have stopped. What else it says,
// tests/cli/terminal_test.cpp reads.
#include "training/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "training/agents_text.hpp"
#include "training/training.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kBatch = 1024;

Config config_of(std::int64_t num_seeds) {
  Config config;
  config.hyper.num_envs = 8;
  config.hyper.num_steps = kBatch / 8;
  config.num_seeds = num_seeds;
  config.evaluation.eval_every = 10;
  return config;
}

/// Of agents that are done at a return of 475.
Config stopping_config_of(std::int64_t num_seeds) {
  Config config = config_of(num_seeds);
  config.evaluation.stop_at_return = 475;
  return config;
}

Outcome outcome_of(const Config& config) {
  Outcome outcome = no_outcome_yet(config);
  outcome.param_hashes.assign(outcome.agents.size(), "0x1");
  return outcome;
}

BestPolicy best(std::int64_t update, double mean, double std) {
  return {.score = {update, mean, std}, .policy = {}};
}

/// The text beside that label; "none" where there is no such line.
std::string text_of(const std::string& label, const Config& config, const Outcome& outcome) {
  std::string text = "none";
  for (const SummaryLine& line : summary_of(config, outcome, std::nullopt, false, Style())) {
    if (line.label == label) text = line.text;
  }
  return text;
}

TEST(AgentsText, IsOfOneItsNumberAndOfSeveralMedianLeastAndGreatest) {
  EXPECT_EQ(agents_text({}, 1), "-");
  EXPECT_EQ(agents_text({487.304}, 1), "487.30");
  EXPECT_EQ(agents_text({}, 3), "-");
  EXPECT_EQ(agents_text({3, 1, 2}, 3), "2.00 (1.00 ... 3.00)");
  EXPECT_EQ(agents_text({4, 1, 2, 3}, 5), "2.50 (1.00 ... 4.00)");  // one has none
  EXPECT_EQ(agents_text({7}, 5), "7.00 (7.00 ... 7.00)");
}

TEST(Summary, SaysWhichEvaluationWasBest) {
  Config config = config_of(1);
  Outcome outcome = outcome_of(config);
  EXPECT_EQ(text_of("best", config, outcome), "none yet");
  outcome.best = {best(20, 500, 0)};
  EXPECT_EQ(text_of("best", config, outcome), "500.00 +- 0.00 greedy at update 20 (20,480 steps)");
  outcome.best = {best(1200, -110.256, 3.5)};
  config.evaluation.eval_greedy = false;
  EXPECT_EQ(text_of("best", config, outcome), "-110.26 +- 3.50 sampled at update 1,200 (1,228,800 steps)");
}

TEST(Summary, OfSeveralAgentsSaysHowGoodTheirBestAre) {
  const Config config = config_of(4);
  Outcome outcome = outcome_of(config);
  EXPECT_EQ(text_of("best", config, outcome), "none yet");
  outcome.best = {best(20, 500, 0), std::nullopt, best(10, 480, 9), best(30, 490, 0)};
  EXPECT_EQ(text_of("best", config, outcome),
            "490.00 (480.00 ... 500.00) greedy (median, min and max of the agents)");
}

TEST(Summary, SaysHowTheLastEvaluationWentIfItWasWorseThanTheBest) {
  const Config config = config_of(1);
  Outcome outcome = outcome_of(config);
  EXPECT_EQ(text_of("eval", config, outcome), "none");
  outcome.best = {best(20, 500, 0)};
  for (const std::int64_t update : {20, 48}) {
    outcome.latest = {EvalScore{update, 500, 0}};
    EXPECT_EQ(text_of("eval", config, outcome), "none");
  }
  outcome.latest = {EvalScore{48, 480.2, 12}};
  EXPECT_EQ(text_of("eval", config, outcome), "480.20 +- 12.00 greedy at update 48 (49,152 steps)");
  outcome.best = {std::nullopt};
  outcome.latest = {EvalScore{48, std::nan(""), std::nan("")}};
  EXPECT_EQ(text_of("eval", config, outcome), "no finite return, greedy at update 48 (49,152 steps)");
}

TEST(Summary, OfSeveralAgentsSaysHowTheirLastEvaluationsWent) {
  const Config config = config_of(3);
  Outcome outcome = outcome_of(config);
  outcome.best = {best(20, 500, 0), best(10, 480, 9), best(20, 490, 0)};
  outcome.latest = {EvalScore{20, 500, 0}, EvalScore{10, 480, 9}, EvalScore{20, 490, 0}};
  EXPECT_EQ(text_of("eval", config, outcome), "none");
  outcome.latest[1] = {20, 300, 9};
  EXPECT_EQ(text_of("eval", config, outcome),
            "490.00 (300.00 ... 500.00) greedy (median, min and max of the agents' last)");
}

TEST(Summary, WithoutEvaluationsSaysNothingOfThem) {
  Config config = config_of(1);
  config.evaluation.eval_every = 0;
  EXPECT_EQ(text_of("best", config, outcome_of(config)), "none");
  EXPECT_EQ(text_of("stopped", config, outcome_of(config)), "none");
}

TEST(Summary, SaysWhyAnAgentStopped) {
  Config config = stopping_config_of(1);
  Outcome outcome = outcome_of(config);
  EXPECT_EQ(text_of("stopped", config, outcome), "at its end: no evaluation reached 475");
  outcome.agents.front().stop(20);
  EXPECT_EQ(text_of("stopped", config, outcome), "at update 20: the evaluation reached 475");
  config.evaluation.stop_on = "return_100";
  config.evaluation.stop_at_return = -110.5F;
  EXPECT_EQ(text_of("stopped", config, outcome), "at update 20: return_100 reached -110.5");
  EXPECT_EQ(text_of("stopped", config, outcome_of(config)), "at its end: return_100 never reached -110.5");
}

TEST(Summary, SaysHowManyAgentsStopped) {
  Config config = stopping_config_of(3);
  Outcome outcome = outcome_of(config);
  EXPECT_EQ(text_of("stopped", config, outcome), "0 of 3 agents: no evaluation reached 475");
  outcome.agents[1].stop(20);
  EXPECT_EQ(text_of("stopped", config, outcome), "1 of 3 agents, at update 20: the evaluation reached 475");
  outcome.agents[2].stop(1000);
  EXPECT_EQ(text_of("stopped", config, outcome),
            "2 of 3 agents, at updates 20 to 1,000: the evaluation reached 475");
  config.evaluation.stop_on = "return_100";
  EXPECT_EQ(text_of("stopped", config, outcome_of(config)), "0 of 3 agents: no return_100 reached 475");
}

TEST(Summary, SaysThatTheLastEvaluationReachedWhatNoOtherDid) {
  Config config = stopping_config_of(1);
  Outcome outcome = outcome_of(config);
  outcome.best = {best(48, 475, 0)};
  EXPECT_EQ(text_of("stopped", config, outcome),
            "never: only the evaluation after the last update reached 475");
  outcome.best = {best(48, 474.5, 0)};
  EXPECT_EQ(text_of("stopped", config, outcome), "at its end: no evaluation reached 475");
  config.evaluation.stop_on = "return_100";  // which evaluations do not reach
  outcome.best = {best(20, 500, 0)};
  EXPECT_EQ(text_of("stopped", config, outcome), "at its end: return_100 never reached 475");
  config = stopping_config_of(3);
  outcome = outcome_of(config);
  outcome.best[1] = best(48, 500, 0);
  EXPECT_EQ(text_of("stopped", config, outcome),
            "0 of 3 agents: only the evaluation after the last update reached 475");
}

TEST(Summary, OfAnInterruptedRunDoesNotSayThatItHasNotStopped) {
  const Config config = stopping_config_of(1);
  Outcome outcome = outcome_of(config);
  outcome.stopped_by = "SIGINT";
  EXPECT_EQ(text_of("ended", config, outcome), "0 steps in 0.00 s, 0 steps/s, stopped by SIGINT");
  EXPECT_EQ(text_of("stopped", config, outcome), "none");
}

TEST(Summary, OfAnInterruptedPopulationTellsItsEndFromThoseOfItsAgents) {
  const Config config = stopping_config_of(3);
  Outcome outcome = outcome_of(config);
  outcome.agents[1].stop(20);
  outcome.stopped_by = "SIGINT";
  EXPECT_EQ(text_of("ended", config, outcome), "0 steps in 0.00 s, 0 steps/s, stopped by SIGINT");
  EXPECT_EQ(text_of("stopped", config, outcome), "1 of 3 agents, at update 20: the evaluation reached 475");
}

}  // namespace
}  // namespace ppo
