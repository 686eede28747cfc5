// Running statistics, and what they make of observations and rewards, against normalisation.py over several
// updates: episodes go on from one to the next, end by themselves and by the time limit.
#include "ppo/normalise.hpp"

#include "golden/golden_file.hpp"
#include "ppo/init.hpp"
#include "unit/ppo/agent_block.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using golden::Json;
using testing::Ramp;
using Block = testing::AgentBlock<Ramp>;
constexpr int O = Ramp::kObservationSize;

Hyper hyper_of(const Json& file) {
  return {{.num_envs = file.at("N").get<int>(),
           .num_steps = file.at("T").get<int>(),
           .max_episode_steps = Ramp::kTimeLimit,
           .hidden_size = 4},
          {.seed = 1, .gamma = file.at("gamma").get<float>(), .norm_obs = true, .norm_reward = true}};
}

Block fresh_agent(const Hyper& hyper) {
  Block agent(hyper);
  init_agent(hyper, hyper, *agent);
  for (int n = 0; n < hyper.num_envs; ++n) agent->slots_before(0)[n].state.start = n;
  return agent;
}

/// The stages up to the advantages, by a team of that size.
void play_update(const Hyper& hyper, Block& agent, int workers = 1) {
  for (int w = 0; w < workers; ++w) reference::rollout(hyper, *agent, agent.worker(w, workers));
  for (int w = 0; w < workers; ++w) reference::values(hyper, *agent, agent.worker(w, workers));
  for (int w = 0; w < workers; ++w) reference::advantages(hyper, *agent, agent.worker(w, workers));
  ++agent->update;
}

// The longest chains are 720 numbers of up to 300, in double.
void expect_moments(const Json& want, const Moments<double>* got) {
  for (int i = 0; i < O + 1; ++i) {
    SCOPED_TRACE(i);
    const Json& each = want.at(static_cast<std::size_t>(i));
    EXPECT_EQ(got[i].count, each.at(0).get<std::int64_t>());
    EXPECT_NEAR(got[i].mean, each.at(1).get<double>(), 1e-12 * 300);
    EXPECT_NEAR(got[i].m2, each.at(2).get<double>(), 1e-12 * std::max(1.0, each.at(2).get<double>()));
  }
}

/// `want` counts the rows' numbers one after the other. An observation of up to 300 and its mean are rounded
/// to float before the difference, and the scale is at most 1 but where the two are equal.
void expect_observations(const std::vector<double>& want, std::size_t& next, const float* row) {
  for (int i = 0; i < O; ++i, ++next) {
    ASSERT_NEAR(static_cast<double>(row[i]), want.at(next), 600 * 0x1p-24 + 1e-6) << "number " << next;
  }
}

void expect_all_observations(const Json& want, const Hyper& hyper, Block& agent) {
  const auto& rollout = agent->rollout;
  const std::int64_t N = hyper.num_envs;
  const std::vector<double> obs = golden::numbers(want.at("obs"));
  const std::vector<double> last = golden::numbers(want.at("last_obs"));
  const std::vector<double> final_obs = golden::numbers(want.at("final_obs"));
  std::size_t next_obs = 0, next_last = 0, next_final = 0;
  for (std::int64_t n = 0; n < N; ++n) {
    for (std::int64_t t = 0; t < hyper.num_steps; ++t) {
      expect_observations(obs, next_obs, rollout.obs + (t * N + n) * O);
    }
    expect_observations(last, next_last, rollout.obs + (hyper.num_steps * N + n) * O);
    for (std::int64_t s = 0; s < rollout.truncated[n]; ++s) {
      expect_observations(final_obs, next_final, rollout.final_obs + (s * N + n) * O);
    }
  }
  EXPECT_EQ(next_obs, obs.size());
  EXPECT_EQ(next_last, last.size());
  EXPECT_EQ(next_final, final_obs.size());
}

/// The advantages are those of the rewards as the twin normalised them.
void expect_rewards(const Json& want, const Hyper& hyper, Block& agent) {
  const auto N = static_cast<std::size_t>(hyper.num_envs);
  const auto T = static_cast<std::size_t>(hyper.num_steps);
  const std::vector<float> by_environment = golden::numbers<float>(want.at("rewards"), N * T);
  std::vector<float> reward(N * T), advantage(N * T);
  for (std::size_t i = 0; i < reward.size(); ++i) reward[i % T * N + i / T] = by_environment[i];
  Trajectories<float> data = trajectories_of(hyper, agent->rollout);
  data.reward = reward.data();
  data.advantage = advantage.data();
  for (int n = 0; n < hyper.num_envs; ++n) {
    advantages_of_environment(data, n, hyper.gamma, hyper.gae_lambda);
  }
  for (std::size_t i = 0; i < advantage.size(); ++i) {
    ASSERT_NEAR(agent->rollout.advantage[i], advantage[i], 1e-5F) << i;
  }
}

