// Instruction set and threads change no bit of training and of playing, whatever the kind of actions, the
// number of outputs, the size of the hidden layers, their activation and what is normalised.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "engine/evaluator.hpp"
#include "parity/level_instances.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kAgents = 2;

/// Passes, leaves and groups end in the middle: 67 environments, minibatches of 201 samples.
constexpr Hyper kRagged{{.total_timesteps = 2 * 67 * 6,
                         .num_envs = 67,
                         .num_steps = 6,
                         .num_minibatches = 2,
                         .max_episode_steps = 5},
                        {.seed = 17, .lr = 2e-3F, .update_epochs = 2, .log_std_init = -0.25F}};

/// Of those in level_instances.hpp, at the level; nullptr if this machine lacks it.
const EnvironmentLoops* loops_of(std::size_t environment, const std::string& level) {
  try {
    return &choose_level(test::environment_at(environment), level).loops;
  } catch (const Failure& failure) {
    std::cout << failure.what() << '\n';  // NamedLevel skips, and shows, the same
    return nullptr;
  }
}

/// The scalar loops as this machine runs them fastest: both builds give the same bytes.
const EnvironmentLoops& scalar_loops(std::size_t environment) {
  return *loops_of(environment, "scalar");
}

struct Result {
  std::vector<testing::Outcome> outcomes;  // [kAgents]
  std::vector<AgentState> states;          // [kAgents]
  std::vector<EpisodeResult> episodes;     // of all agents, sampled, then greedy
};

Result result_of(const EnvironmentLoops& loops, const Hyper& hyper, int threads) {
  CpuEngine engine(loops, population_of(hyper, kAgents), EngineInfo{"cpu", "test", threads}, {.trace = true});
  const std::int64_t updates = num_updates(hyper);
  Result result{testing::run(engine, kAgents, updates, updates), {}, {}};
  std::vector<TrainedPolicy> policies;
  for (std::int64_t k = 0; k < kAgents; ++k) {
    result.states.push_back(engine.save(k));
    policies.push_back(engine.policy(k));
  }
  Evaluator evaluator(loops, hyper, threads);
  for (const bool greedy : {false, true}) {
    const EvalOptions options{.seed = 1, .episodes = 150, .max_steps = 9, .greedy = greedy};
    for (const auto& played : evaluator.play(policies, options)) {
      result.episodes.insert(result.episodes.end(), played.begin(), played.end());
    }
  }
  return result;
}

void expect_same(const Result& a, const Result& b) {
  for (std::size_t k = 0; k < kAgents; ++k) {
    testing::expect_same(a.outcomes[k], b.outcomes[k]);
    testing::expect_same(a.states[k], b.states[k]);
    EXPECT_TRUE(testing::same_bytes(a.states[k].slot_discounted, b.states[k].slot_discounted));
    EXPECT_TRUE(testing::same_bytes(a.states[k].moments, b.states[k].moments));
  }
  testing::expect_same(a.episodes, b.episodes);
}

void expect_parity(std::size_t environment, const Hyper& hyper, std::initializer_list<int> threads) {
  const EnvironmentLoops& scalar = scalar_loops(environment);
  SCOPED_TRACE(::testing::Message() << scalar.info.name << ", hidden " << hyper.hidden_size << ", activation "
                                    << static_cast<int>(hyper.activation) << ", norm_obs " << hyper.norm_obs
                                    << ", norm_reward " << hyper.norm_reward);
  const Result expected = result_of(scalar, hyper, 1);
  for (const float param : expected.outcomes[0].params) ASSERT_TRUE(std::isfinite(param));
  EXPECT_EQ(expected.outcomes[0].rows[0].fault.any, 0);
  EXPECT_NE(expected.outcomes[0].trace, expected.outcomes[1].trace);
  for (const std::string& level : level_names()) {
    const EnvironmentLoops* loops = level == "scalar" ? nullptr : loops_of(environment, level);
    if (loops == nullptr) continue;
    for (const int count : threads) {
      SCOPED_TRACE(::testing::Message() << level << ", threads " << count);
      expect_same(expected, result_of(*loops, hyper, count));
    }
  }
}

using test::kBrittle;
using test::kHover1;
using test::kHover3;
using test::kRing5;

