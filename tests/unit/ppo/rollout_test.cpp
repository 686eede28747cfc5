// Acting: time limit, auto-reset, true last observations and the episodes' sums, with an environment that
// counts.
#include <gtest/gtest.h>

#include <vector>

#include "engine/cpu/reference/stages.hpp"
#include "ppo/init.hpp"
#include "unit/ppo/agent_block.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::Counter;
using Block = testing::AgentBlock<Counter>;

constexpr int T = 20;
constexpr int N = 3;

struct Played {
  explicit Played(std::int32_t time_limit)
      : hyper{{.num_envs = N, .num_steps = T, .max_episode_steps = time_limit, .hidden_size = 4}, {}},
        agent(hyper) {
    init_agent(hyper, hyper, *agent);
    reference::rollout(hyper, *agent);
  }
  float start(int t, int n) { return agent->rollout.obs[(t * N + n) * 2]; }
  float count(int t, int n) { return agent->rollout.obs[(t * N + n) * 2 + 1]; }
  std::uint8_t ended(int t, int n) { return agent->rollout.ended[t * N + n]; }

  Hyper hyper;
  Block agent;
};

/// All of it follows from how long episodes last and how they end.
void expect_episodes(std::int32_t time_limit, int length, Ended kind) {
  SCOPED_TRACE(time_limit);
  Played run(time_limit);
  const auto& rollout = run.agent->rollout;
  const int episodes = T / length;
  for (int n = 0; n < N; ++n) {
    for (int t = 0; t <= T; ++t) {
      EXPECT_EQ(run.count(t, n), static_cast<float>(t % length));
      const bool same_episode = t > 0 && t % length != 0;
      if (same_episode) {
        EXPECT_EQ(run.start(t, n), run.start(t - 1, n));
      } else if (t > 0) {
        EXPECT_NE(run.start(t, n), run.start(t - 1, n));
      }
      if (t == T) continue;
      EXPECT_EQ(rollout.reward[t * N + n], static_cast<float>(t % length + 1));
      EXPECT_EQ(run.ended(t, n), t % length == length - 1 ? kind : kRunning);
    }
    const int truncated = kind == kTruncated ? episodes : 0;
    EXPECT_EQ(rollout.truncated[n], truncated);
    for (int s = 0; s < truncated; ++s) {  // the state after the last step, of the episode that was cut
      EXPECT_EQ(rollout.final_obs[(s * N + n) * 2], run.start(s * length, n));
      EXPECT_EQ(rollout.final_obs[(s * N + n) * 2 + 1], static_cast<float>(length));
    }
    EXPECT_EQ(rollout.ended_sums[n].episodes, episodes);
    EXPECT_EQ(rollout.ended_sums[n].length_sum, episodes * length);
    const int each = length * (length + 1) / 2;
    EXPECT_EQ(rollout.ended_sums[n].return_sum, episodes * each);
    EXPECT_EQ(rollout.ended_sums[n].return_min, static_cast<float>(each));
    EXPECT_EQ(rollout.ended_sums[n].return_max, static_cast<float>(each));
  }
}

TEST(Rollout, TerminatesAndResetsWithoutATimeLimit) {
  expect_episodes(0, Counter::kLength, kTerminated);
}

TEST(Rollout, ATimeLimitTruncates) {
  expect_episodes(1, 1, kTruncated);
  expect_episodes(4, 4, kTruncated);
  expect_episodes(5, 5, kTruncated);
}

TEST(Rollout, AnEpisodeThatTerminatesAtTheLimitIsTerminated) {
  expect_episodes(Counter::kLength, Counter::kLength, kTerminated);
}

TEST(Rollout, ALimitBeyondTheEpisodesLengthChangesNothing) {
  expect_episodes(7, Counter::kLength, kTerminated);
}

TEST(Rollout, AnEpisodeGoesOnInTheNextUpdate) {
  Played run(0);  // 20 steps: three episodes of 6, and 2 steps of the fourth
  std::vector<float> start;
  for (int n = 0; n < N; ++n) start.push_back(run.start(T, n));
  run.agent->update = 1;
  reference::rollout(run.hyper, *run.agent);
  for (int n = 0; n < N; ++n) {
    EXPECT_EQ(run.start(0, n), start[static_cast<std::size_t>(n)]);
    EXPECT_EQ(run.count(0, n), 2.0F);
    EXPECT_EQ(run.ended(3, n), kTerminated);
    EXPECT_EQ(run.agent->rollout.ended_sums[n].episodes, 3);
    EXPECT_EQ(run.agent->rollout.ended_sums[n].return_sum, 3 * 21.0);
  }
}

TEST(Rollout, TheLengthOfAnEndlessEpisodeStopsGrowing) {
  Played run(0);  // 2 steps of an episode of 6 are behind it
  run.agent->update = 1;
  run.agent->slots_before(1)[0].length = INT32_MAX - 1;
  reference::rollout(run.hyper, *run.agent);  // the other 4, two episodes and 4 steps
  EXPECT_EQ(run.agent->rollout.ended_sums[0].length_sum, std::int64_t{INT32_MAX} + 2 * 6);
  EXPECT_EQ(run.agent->rollout.ended_sums[1].length_sum, 3 * 6);
  EXPECT_EQ(run.agent->slots_before(2)[0].length, 4);
}