TEST(Normalisation, IsThatOfItsTwin) {
  const Json file = golden::read_own("normalisation.json");
  const Hyper hyper = hyper_of(file);
  Block agent = fresh_agent(hyper);
  int clipped = 0;
  for (const Json& want : file.at("updates")) {
    SCOPED_TRACE(::testing::Message() << "update " << agent->update);
    play_update(hyper, agent);
    expect_moments(want.at("moments"), agent->moments_before(agent->update));
    expect_all_observations(want, hyper, agent);
    expect_rewards(want, hyper, agent);
    const ChunkSums sums = merge_chunks(agent->rollout.chunks, chunk_count(hyper));
    EXPECT_EQ(sums.ended.return_sum, want.at("return_sum").get<double>());  // as the environments paid
    for (int i = 0; i < batch_size(hyper) * O; ++i) {
      EXPECT_LE(std::abs(agent->rollout.obs[i]), kNormBound);
      clipped += agent->update > 1 && agent->rollout.obs[i] == kNormBound ? 1 : 0;
    }
  }
  EXPECT_EQ(agent->update, 4);
  EXPECT_GT(clipped, 0);
}

/// What an agent has learned of its environment, as bytes.
std::vector<std::byte> bytes_of(const Hyper& hyper, Block& agent) {
  std::vector<std::byte> all;
  const auto append = [&](const void* data, std::size_t bytes) {
    const auto* begin = static_cast<const std::byte*>(data);
    all.insert(all.end(), begin, begin + bytes);
  };
  const auto samples = static_cast<std::size_t>(batch_size(hyper));
  append(agent->moments_before(agent->update), (O + 1) * sizeof(Moments<double>));
  append(agent->rollout.obs, samples * O * sizeof(float));
  append(agent->rollout.advantage, samples * sizeof(float));
  return all;
}

TEST(Normalisation, DoesNotDependOnWhoPlays) {
  const Hyper hyper = hyper_of(golden::read_own("normalisation.json"));
  Block alone = fresh_agent(hyper);
  for (const int workers : {2, 3, 7, 31}) {
    Block team = fresh_agent(hyper);
    alone = fresh_agent(hyper);
    for (int update = 0; update < 4; ++update) {
      play_update(hyper, alone);
      play_update(hyper, team, workers);
      ASSERT_EQ(bytes_of(hyper, alone), bytes_of(hyper, team)) << workers << " workers, update " << update;
    }
  }
}

TEST(Normalisation, GoesOnAfterSavingAndLoading) {
  const Hyper hyper = hyper_of(golden::read_own("normalisation.json"));
  const auto P = static_cast<std::size_t>(layout_of<Ramp>(hyper.hidden_size).size());
  const auto N = static_cast<std::size_t>(hyper.num_envs);
  for (int saved_after = 0; saved_after < 4; ++saved_after) {
    Block straight = fresh_agent(hyper);
    for (int update = 0; update < saved_after; ++update) play_update(hyper, straight);
    std::vector<float> params(P), moment1(P), moment2(P);
    std::vector<Ramp::State> states(N);
    std::vector<std::int32_t> lengths(N);
    std::vector<double> returns(N), discounted(N);
    std::vector<Moments<double>> moments(O + 1);
    StateArrays saved{.seed = 0,
                      .update = 0,
                      .powers = {},
                      .params = params.data(),
                      .moment1 = moment1.data(),
                      .moment2 = moment2.data(),
                      .slot_state = reinterpret_cast<std::byte*>(states.data()),
                      .slot_length = lengths.data(),
                      .slot_return = returns.data(),
                      .slot_discounted = discounted.data(),
                      .moments = moments.data()};
    straight->save(hyper, saved);
    Block resumed(hyper);
    resumed->load(hyper, saved);
    for (int update = saved_after; update < 4; ++update) {
      play_update(hyper, straight);
      play_update(hyper, resumed);
      ASSERT_EQ(bytes_of(hyper, straight), bytes_of(hyper, resumed)) << saved_after << ", then " << update;
    }
  }
}

TEST(Normalisation, OfOneKindLeavesTheOtherAlone) {
  const Json file = golden::read_own("normalisation.json");
  for (const bool of_obs : {true, false}) {
    Hyper hyper = hyper_of(file);
    hyper.norm_obs = of_obs;
    hyper.norm_reward = !of_obs;
    Block agent = fresh_agent(hyper);
    play_update(hyper, agent);
    play_update(hyper, agent);
    const Moments<double>* moments = agent->moments_before(2);
    for (int i = 0; i < O + 1; ++i) {
      EXPECT_EQ(moments[i].count, (i < O) == of_obs ? 2 * batch_size(hyper) : 0) << i;
    }
    if (of_obs) continue;
    EXPECT_EQ(agent->rollout.obs[(4 * hyper.num_envs + 5) * O], 5 + 0.5F * 13 + 256);
  }
}

}  // namespace
}  // namespace ppo
