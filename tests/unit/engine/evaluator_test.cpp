// Episodes of an evaluation follow from the policy, the seed and their number alone: who plays them, beside
// which others and in how many parts changes nothing.
#include "engine/evaluator.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using Results = std::vector<std::vector<EpisodeResult>>;

constexpr Hyper kHyper{{.num_envs = 1, .num_steps = 4}, {}};

const EnvironmentLoops& cartpole() {
  return *find_environment("cartpole")->portable;
}

/// As training starts with them, each with a seed of its own.
std::vector<TrainedPolicy> first_policies(const EnvironmentLoops& loops, std::int64_t count) {
  const CpuEngine engine(loops, population_of(kHyper, count), EngineInfo{"cpu", "test", 1}, {});
  std::vector<TrainedPolicy> policies;
  for (std::int64_t k = 0; k < count; ++k) policies.push_back(engine.policy(k));
  return policies;
}

/// By the loops themselves, one after the other.
Results play_alone(const EnvironmentLoops& loops, std::span<const TrainedPolicy> policies,
                   const EvalOptions& options) {
  Results results;
  for (const TrainedPolicy& policy : policies) {
    std::vector<EpisodeResult>& episodes = results.emplace_back();
    for (std::int64_t i = 0; i < options.episodes; ++i) {
      EvalOptions one = options;
      one.first_episode += i;
      one.episodes = 1;
      const Block scratch = allocate_block(loops.scratch_bytes(kHyper));
      loops.evaluate(policy.view(), one, nullptr, scratch.get(), &episodes.emplace_back());
    }
  }
  return results;
}

void expect_same_results(const Results& a, const Results& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    SCOPED_TRACE(::testing::Message() << "policy " << k);
    testing::expect_same(a[k], b[k]);
  }
}

std::int64_t steps_of(const std::vector<EpisodeResult>& episodes) {
  return std::accumulate(episodes.begin(), episodes.end(), std::int64_t{0},
                         [](std::int64_t sum, const EpisodeResult& episode) { return sum + episode.length; });
}

TEST(Evaluator, AnyNumberOfThreadsPlaysAsOneAlone) {
  const std::vector<TrainedPolicy> policies = first_policies(cartpole(), 3);
  for (const std::int64_t episodes : {1, 5, 7}) {
    const EvalOptions options{.seed = 5, .episodes = episodes, .greedy = true};  // fresh policies are alike
    const Results expected = play_alone(cartpole(), policies, options);
    for (const int threads : {1, 2, 3, 4, 8, 40}) {
      SCOPED_TRACE(::testing::Message() << threads << " threads, " << episodes << " episodes");
      Evaluator evaluator(cartpole(), kHyper, threads);
      expect_same_results(evaluator.play(policies, options), expected);
      expect_same_results(evaluator.play(policies, options), expected);  // nothing of the first is left
    }
  }
  const Results all = play_alone(cartpole(), policies, {.seed = 5, .episodes = 7, .greedy = true});
  EXPECT_NE(steps_of(all[0]), steps_of(all[1]));
  EXPECT_NE(all[0][0].length, all[0][1].length);
}

TEST(Evaluator, PlaysTheSameEpisodesInParts) {
  const std::vector<TrainedPolicy> policies = first_policies(cartpole(), 2);
  Evaluator evaluator(cartpole(), kHyper, 2);
  const Results whole = evaluator.play(policies, {.seed = 5, .episodes = 12, .first_episode = 100});
  Results parts(2);
  for (const auto& [first, count] : {std::pair{100, 1}, {101, 5}, {106, 6}}) {
    const Results part =
        evaluator.play(policies, {.seed = 5, .episodes = count, .first_episode = std::int64_t{first}});
    for (std::size_t k = 0; k < 2; ++k) parts[k].insert(parts[k].end(), part[k].begin(), part[k].end());
  }
  expect_same_results(parts, whole);
}