class AnySize : public ::testing::TestWithParam<int> {};

TEST_P(AnySize, EveryActivationAndNormalisation) {
  Hyper hyper = kRagged;
  hyper.hidden_size = GetParam();
  for (const std::size_t environment : {kHover3, kRing5}) {
    for (const Activation activation : {Activation::tanh, Activation::relu}) {
      for (const bool normalised : {false, true}) {
        hyper.activation = activation;
        hyper.norm_obs = hyper.norm_reward = normalised;
        expect_parity(environment, hyper, {1, 3});
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Hidden, AnySize, ::testing::Values(32, 64, 128, 256),
                         ::testing::PrintToStringParamName());

TEST(AnyEnvironment, WhateverItsOutputs) {
  Hyper hyper = kRagged;
  for (std::size_t environment = 0; environment < kBrittle; ++environment) {
    hyper.hidden_size = environment % 2 == 0 ? 32 : 64;
    hyper.activation = environment % 4 < 2 ? Activation::relu : Activation::tanh;
    hyper.norm_obs = environment % 3 == 0;
    hyper.norm_reward = environment % 3 == 1;
    expect_parity(environment, hyper, {1, 2, 8});
  }
}

TEST(AnyEnvironment, WhateverItsSizes) {
  Hyper hyper = kRagged;
  hyper.hidden_size = 32;
  hyper.norm_obs = hyper.norm_reward = true;
  for (const auto& [num_envs, num_steps, num_minibatches] :
       {std::tuple{1, 17, 1}, {17, 4, 4}, {2, 4, 8}, {130, 3, 3}, {61, 5, 5}}) {
    hyper.num_envs = num_envs;
    hyper.num_steps = num_steps;
    hyper.num_minibatches = num_minibatches;
    hyper.total_timesteps = 3 * batch_size(hyper);
    SCOPED_TRACE(::testing::Message() << num_envs << " environments, " << num_steps << " steps");
    for (const std::size_t environment : {kHover1, kHover3}) expect_parity(environment, hyper, {1, 3, 8});
  }
}

// Leaves of 48 samples: passes of 64 cut them anywhere, and the sums of the deviations' gradient with them.
TEST(AnyEnvironment, WithALargeMinibatch) {
  Hyper hyper = kRagged;
  hyper.hidden_size = 32;
  hyper.num_envs = 65539;
  hyper.num_steps = 1;
  hyper.num_minibatches = 1;
  hyper.update_epochs = 1;
  hyper.total_timesteps = batch_size(hyper);
  expect_parity(kHover3, hyper, {1, 3});
}

// Each agent stops where a number is not finite, and goes on from there once more: with the same bytes.
TEST(AnyEnvironment, WhereverANumberIsNotFinite) {
  Hyper hyper = kRagged;
  hyper.hidden_size = 32;
  hyper.norm_obs = hyper.norm_reward = true;
  hyper.total_timesteps = 9 * batch_size(hyper);
  const Result expected = result_of(scalar_loops(kBrittle), hyper, 1);
  for (std::size_t k = 0; k < kAgents; ++k) {
    const UpdateRow& last = expected.outcomes[k].rows.back();
    EXPECT_EQ(last.fault.any, 1);
    EXPECT_GT(last.update, 0);
    EXPECT_LT(last.update, 8);  // so that it ran more than once
    EXPECT_EQ(expected.states[k].update, last.update);
    for (const float param : expected.outcomes[k].params) ASSERT_TRUE(std::isfinite(param));
  }
  expect_parity(kBrittle, hyper, {1, 2, 3});
}

#if defined(__x86_64__)
// The build for machines without FMA instructions, too.
TEST(AnyEnvironment, ThePortableLoopsAreTheOthers) {
  if (!has_fma()) GTEST_SKIP() << "only one of the two can run";
  Hyper hyper = kRagged;
  hyper.hidden_size = 32;
  hyper.norm_obs = hyper.norm_reward = true;
  for (const std::size_t environment : {kHover1, kHover3, kRing5}) {
    expect_same(result_of(ppo_test_portable[environment], hyper, 1),
                result_of(ppo_test_fma[environment], hyper, 2));
  }
}
#endif

}  // namespace
}  // namespace ppo
