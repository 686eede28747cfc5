// evals.csv: what is written comes back, and what no run writes is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

#include "read_file.hpp"
#include "run/csv/evals_reader.hpp"
#include "run/csv/metrics_csv.hpp"
#include "system/errors.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

const std::string kHeader =
    "agent,update,steps,return_mean,return_std,return_min,return_max,length_median,capped\n";

CsvReader reader(const std::string& text, RunEnded ended) {
  return {std::make_unique<std::istringstream>(text), "evals.csv", ended};
}

/// Two agents, 8 steps an update, 25 updates, evaluated after every 10.
RunExtent extent(std::optional<std::int64_t> updates_made = {}) {
  return {.num_agents = 2, .batch = 8, .num_updates = 25, .updates_made = updates_made, .eval_every = 10};
}

/// A row for each place, "agent,update", with other numbers that make no difference.
std::string rows(const std::vector<std::pair<int, int>>& places) {
  std::string text = kHeader;
  for (const auto& [agent, update] : places) {
    text += std::to_string(agent) + ',' + std::to_string(update) + ',' + std::to_string(8 * update) +
            ",1,0,1,1,1,0\n";
  }
  return text;
}

/// The error that reading the rows gives; empty if it gives none.
std::string error_of(const std::string& text, const RunExtent& run) {
  try {
    std::size_t count = 0;
    read_evals(reader(text, run.ended()), run, [&](const EvalsRow&) { ++count; });
    EXPECT_EQ(count + 1, static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    return failure.what();
  }
}

TEST(EvalsCsv, HasTheNumbersInTheirShortestForm) {
  const TemporaryFolder folder;
  {
    CsvSink sink(folder.path(), true);
    const double inf = std::numeric_limits<double>::infinity();
    sink.evaluated(std::vector<EvalRecord>{{0, 10, 80, {487.35, 0.1, 9, 500, 487.35, 499.5, 3}},
                                           {1, 10, 80, {std::nan(""), -std::nan(""), -inf, inf, 1, 1, 20}}});
    sink.evaluated(std::vector<EvalRecord>{{1, 20, 160, {-1.0 / 3, 0, -1e-7, 0, 7, 7, 0}}});
    sink.sync();
  }
  const std::string text = read_file(folder.path() / "evals.csv");
  EXPECT_EQ(text, kHeader +
                      "0,10,80,487.35,0.1,9,500,499.5,3\n"
                      "1,10,80,,,,,1,20\n"
                      "1,20,160,-0.3333333333333333,0,-1e-07,0,7,0\n");
  RunExtent run = extent();
  run.ends = {19, 25};
  std::vector<EvalsRow> back;
  // Agent 0 has an evaluation at its end, which is missing here.
  EXPECT_THROW(read_evals(reader(text, RunEnded::no), run, [](const EvalsRow&) {}), Failure);
  run.ends = {10, 25};
  read_evals(reader(text, RunEnded::no), run, [&](const EvalsRow& row) { back.push_back(row); });
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(back[0].return_mean, 487.35);
  EXPECT_EQ(back[0].length_median, 499.5);
  EXPECT_TRUE(std::isnan(back[1].return_mean) && std::isnan(back[1].return_max));
  EXPECT_EQ(back[1].capped, 20);
  EXPECT_EQ(back[2].return_mean, -1.0 / 3);
  EXPECT_EQ(evals_size(reader(text, RunEnded::no), run, 10), text.find("1,20,"));
}

TEST(EvalsCsv, OfARunThatGoesOnIsReadAsFarAsItComes) {
  EXPECT_EQ(error_of(rows({}), extent()), "");
  EXPECT_EQ(error_of(rows({{0, 10}}), extent()), "");
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {0, 20}, {1, 20}, {0, 25}, {1, 25}}), extent()), "");
}

TEST(EvalsCsv, OfAnEndedRunIsWhole) {
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {0, 20}, {1, 20}, {0, 25}, {1, 25}}), extent(25)), "");
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}}), extent(19)), "");
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}}), extent(20)), "");  // it may have diverged in the last one
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}}), extent(21)),
            "evals.csv:3: damaged: the rows end before the evaluation of agent 0 after update 20");
  EXPECT_EQ(error_of(rows({{0, 10}}), extent(11)),
            "evals.csv:2: damaged: the rows end before the evaluation of agent 1 after update 10");
}

