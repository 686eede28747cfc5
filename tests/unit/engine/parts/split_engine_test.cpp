// Engines in other places, and engines made of them, train as one engine does, to the bit.
#include "engine/parts/split_engine.hpp"

#include <gtest/gtest.h>

#include "engine/parts/served_engine.hpp"
#include "thread_channel.hpp"
#include "unit/engine/mixed_population.hpp"

namespace ppo {
namespace {

using testing::Lifetimes;
using testing::Trained;

constexpr std::int64_t kUpdates = 4;

const Population kPopulation = testing::mixed_population({.total_timesteps = kUpdates * 19 * 12,
                                                          .num_envs = 19,
                                                          .num_steps = 12,
                                                          .num_minibatches = 3,
                                                          .max_episode_steps = 9,
                                                          .hidden_size = 32});

EngineOrder order_of(const Population& population) {
  EngineOrder order{.env = "cartpole", .run = {}, .population = population, .instruments = {.trace = true}};
  order.run.device = "cpu";
  order.run.threads = 1;
  return order;
}

std::unique_ptr<Engine> served(const Population& population) {
  auto engine = std::make_unique<ServedEngine>(std::make_unique<ThreadChannel>(), order_of(population));
  engine->wait_until_made();
  return engine;
}

/// Of so many served engines and one of this thread.
std::unique_ptr<Engine> split(std::size_t parts) {
  std::vector<std::unique_ptr<Engine>> engines;
  for (std::size_t part = 0; part < parts; ++part) {
    const Population some = dealt(kPopulation, part, parts);
    engines.push_back(part > 0 ? served(some) : make_local_engine(order_of(some)));
  }
  return std::make_unique<SplitEngine>(std::move(engines), kPopulation.count(), EngineInfo{"cpu"});
}

class SplitEngines : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Parts, SplitEngines, ::testing::Values(1, 2, 3, 5));

TEST_P(SplitEngines, AreTheSingleRunsOfTheirAgents) {
  for (const Lifetimes& lifetimes : {Lifetimes(5, kUpdates), Lifetimes{2, kUpdates, 0, kUpdates, 3}}) {
    const Trained wanted =
        testing::trained_alone(*find_environment("cartpole")->portable, kPopulation, lifetimes, kUpdates);
    for (const std::int64_t per_call : {1, 3}) {
      const auto engine = split(GetParam());
      testing::expect_same(wanted, testing::trained_by(*engine, lifetimes, kUpdates, per_call));
    }
  }
}

TEST_P(SplitEngines, GoOnFromEachOthersStates) {
  const auto whole = split(1);
  whole->run(kUpdates);
  const auto first = split(GetParam());
  first->run(1);
  const auto second = split(GetParam() % 5 + 1);
  for (std::int64_t k = 0; k < 5; ++k) second->load(k, first->save(k));
  second->run(kUpdates - 1);
  for (std::int64_t k = 0; k < 5; ++k) {
    EXPECT_EQ(second->save(k).params, whole->save(k).params) << k;
    EXPECT_EQ(second->save(k).moment2, whole->save(k).moment2) << k;
    EXPECT_EQ(second->trace_hash(k), whole->trace_hash(k)) << k;
    EXPECT_EQ(second->policy(k).params, whole->policy(k).params) << k;
  }
}

TEST_P(SplitEngines, AreTunedAgentByAgent) {
  const Population others = testing::retuned(kPopulation);
  const auto whole = split(1);
  const auto parts = split(GetParam());
  for (Engine* engine : {whole.get(), parts.get()}) {
    engine->run(1);
    for (std::int64_t k = 0; k < 5; ++k) engine->tune(k, others.agents[static_cast<std::size_t>(k)]);
    engine->run(1);
  }
  for (std::int64_t k = 0; k < 5; ++k) {
    EXPECT_EQ(parts->save(k).params, whole->save(k).params) << k;
    EXPECT_EQ(parts->hyper(k).lr, others.agents[static_cast<std::size_t>(k)].lr) << k;
  }
}

TEST_P(SplitEngines, KnowWhoseParametersAreNoNumbers) {
  const auto engine = split(GetParam());
  for (std::int64_t k = 0; k < 5; ++k) EXPECT_TRUE(engine->has_finite_params(k)) << k;
  AgentState state = engine->save(3);
  state.params[17] = std::numeric_limits<float>::infinity();
  engine->load(3, state);
  for (std::int64_t k = 0; k < 5; ++k) EXPECT_EQ(engine->has_finite_params(k), k != 3) << k;
}

TEST(ServedEngine, PassesOnWhyItCannotBeMade) {
  Population large = kPopulation;
  large.sizes.num_envs = 1 << 20;
  large.sizes.num_steps = 1 << 20;
  try {
    served(large);
    FAIL();
  } catch (const NotEnoughMemory& failure) {
    EXPECT_TRUE(std::string(failure.what()).starts_with("this run needs ")) << failure.what();
    EXPECT_FALSE(failure.advice.empty());
  }
  EngineOrder order = order_of(kPopulation);
  order.run.device = "cuda:17";
  ServedEngine engine(std::make_unique<ThreadChannel>(), order);
  try {
    engine.wait_until_made();
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kNoDevice);
  }
}

TEST(Message, CutShortIsRefused) {
  Message message;
  const std::string text = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  message.put_text(text);
  const std::string whole = message.take();
  EXPECT_EQ(Message(whole).get_text(), text);
  for (std::string part = whole; !part.empty();) {
    part.pop_back();
    EXPECT_THROW(Message(part).get_text(), Failure) << part.size();
  }
}

}  // namespace
}  // namespace ppo
