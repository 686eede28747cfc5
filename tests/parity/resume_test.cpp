// k updates, saved, and loaded by another engine for the rest: the straight run to the bit. Whatever the
// environment, the options, the number of agents, and what the engines run on.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kUpdates = 6;

/// Sizes that divide nothing; episodes run on from one update to the next.
constexpr Hyper kPlain{
    {.total_timesteps = kUpdates * 13 * 10, .num_envs = 13, .num_steps = 10, .num_minibatches = 5},
    {.seed = 5, .lr = 3e-3F}};

struct Variant {
  std::string name;
  std::string env = "cartpole";
  Hyper hyper = kPlain;
  std::int64_t agents = 1;
};

std::vector<Variant> variants() {
  std::vector<Variant> all = {{.name = "plain"}, {.name = "my_env", .env = "my_env"}};
  all.push_back({.name = "population", .agents = 3});
  Hyper hyper = kPlain;
  hyper.max_episode_steps = 7;
  all.push_back({.name = "time_limit", .hyper = hyper});
  all.push_back({.name = "my_env_time_limit", .env = "my_env", .hyper = hyper, .agents = 2});
  hyper.anneal_lr = true;
  hyper.target_kl = 1e-3F;
  hyper.max_episode_steps = 23;
  all.push_back({.name = "anneal_lr_and_target_kl", .hyper = hyper});
  hyper = kPlain;
  hyper.norm_adv = false;
  hyper.clip_vloss = false;
  all.push_back({.name = "nothing_normalised_or_clipped", .hyper = hyper});
  hyper = kPlain;
  hyper.max_episode_steps = 23;
  hyper.hidden_size = 128;
  hyper.activation = Activation::relu;
  hyper.norm_obs = hyper.norm_reward = true;
  all.push_back({.name = "normalised", .hyper = hyper, .agents = 2});
  return all;
}

CpuEngine engine_for(const Variant& variant, const EnvironmentLoops& loops, int threads) {
  return {loops,
          population_of(variant.hyper, variant.agents),
          EngineInfo{"cpu", "test", threads},
          {.trace = true}};
}

class Resume : public ::testing::TestWithParam<Variant> {};

TEST_P(Resume, IsTheStraightRunOnWhateverGoesOn) {
  const Variant& variant = GetParam();
  const Environment& environment = *find_environment(variant.env);
  const testing::Lifetimes all_train_on(static_cast<std::size_t>(variant.agents), kUpdates);
  CpuEngine straight_engine = engine_for(variant, *environment.portable, 1);
  const auto straight = testing::run(straight_engine, variant.agents, kUpdates, kUpdates);
  for (const std::string& level : level_names()) {
    try {
      const EnvironmentLoops& loops = choose_level(environment, level).loops;
      for (const auto& [threads, first_updates] : {std::pair{1, 1}, {2, 4}}) {
        SCOPED_TRACE(::testing::Message() << level << ", threads " << threads << ", at " << first_updates);
        CpuEngine first = engine_for(variant, loops, threads);
        CpuEngine second = engine_for(variant, *environment.portable, 3 - threads);
        CpuEngine third = engine_for(variant, loops, 3 - threads);
        const auto there = testing::run_in_two_parts(first, second, all_train_on, first_updates, kUpdates);
        CpuEngine scalar = engine_for(variant, *environment.portable, threads);
        const auto back = testing::run_in_two_parts(scalar, third, all_train_on, first_updates, kUpdates);
        for (std::size_t k = 0; k < straight.size(); ++k) {
          testing::expect_same(straight[k], there[k]);
          testing::expect_same(straight[k], back[k]);
        }
      }
    } catch (const Failure& failure) {
      std::printf("%s\n", failure.what());  // this machine lacks the level
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Resume, ::testing::ValuesIn(variants()),
                         [](const auto& each) { return each.param.name; });

TEST(SavedState, IsTheSameFromEveryLevelAndAsItWasLoaded) {
  Variant variant{.name = "", .agents = 2};
  variant.hyper.norm_obs = variant.hyper.norm_reward = true;
  const Environment& environment = *find_environment(variant.env);
  CpuEngine plain = engine_for(variant, *environment.portable, 1);
  CpuEngine best = engine_for(variant, choose_level(environment).loops, 2);
  CpuEngine loaded = engine_for(variant, *environment.portable, 1);
  for (int part = 0; part < 3; ++part) {  // before the first update, too
    for (const std::int64_t k : {0, 1}) {
      testing::expect_same(plain.save(k), best.save(k));
      EXPECT_TRUE(testing::same_bytes(plain.save(k).moments, best.save(k).moments));
      EXPECT_TRUE(testing::same_bytes(plain.save(k).slot_discounted, best.save(k).slot_discounted));
      loaded.load(k, plain.save(k));
      testing::expect_same(plain.save(k), loaded.save(k));
    }
    EXPECT_EQ(plain.save(1).update, part);
    EXPECT_EQ(plain.save(1).seed, variant.hyper.seed + 1);
    plain.run(1);
    best.run(1);
  }
}

}  // namespace
}  // namespace ppo