TEST(EvalsCsv, OutOfOrderIsRefused) {
  EXPECT_EQ(error_of(rows({{1, 10}}), extent()),
            "evals.csv:2: damaged: agent 1 where agent 0 of the run's config.toml should be");
  EXPECT_EQ(error_of(rows({{0, 20}}), extent()), "evals.csv:2: damaged: update 20 where update 10 should be");
  EXPECT_EQ(error_of(rows({{0, 10}, {0, 20}}), extent()),
            "evals.csv:3: damaged: update 20 where update 10 should be");
  EXPECT_EQ(error_of(rows({{0, 0}}), extent()), "evals.csv:2: damaged: update 0 where update 10 should be");
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {0, 20}, {1, 20}, {0, 25}, {1, 25}, {0, 30}}), extent()),
            "evals.csv:8: damaged: a row after the last one of its run");
  EXPECT_EQ(error_of(kHeader + "0,10,81,1,0,1,1,1,0\n", extent()),
            "evals.csv:2: damaged: 81 steps where 80 should be");
  EXPECT_EQ(error_of(kHeader + "0,10,80,1,0,1,1,1,-1\n", extent()),
            "evals.csv:2: damaged: capped must be 0 or more");
  EXPECT_EQ(error_of("agent,update,steps\n", extent()),
            "evals.csv:1: damaged: there is no column return_mean");
}

TEST(EvalsCsv, OfAgentsThatStopHasTheirLastEvaluation) {
  RunExtent run = extent(25);
  run.agents_stop = true;
  run.ends = {13, 25};
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {0, 13}, {1, 20}, {1, 25}}), run), "");
  EXPECT_NE(error_of(rows({{0, 10}, {1, 10}, {1, 20}, {1, 25}}), run), "");
  EXPECT_NE(error_of(rows({{0, 10}, {1, 10}, {0, 13}, {0, 20}, {1, 20}, {1, 25}}), run), "");
  run.ends = {10, 10};
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}}), run), "");
}

TEST(EvalsCsv, OfAgentsThatStopNobodyKnowsWhereIsReadAllTheSame) {
  RunExtent run = extent();
  run.agents_stop = true;
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {0, 13}, {1, 20}, {1, 25}}), run), "");
  EXPECT_EQ(error_of(rows({{0, 3}, {1, 7}}), run), "");
  EXPECT_EQ(error_of(rows({{1, 3}, {0, 10}, {0, 20}}), run), "");
  EXPECT_EQ(error_of(rows({{0, 10}, {1, 10}, {1, 20}, {1, 21}}), run), "");
  EXPECT_NE(error_of(rows({{0, 3}, {0, 10}}), run), "");                     // it had its last row
  EXPECT_NE(error_of(rows({{1, 10}, {0, 20}}), run), "");                    // it was done before
  EXPECT_NE(error_of(rows({{0, 10}, {1, 10}, {1, 13}, {0, 13}}), run), "");  // they come in order
  EXPECT_NE(error_of(rows({{0, 10}, {1, 10}, {0, 26}}), run), "");           // there is no such update
  EXPECT_NE(error_of(rows({{2, 10}}), run), "");
  EXPECT_NE(error_of(rows({{-1, 3}}), run), "");
  EXPECT_NE(error_of(rows({{0, -3}}), run), "");
}

TEST(EvalsCsv, IsCutBehindAnEvaluation) {
  RunExtent run = extent();
  run.agents_stop = true;
  run.ends = {13, 25};
  const std::string text = rows({{0, 10}, {1, 10}, {0, 13}, {1, 20}}) + "junk";
  const auto size = [&](std::int64_t update) { return evals_size(reader(text, RunEnded::no), run, update); };
  EXPECT_EQ(size(0), kHeader.size());
  EXPECT_EQ(size(9), kHeader.size());
  EXPECT_EQ(size(10), text.find("0,13,"));
  EXPECT_EQ(size(12), text.find("0,13,"));
  EXPECT_EQ(size(13), text.find("1,20,"));
  EXPECT_EQ(size(24), text.find("junk"));
  EXPECT_THROW(size(25), Failure);
}

}  // namespace
}  // namespace ppo::test
