// metrics.csv of a population whose agents are done at different updates.
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <vector>

#include "run/csv/metrics_reader.hpp"
#include "system/errors.hpp"

namespace ppo::test {
namespace {

const std::string kHeader =
    "agent,seed,update,steps,episodes,return_mean,return_100,length_mean,loss_policy,loss_value,entropy,"
    "approx_kl,clip_fraction,explained_variance,grad_norm,lr,return_min,return_max\n";

using Places = std::vector<std::pair<int, int>>;  // update, agent

std::string rows(const Places& places) {
  std::string text = kHeader;
  for (const auto& [update, agent] : places) {
    text += std::to_string(agent) + ',' + std::to_string(42 + agent) + ',' + std::to_string(update) + ',' +
            std::to_string(8 * (update + 1)) + ",0,,,,0,0,0,0,0,,0,0,,\n";
  }
  return text;
}

CsvReader reader(const std::string& text, RunEnded ended) {
  return {std::make_unique<std::istringstream>(text), "metrics.csv", ended};
}

/// Three agents, 4 updates of 8 steps.
RunExtent extent(std::vector<std::int64_t> ends, std::optional<std::int64_t> updates_made = {}) {
  return {.num_agents = 3,
          .first_seed = 42,
          .batch = 8,
          .num_updates = 4,
          .updates_made = updates_made,
          .agents_stop = true,
          .ends = std::move(ends)};
}

/// The agents of each update, "012 02 2"; or why they cannot be read.
std::string updates_of(const Places& places, const RunExtent& run) {
  std::string text;
  try {
    read_metrics(reader(rows(places), run.ended()), run, [&](std::span<const MetricsRow> agents) {
      if (!text.empty()) text += ' ';
      for (const MetricsRow& row : agents) text += std::to_string(row.agent);
    });
    return text;
  } catch (const Failure& failure) {
    return failure.what();
  }
}

const Places kAll = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 2}, {3, 2}};

TEST(MetricsRows, OfAgentsThatAreDoneAreNotMissed) {
  EXPECT_EQ(updates_of(kAll, extent({2, 1, 4}, 4)), "012 02 2 2");
  EXPECT_EQ(updates_of(kAll, extent({2, 1, 4})), "012 02 2 2");
  EXPECT_EQ(updates_of({{0, 0}, {0, 1}, {0, 2}, {1, 0}}, extent({2, 1, 1}, 2)), "012 0");
}

TEST(MetricsRows, OfAgentsThatAreDoneNobodyKnowsWhereAreNotMissed) {
  EXPECT_EQ(updates_of(kAll, extent({})), "012 02 2 2");
  // Nobody knows whether the last update is whole.
  EXPECT_EQ(updates_of({{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}}, extent({})), "012");
  EXPECT_EQ(updates_of({{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 2}}, extent({})), "012 02");
}

TEST(MetricsRows, OfAgentsThatAreNotDoneAreMissed) {
  EXPECT_EQ(updates_of(kAll, extent({2, 2, 4}, 4)),
            "metrics.csv:6: damaged: agent 2 where agent 1 of the run's config.toml should be");
  EXPECT_EQ(updates_of(kAll, extent({3, 1, 4}, 4)),
            "metrics.csv:7: damaged: agent 2 where agent 0 of the run's config.toml should be");
  EXPECT_EQ(updates_of({{0, 0}, {0, 1}, {0, 2}, {1, 0}}, extent({2, 1, 4}, 2)),
            "metrics.csv:5: damaged: the last update lacks agents 2 and up");
  EXPECT_EQ(updates_of({{0, 0}, {0, 1}, {0, 2}}, extent({2, 1, 4}, 2)),
            "metrics.csv:4: damaged: it ends after 1 updates, but run.json has 2");
}

TEST(MetricsRows, OfAgentsThatAreDoneAreRefused) {
  EXPECT_EQ(updates_of(kAll, extent({1, 1, 4}, 4)),
            "metrics.csv:5: damaged: agent 0 where agent 2 of the run's config.toml should be");
  EXPECT_EQ(updates_of(kAll, extent({2, 1, 2}, 2)),
            "metrics.csv:7: damaged: a row after the last one of its run");
  const std::string back = updates_of({{0, 0}, {0, 2}, {1, 0}, {1, 1}}, extent({}));
  EXPECT_EQ(back, "metrics.csv:5: damaged: agent 1 where agent 2 of the run's config.toml should be");
  EXPECT_NE(updates_of({{0, 0}, {0, 1}, {0, 2}, {2, 0}}, extent({})), "012");
  EXPECT_NE(updates_of({{1, 0}}, extent({})), "");
}

TEST(MetricsRows, AreCutWhereAnUpdateEnds) {
  const std::string text = rows(kAll) + "junk";
  const auto size = [&](std::int64_t updates) {
    return metrics_size(reader(text, RunEnded::no), extent({2, 1, 4}), updates);
  };
  EXPECT_EQ(size(0), kHeader.size());
  EXPECT_EQ(size(1), text.find("0,42,1,"));
  EXPECT_EQ(size(2), text.find("2,44,2,"));
  EXPECT_EQ(size(4), text.find("junk"));
  EXPECT_THROW(metrics_size(reader(text, RunEnded::no), extent({2, 2, 4}), 2), Failure);
}

}  // namespace
}  // namespace ppo::test
