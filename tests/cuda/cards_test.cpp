// Several cards: the agents are dealt out to them and end with the bytes of their single runs.
#include "cuda/stand_in_runs.hpp"

namespace ppo::test {
namespace {

constexpr std::int64_t kUpdates = 4;

using CudaCards = OnStandIn;

Config five_agents(const std::string& device) {
  Config config = short_run();
  config.num_seeds = 5;
  config.run.device = device;
  return config;
}

TEST_F(CudaCards, TrainTheirAgentsAsOneDoes) {
  const auto wanted = expected(five_agents("cuda"), kUpdates);
  for (const int cards : {1, 2, 3}) {
    for (const std::int64_t per_call : {std::int64_t{1}, kUpdates}) {
      SCOPED_TRACE(::testing::Message() << cards << " cards, calls of " << per_call);
      stand_in::install({.devices = cards});
      const auto engine = make_engine(five_agents("cuda:all"), {.trace = true});
      const auto got = testing::run(*engine, 5, kUpdates, per_call);
      for (std::size_t k = 0; k < wanted.size(); ++k) testing::expect_same(wanted[k], got[k]);
    }
  }
}

TEST_F(CudaCards, ThatAreNamedAreTaken) {
  stand_in::install({.devices = 3});
  const auto engine = make_engine(five_agents("cuda:2,0"));
  EXPECT_EQ(engine->info().device, "cuda:2,0");
  EXPECT_EQ(engine->info().gpu, "2 x Stand-in");
  EXPECT_EQ(engine->run(2).size(), 2U * 5U);
}

TEST_F(CudaCards, AreNoMoreThanAgents) {
  stand_in::install({.devices = 3});
  Config config = five_agents("cuda:1,2");
  config.num_seeds = 1;
  EXPECT_EQ(make_engine(config)->info().device, "cuda:1");
}

TEST_F(CudaCards, ThatAreNotThereAreRefused) {
  stand_in::install({.devices = 2});
  const auto failure = failure_of(five_agents("cuda:0,2"));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->exit_code, kNoDevice);
  EXPECT_TRUE(contains(failure->what(), "device cuda:2: there are 2 CUDA devices")) << failure->what();
  stand_in::install({.devices = 0});
  EXPECT_EQ(failure_of(five_agents("cuda:all"))->exit_code, kNoDevice);
}

TEST_F(CudaCards, OfWhichOneFailsEndTheRunAndLeaveNothing) {
  for (const int nth : {1, 2, 3, 5}) {
    stand_in::install({.devices = 3});
    {
      const auto engine = make_engine(five_agents("cuda:all"));
      stand_in::fail({.function = "cudaGraphLaunch", .nth = nth, .error = cudaErrorUnknown});
      try {
        for (std::int64_t update = 0; update < kUpdates; ++update) engine->run(1);
        FAIL() << nth;
      } catch (const Failure& failure) {
        EXPECT_EQ(failure.exit_code, kRunFailed);
        EXPECT_TRUE(contains(failure.what(), "cudaGraphLaunch")) << failure.what();
      }
    }
    EXPECT_EQ(stand_in::leaks(), "");
  }
}

}  // namespace
}  // namespace ppo::test
