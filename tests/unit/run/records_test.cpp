// What the host makes of an engine's rows: the running return, the empty numbers, "solved".
#include "run/records.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace ppo::test {
namespace {

EnvironmentInfo environment(float solved_return, std::int32_t time_limit) {
  EnvironmentInfo info{};
  info.name = "test";
  info.solved_return = solved_return;
  info.time_limit = time_limit;
  return info;
}

/// The cartpole of the library, whose figures users know.
const EnvironmentInfo& cartpole() {
  return find_environment("cartpole")->info();
}

Config config_of(std::int32_t max_episode_steps) {
  Config config;
  config.hyper.num_envs = 8;
  config.hyper.num_steps = 32;
  config.hyper.max_episode_steps = max_episode_steps;
  return config;
}

/// Episodes that all have the same return and length.
UpdateRow row(std::int64_t update, std::int64_t episodes, double each) {
  UpdateRow result;
  result.update = update;
  result.episodes = episodes;
  result.return_sum = static_cast<double>(episodes) * each;
  result.length_sum = static_cast<std::int64_t>(result.return_sum);
  if (episodes > 0) result.return_min = result.return_max = static_cast<float>(each);
  return result;
}

TEST(ReturnWindow, HasNoMeanBelowAHundredEpisodes) {
  ReturnWindow window;
  EXPECT_EQ(window.add(0, 0), std::nullopt);
  EXPECT_EQ(window.add(60, 600), std::nullopt);
  EXPECT_EQ(window.add(39, 390), std::nullopt);
  EXPECT_EQ(window.add(1, 10), 10.0);
}

TEST(ReturnWindow, HasAMeanSoFarFromTheFirstEpisodeOn) {
  ReturnWindow window;
  EXPECT_EQ(window.mean_so_far(), std::nullopt);
  window.add(2, 30);
  window.add(1, 30);
  EXPECT_EQ(window.mean_so_far(), 20);
  window.add(100, 500);
  EXPECT_EQ(window.mean_so_far(), window.mean());
}

TEST(ReturnWindow, TakesTheLatestUpdatesThatTogetherReachAHundred) {
  ReturnWindow window;
  EXPECT_EQ(window.add(60, 60), std::nullopt);
  EXPECT_EQ(window.add(60, 180), 2.0);         // neither is enough alone
  EXPECT_EQ(window.add(100, 700), 7.0);        // the last one is
  EXPECT_EQ(window.add(99, 0), 700.0 / 199);   // one short of being enough alone
  EXPECT_EQ(window.add(1, 500), 5.0);          // 99 + 1
  EXPECT_EQ(window.add(50, 50), 550.0 / 150);  // 99 + 1 + 50: without the 99 too few
  EXPECT_EQ(window.add(49, 98), 648.0 / 100);  // 1 + 50 + 49
  EXPECT_EQ(window.add(1000, 2000), 2.0);
}

TEST(ReturnWindow, AnUpdateWithoutEpisodesChangesNothing) {
  ReturnWindow window;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(window.add(0, 0), std::nullopt);
  EXPECT_EQ(window.add(100, 300), 3.0);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(window.add(0, 0), 3.0);
  EXPECT_EQ(window.add(60, 60), 360.0 / 160);
  EXPECT_EQ(window.add(0, 0), 360.0 / 160);
  EXPECT_EQ(window.add(40, 140), 2.0);  // the 60 behind a gap and the 40
}

TEST(AgentProgress, HasNoMeansWhereNoEpisodeEnded) {
  AgentProgress agent(config_of(0), cartpole(), 0);
  const Record first = agent.add(row(0, 2, 15));
  EXPECT_EQ(first.return_mean, 15.0);
  EXPECT_EQ(first.length_mean, 15.0);
  EXPECT_EQ(first.return_min, 15.0F);
  EXPECT_EQ(first.return_max, 15.0F);
  EXPECT_EQ(first.return_100, std::nullopt);
  const Record second = agent.add(row(1, 0, 0));  // neither 0 nor what it was before
  EXPECT_EQ(second.return_mean, std::nullopt);
  EXPECT_EQ(second.length_mean, std::nullopt);
  EXPECT_EQ(second.return_min, std::nullopt);
  EXPECT_EQ(second.return_max, std::nullopt);
  EXPECT_EQ(second.return_100, std::nullopt);
}

TEST(AgentProgress, KeepsReturnAndLengthApart) {
  AgentProgress agent(config_of(0), cartpole(), 0);
  UpdateRow negative = row(0, 4, 0);
  negative.return_sum = -10;
  negative.length_sum = 402;
  negative.return_min = -7;
  negative.return_max = 0;
  const Record record = agent.add(negative);
  EXPECT_EQ(record.return_mean, -2.5);
  EXPECT_EQ(record.length_mean, 100.5);
  EXPECT_EQ(record.return_min, -7.0F);
  EXPECT_EQ(record.return_max, 0.0F);
}

TEST(AgentProgress, ExplainedVarianceIsOneMinusTheResidualsShare) {
  AgentProgress agent(config_of(0), cartpole(), 0);
  UpdateRow update = row(0, 0, 0);
  update.return_variance = 8;
  update.residual_variance = 2;
  EXPECT_EQ(agent.add(update).explained_variance, 0.75);
  update.residual_variance = 24;
  EXPECT_EQ(agent.add(update).explained_variance, -2.0);
  update.residual_variance = 0;
  EXPECT_EQ(agent.add(update).explained_variance, 1.0);
  update.return_variance = 0;
  EXPECT_EQ(agent.add(update).explained_variance, std::nullopt);
  update.residual_variance = 1;
  EXPECT_EQ(agent.add(update).explained_variance, std::nullopt);
}

TEST(AgentProgress, CountsItsOwnSteps) {
  Config config = config_of(0);
  config.num_seeds = 5;
  AgentProgress agent(config, cartpole(), 4);
  EXPECT_EQ(agent.add(row(0, 0, 0)).steps, 256);
  EXPECT_EQ(agent.add(row(1, 0, 0)).steps, 512);
  EXPECT_EQ(agent.add(row(9, 0, 0)).steps, 2560);
}

TEST(AgentProgress, StepsGoBeyond32Bits) {
  Config config = config_of(0);
  config.hyper.num_envs = 1 << 20;
  config.hyper.num_steps = 1 << 10;
  EXPECT_EQ(AgentProgress(config, cartpole(), 0).add(row(3, 0, 0)).steps, std::int64_t{1} << 32);
}

TEST(AgentProgress, AgentsHaveConsecutiveSeeds) {
  Config config = config_of(0);
  config.hyper.seed = (std::uint64_t{1} << 62) + 1;
  config.num_seeds = 3;
  for (const std::int64_t k : {0, 1, 2}) {
    AgentProgress agent(config, cartpole(), k);
    EXPECT_EQ(agent.last().agent, k);
    EXPECT_EQ(agent.last().seed, config.hyper.seed + static_cast<std::uint64_t>(k));
    agent.add(row(0, 1, 1));
    EXPECT_EQ(agent.last().agent, k);
    EXPECT_EQ(agent.last().seed, config.hyper.seed + static_cast<std::uint64_t>(k));
  }
}

/// Where an agent has solved its task when its updates each end 100 episodes of these returns.
std::optional<std::int64_t> solved_at(const Config& config, const EnvironmentInfo& info,
                                      const std::vector<double>& returns) {
  AgentProgress agent(config, info, 0);
  for (std::size_t i = 0; i < returns.size(); ++i)
    agent.add(row(static_cast<std::int64_t>(i), 100, returns[i]));
  return agent.solved_at_step();
}

TEST(AgentProgress, SolvedIsTheFirstUpdateThatReachesTheReturn) {
  const Config limited = config_of(500);
  EXPECT_EQ(solved_at(limited, cartpole(), {}), std::nullopt);
  EXPECT_EQ(solved_at(limited, cartpole(), {20, 474.99, 474.9999999}), std::nullopt);
  EXPECT_EQ(solved_at(limited, cartpole(), {20, 475}), 512);
  EXPECT_EQ(solved_at(limited, cartpole(), {20, 475, 500}), 512);
  EXPECT_EQ(solved_at(limited, cartpole(), {480, 20, 490}), 256);
}

TEST(AgentProgress, SolvedNeedsAHundredEpisodes) {
  AgentProgress agent(config_of(500), cartpole(), 0);
  agent.add(row(0, 99, 500));
  EXPECT_EQ(agent.solved_at_step(), std::nullopt);
  agent.add(row(1, 0, 0));
  EXPECT_EQ(agent.solved_at_step(), std::nullopt);
  agent.add(row(2, 1, 500));
  EXPECT_EQ(agent.solved_at_step(), 3 * 256);
}

TEST(AgentProgress, SolvedIsDefinedByTheEnvironmentsOwnTimeLimitAlone) {
  for (const std::int32_t other : {0, 499, 501, 1000}) {
    EXPECT_EQ(solved_at(config_of(other), cartpole(), {500, 5000}), std::nullopt) << other;
  }
  EXPECT_EQ(solved_at(config_of(500), environment(-1, 0), {0}), std::nullopt);
  EXPECT_EQ(solved_at(config_of(0), environment(-1, 0), {-2, -1}), 512);
  EXPECT_EQ(solved_at(config_of(30), environment(0, 30), {-1, 0}), 512);
}

}  // namespace
}  // namespace ppo::test
