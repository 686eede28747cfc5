// Episodes are the same at every level, however many are played at once, in every environment of the program.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/evaluator.hpp"
#include "film/footage.hpp"
#include "ppo/hash.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

/// Two agents after a few updates.
std::vector<TrainedPolicy> policies_of(const EnvironmentLoops& loops, Hyper hyper) {
  hyper.num_envs = 8;
  hyper.num_steps = 32;
  hyper.log_std_init = -0.5F;
  CpuEngine engine(loops, population_of(hyper, 2), EngineInfo{"cpu", "test", 1}, {});
  engine.run(3);
  return {engine.policy(0), engine.policy(1)};
}

/// Those that this machine has, by name.
std::vector<Level> levels_of(const Environment& environment) {
  std::vector<Level> levels;
  for (const std::string& simd : level_names()) {
    try {
      levels.push_back(choose_level(environment, simd));
    } catch (const Failure& failure) {
      std::cout << failure.what() << '\n';  // NamedLevel skips, and shows, the same
    }
  }
  return levels;
}

/// The reference plays the episodes one by one; then each level, with one and with three threads, as many of
/// them as are a row, some rows, a pass, and more than that.
void expect_parity(const Environment& environment, const std::vector<TrainedPolicy>& policies,
                   EvalOptions options) {
  const Hyper& hyper = policies.front().hyper;
  options.episodes = 150;
  const auto expected = Evaluator(*environment.portable, hyper, 1).play(policies, options);
  for (const Level& level : levels_of(environment)) {
    for (const int threads : {1, 3}) {
      Evaluator evaluator(level.loops, hyper, threads);
      for (const std::size_t episodes : {1, 20, 64, 65, 150}) {
        SCOPED_TRACE(::testing::Message()
                     << environment.info().name << ", " << level.name << ", " << threads << " threads, "
                     << episodes << " episodes, " << (options.greedy ? "greedy" : "sampled"));
        options.episodes = static_cast<std::int64_t>(episodes);
        const auto got = evaluator.play(policies, options);
        for (std::size_t k = 0; k < policies.size(); ++k) {
          const auto& all = expected[k];
          testing::expect_same(got[k], {all.begin(), all.begin() + options.episodes});
        }
      }
    }
  }
}

class EvaluatePairs : public ::testing::TestWithParam<std::string> {};

TEST_P(EvaluatePairs, PlayTheSameEpisodes) {
  const Environment& environment = *find_environment(GetParam());
  for (const bool normalised : {false, true}) {
    const Hyper hyper{
        {.hidden_size = normalised ? 32 : 64, .activation = normalised ? Activation::relu : Activation::tanh},
        {.norm_obs = normalised}};
    const std::vector<TrainedPolicy> policies = policies_of(choose_level(environment, "scalar").loops, hyper);
    for (const bool greedy : {false, true}) {
      expect_parity(environment, policies,
                    {.seed = 9, .first_episode = 3, .max_steps = 40, .greedy = greedy});
    }
  }
}

std::vector<std::string> all_environments() {
  std::vector<std::string> names;
  for (const Environment& environment : environments()) names.emplace_back(environment.info().name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Environments, EvaluatePairs, ::testing::ValuesIn(all_environments()),
                         [](const auto& name) { return name.param; });

TEST(Evaluate, ThePolicyOfARunThatDivergedPlaysTheSameEverywhere) {
  for (const char* name : {"cartpole", "acrobot", "pendulum"}) {
    const Environment& environment = *find_environment(name);
    for (const float broken :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      std::vector<TrainedPolicy> policies = policies_of(choose_level(environment, "scalar").loops, {});
      policies[0].params[5] = broken;
      for (float& param : policies[1].params) param = broken;
      for (const bool greedy : {false, true}) {
        expect_parity(environment, policies, {.max_steps = 20, .greedy = greedy});
      }
    }
  }
}

/// What a film would show.
std::uint64_t hash_of(const Footage& footage) {
  std::uint64_t hash = kFnvOffset;
  for (std::size_t i = 0; i < footage.size(); ++i) {
    for (const Shape& shape : footage.scene(i)) {
      hash = fnv1a(shape.corner, sizeof shape.corner, hash);
      hash = fnv1a(&shape.centre, sizeof shape.centre, hash);
    }
  }
  return hash;
}

TEST(Evaluate, ASpectatorSeesTheSameEverywhere) {
  const Environment& environment = *find_environment("cartpole");
  const TrainedPolicy policy = policies_of(choose_level(environment, "scalar").loops, {}).front();
  const EvalOptions options{.seed = 4, .episodes = 3, .max_steps = 50};
  Footage expected;
  Evaluator(*environment.portable, policy.hyper, 1).play_for(expected, policy, options);
  for (const Level& level : levels_of(environment)) {
    Footage footage;
    Evaluator(level.loops, policy.hyper, 1).play_for(footage, policy, options);
    EXPECT_EQ(footage.size(), expected.size()) << level.name;
    EXPECT_EQ(hash_of(footage), hash_of(expected)) << level.name;
  }
}

}  // namespace
}  // namespace ppo