/// The sums of episodes with these returns, a step each.
EpisodeSums sums_of(const std::vector<float>& returns) {
  EpisodeSums sums{};
  for (const float each : returns) sums.add_episode(static_cast<double>(each), 1);
  return sums;
}

TEST(EpisodeSums, KeepTheLeastAndTheGreatestReturn) {
  for (const std::vector<float>& order : {std::vector<float>{-3, -7, -5}, {-7, -5, -3}, {-5, -3, -7}}) {
    EXPECT_EQ(sums_of(order).return_min, -7.0F);
    EXPECT_EQ(sums_of(order).return_max, -3.0F);
    EXPECT_EQ(sums_of(order).return_sum, -15.0);
  }
  EXPECT_EQ(sums_of({2, 9}).return_min, 2.0F);
  EXPECT_EQ(sums_of({2, 9}).return_max, 9.0F);
}

// The zeros of a sum without episodes are no returns, on whichever side they come.
TEST(EpisodeSums, ASumOfNoEpisodesIsNeutral) {
  EpisodeSums none_first{};
  none_first.add(sums_of({-3, -7}));
  EpisodeSums none_last = sums_of({4, 6});
  none_last.add({});
  EXPECT_EQ(none_first.return_min, -7.0F);
  EXPECT_EQ(none_first.return_max, -3.0F);
  EXPECT_EQ(none_last.return_min, 4.0F);
  EXPECT_EQ(none_last.return_max, 6.0F);
  EpisodeSums none{};
  none.add({});
  EXPECT_EQ(none.return_min, 0.0F);
  EXPECT_EQ(none.return_max, 0.0F);
}

TEST(Rollout, EnvironmentsStartApart) {
  Played run(0);
  for (int n = 1; n < N; ++n) EXPECT_NE(run.start(0, n), run.start(0, n - 1));
}

// What the loss keeps fixed through all epochs: the log-probabilities of the policy that acted.
TEST(Rollout, KeepsTheLogProbabilitiesOfItsActions) {
  Played run(4);
  const auto& agent = *run.agent;
  for (int i = 0; i < T * N; ++i) {
    const float* obs = agent.rollout.obs + i * 2;
    const auto policy = reference::policy_of<Block::Agent::Head>(run.hyper, agent.layout, agent.params, obs);
    EXPECT_EQ(agent.rollout.logp[i], log_prob(policy, int{agent.rollout.action[i]}));
  }
}

// The loss needs the numbers as they were drawn; the environment gets them within their ranges.
TEST(Rollout, KeepsTheNumbersDrawnAndClipsThoseOfTheEnvironment) {
  using Head = GaussianHead<2>;
  const Hyper hyper{{.num_envs = N, .num_steps = T, .hidden_size = 4}, {.log_std_init = 0.25F}};
  testing::AgentBlock<testing::Echo> agent(hyper);
  init_agent(hyper, hyper, *agent);
  reference::rollout(hyper, *agent);
  const auto& rollout = agent->rollout;
  int outside = 0;
  for (int i = 0; i < T * N; ++i) {
    const float* action = rollout.action + 2 * i;
    const float* given = rollout.obs + 2 * (i + N);
    const auto policy = reference::policy_of<Head>(hyper, agent->layout, agent->params, rollout.obs + 2 * i);
    const DrawKey key{.seed = 42,
                      .step = static_cast<std::uint32_t>(i / N),
                      .environment = static_cast<std::uint32_t>(i % N)};
    Draws draws(key, Purpose::action);
    for (int d = 0; d < 2; ++d) {
      EXPECT_EQ(action[d], fma(exp(0.25F), draws.normal(), policy.mean[d]));
      const ActionRange range = testing::Echo::action_range(d);
      EXPECT_EQ(given[d], clamp(action[d], range.low, range.high));
      outside += given[d] != action[d] ? 1 : 0;
    }
    EXPECT_EQ(rollout.logp[i], log_prob(policy, action));
    EXPECT_EQ(rollout.reward[i], given[0] - given[1]);
  }
  EXPECT_GT(outside, T * N / 2);
}

// The critic sees T + 1 rows, and the true last observations in place of the reset ones.
TEST(Rollout, ValuesOfFinalObservations) {
  Played run(4);
  reference::values(run.hyper, *run.agent);
  const auto& rollout = run.agent->rollout;
  for (int i = 0; i < (T + 1) * N; ++i) {
    EXPECT_EQ(rollout.value[i], reference::value_of(run.hyper, *run.agent, rollout.obs + i * 2));
  }
  for (int n = 0; n < N; ++n) {
    for (int s = 0; s < 5; ++s) {
      const float last[] = {run.start(4 * s, n), 4.0F};
      EXPECT_EQ(rollout.final_value[s * N + n], reference::value_of(run.hyper, *run.agent, last));
    }
  }
}

}  // namespace
}  // namespace ppo