TEST(Evaluator, InSmallPartsSaysTheSameOfEachPolicy) {
  const std::vector<TrainedPolicy> policies = first_policies(cartpole(), 3);
  for (const int threads : {1, 2}) {
    Evaluator evaluator(cartpole(), kHyper, threads);
    for (const std::int64_t episodes : {1, 7, 1500}) {
      SCOPED_TRACE(::testing::Message() << threads << " threads, " << episodes << " episodes");
      const EvalOptions options{.seed = 5, .episodes = episodes, .first_episode = 10};
      const Results wanted = evaluator.play(policies, options);
      std::int64_t parts = 0;
      std::int64_t played = 0;
      std::vector<EpisodeStatistics> taken;
      const auto count = [&](std::int64_t of_part) {
        ++parts;
        played += of_part;
        return true;
      };
      const auto take = [&](const EpisodeStatistics& statistics) { taken.push_back(statistics); };
      EXPECT_TRUE(evaluator.play_in_parts(policies, options, count, take));
      EXPECT_EQ(played, 3 * episodes);
      EXPECT_GE(parts, episodes == 1500 ? 6 : 1);
      ASSERT_EQ(taken.size(), 3U);
      for (std::size_t k = 0; k < 3; ++k) {
        const EpisodeStatistics statistics = summarise(wanted[k]);
        EXPECT_EQ(taken[k].mean, statistics.mean);
        EXPECT_EQ(taken[k].std, statistics.std);
        EXPECT_EQ(taken[k].median_length, statistics.median_length);
        EXPECT_EQ(taken[k].capped, statistics.capped);
      }
    }
  }
}

TEST(Evaluator, GivesUpBetweenParts) {
  const std::vector<TrainedPolicy> policies = first_policies(cartpole(), 2);
  Evaluator evaluator(cartpole(), kHyper, 1);
  int parts = 0;
  int taken = 0;
  const auto give_up = [&](std::int64_t) {
    ++parts;
    return false;
  };
  const auto take = [&](const EpisodeStatistics&) { ++taken; };
  EXPECT_FALSE(evaluator.play_in_parts(policies, {.episodes = 1500}, give_up, take));
  EXPECT_EQ(parts, 1);
  EXPECT_EQ(taken, 0);
  EXPECT_TRUE(evaluator.play_in_parts(policies, {.episodes = 3}, give_up, take));  // nothing is left
  EXPECT_EQ(parts, 2);
  EXPECT_EQ(taken, 2);
}

TEST(Evaluator, NothingToPlayIsNoResult) {
  Evaluator evaluator(cartpole(), kHyper, 2);
  EXPECT_TRUE(evaluator.play({}, {.episodes = 3}).empty());
  const std::vector<TrainedPolicy> policies = first_policies(cartpole(), 2);
  expect_same_results(evaluator.play(policies, {.episodes = 0}), Results(2));
}

/// Counts what it sees, up to a number of states at which it throws.
struct Counting final : Spectator {
  void see(const Scene& scene) override {
    if (states == most) throw std::runtime_error("seen enough");
    ++states;
    shapes += std::distance(scene.begin(), scene.end());
  }
  std::int64_t most = -1;
  std::int64_t states = 0;
  std::int64_t shapes = 0;
};

TEST(Evaluator, ASpectatorSeesEveryStateAndChangesNothing) {
  const TrainedPolicy policy = first_policies(cartpole(), 1).front();
  const EvalOptions options{.seed = 3, .episodes = 4, .first_episode = 2, .greedy = true};
  Evaluator evaluator(cartpole(), kHyper, 2);
  Counting spectator;
  const std::vector<EpisodeResult> episodes = evaluator.play_for(spectator, policy, options);
  testing::expect_same(episodes, evaluator.play({&policy, 1}, options).front());
  EXPECT_EQ(spectator.states, steps_of(episodes) + options.episodes);
  EXPECT_GE(spectator.shapes, spectator.states);

  Counting impatient;
  impatient.most = 7;
  EXPECT_THROW(evaluator.play_for(impatient, policy, options), std::runtime_error);
  EXPECT_EQ(impatient.states, 7);
  testing::expect_same(evaluator.play({&policy, 1}, options).front(), episodes);
}

TEST(Evaluator, AnEpisodeEndsByItselfOrAtMaxSteps) {
  const EnvironmentLoops& loops = testing::kLoops<testing::Counter>;
  const TrainedPolicy policy = first_policies(loops, 1).front();
  Evaluator evaluator(loops, kHyper, 1);
  for (const std::int32_t max_steps : {5, 6, 7}) {
    const EpisodeResult episode =
        evaluator.play({&policy, 1}, {.episodes = 1, .max_steps = max_steps}).front().front();
    EXPECT_EQ(episode.length, std::min(max_steps, 6));
    EXPECT_EQ(episode.terminated, max_steps >= 6) << max_steps;
    EXPECT_EQ(episode.episode_return, max_steps < 6 ? 15 : 21);  // 1 + 2 + ...
  }
}

}  // namespace
}  // namespace ppo
