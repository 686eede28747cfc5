// The CUDA engine on the stand-in: the specification's bytes, whatever the grid and the launches, with
// nothing left behind.
#include "cuda/stand_in_runs.hpp"
#include "kernels/variants.hpp"

namespace ppo::test {
namespace {

constexpr std::int64_t kUpdates = 4;

using CudaEngineTest = OnStandIn;

/// The engine's outcome of the run is the specification's.
void expect_specified(const Config& config, std::int64_t per_call,
                      Instruments instruments = {.trace = true}) {
  const auto engine = make_engine(config, instruments);
  const auto got = testing::run(*engine, config.num_seeds, kUpdates, per_call);
  const auto wanted = expected(config, kUpdates);
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    SCOPED_TRACE(::testing::Message() << "agent " << k);
    testing::expect_same(wanted[k], got[k]);
  }
}

TEST_F(CudaEngineTest, GivesTheSpecifiedBytesForEveryGrid) {
  for (const int blocks : {0, 1, 2, 3}) {
    for (const std::int64_t agents : {1, 3}) {
      SCOPED_TRACE(::testing::Message() << agents << " agents, blocks_per_agent " << blocks);
      Config config = short_run();
      config.run.blocks_per_agent = blocks;
      config.num_seeds = agents;
      expect_specified(config, kUpdates);
    }
  }
}

TEST_F(CudaEngineTest, GivesTheSpecifiedBytesForEveryLaunchSize) {
  Config config = short_run();
  for (const int launch : {0, 1, 3, 4096}) {
    for (const std::int64_t per_call : {1, 2, 4}) {
      SCOPED_TRACE(::testing::Message() << "updates_per_launch " << launch << ", calls of " << per_call);
      config.run.updates_per_launch = launch;
      expect_specified(config, per_call);
    }
  }
}

TEST_F(CudaEngineTest, GivesTheSpecifiedBytesInEveryVariant) {
  Config config = short_run();
  config.run.blocks_per_agent = 3;
  for (const KernelVariant& variant : kKernelVariants) {
    SCOPED_TRACE(variant.name);
    expect_specified(config, kUpdates, {.trace = true, .variants = variant.bit});
    EXPECT_EQ(stand_in::launched_variants(), variant.bit);
  }
  expect_specified(config, kUpdates);
  EXPECT_EQ(stand_in::launched_variants(), 0U);  // a user's run
}

TEST_F(CudaEngineTest, TrainsMoreAgentsThanFit) {
  stand_in::install({.multiprocessors = 2});
  Config config = short_run();
  config.num_seeds = 5;
  EXPECT_EQ(make_engine(config)->info().num_teams, 2);
  expect_specified(config, kUpdates);
}

TEST_F(CudaEngineTest, SaysWhereItTrains) {
  Config config = short_run();
  config.run.blocks_per_agent = 2;
  config.num_seeds = 9;
  const auto engine = make_engine(config);
  EXPECT_EQ(engine->info().device, "cuda:0");
  EXPECT_EQ(engine->info().gpu, "Stand-in");
  EXPECT_EQ(engine->info().blocks_per_agent, 2);
  EXPECT_EQ(engine->info().num_teams, 2);
}

TEST_F(CudaEngineTest, KeepsTwoLaunchesQueued) {
  Config config = short_run();
  config.run.updates_per_launch = 2;
  const auto engine = make_engine(config);
  ASSERT_EQ(engine->depth(), 2);
  ASSERT_EQ(engine->batch(), 2);
  engine->start(2);
  engine->start(1);
  EXPECT_EQ(stand_in::queued_launches(), 2);
  const auto first = engine->collect();
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(stand_in::queued_launches(), 1);
  engine->start(1);
  EXPECT_EQ(first[0].update, 0);  // the rows outlive a start
  EXPECT_EQ(first[1].update, 1);
  EXPECT_EQ(engine->collect()[0].update, 2);
  EXPECT_EQ(engine->collect()[0].update, 3);
  EXPECT_EQ(stand_in::queued_launches(), 0);
  EXPECT_EQ(engine->params(0).size(),
            static_cast<std::size_t>(find_environment("cartpole")->info().layout(64).size()));
}

TEST_F(CudaEngineTest, CopiesNoMoreRowsThanThereAre) {
  const auto engine = make_engine(short_run());
  for (const std::int64_t updates : {2, 1, 3}) {
    engine->run(updates);
    EXPECT_EQ(stand_in::copied_bytes(), static_cast<std::size_t>(updates) * sizeof(UpdateRow));
  }
}

TEST_F(CudaEngineTest, ParametersAreThoseOfNow) {
  const auto engine = make_engine(short_run());
  const auto params = [&] {
    const std::span<const float> now = engine->params(0);
    return std::vector<float>(now.begin(), now.end());
  };
  const std::vector<float> first = params();
  engine->run(1);
  const std::vector<float> second = params();
  EXPECT_FALSE(testing::same_bytes(first, second));
  EXPECT_TRUE(testing::same_bytes(second, expected(short_run(), 1)[0].params));
}

TEST_F(CudaEngineTest, KeepsTheParametersOfOneAgentAtATime) {
  Config config = short_run();
  config.num_seeds = 3;
  const auto engine = make_engine(config);
  EXPECT_EQ(engine->params(0).data(), engine->params(2).data());
}

TEST_F(CudaEngineTest, InstantiatesAGraphOnlyForAnotherNumberOfUpdates) {
  Config config = short_run();
  config.run.blocks_per_agent = 2;
  config.run.updates_per_launch = 3;
  const auto engine = make_engine(config);
  const auto instances = [] { return stand_in::calls()["cudaGraphInstantiate"]; };
  EXPECT_EQ(instances(), 2);
  for (int i = 0; i < 4; ++i) engine->run(3);
  EXPECT_EQ(instances(), 2);
  for (int i = 0; i < 4; ++i) engine->run(2);
  EXPECT_EQ(instances(), 4);
}

TEST_F(CudaEngineTest, SavesTheBytesThatTheCpuSaves) {
  Config config = short_run();
  Config on_cpu = config;
  on_cpu.run.device = "cpu";
  const auto cuda = make_engine(config, {.trace = true});
  const auto cpu = make_engine(on_cpu, {.trace = true});
  for (int update = 0; update < 2; ++update) {
    testing::expect_same(cuda->save(0), cpu->save(0));
    cuda->run(1);
    cpu->run(1);
  }
}

TEST_F(CudaEngineTest, EndsWithLaunchesQueued) {
  const auto engine = make_engine(short_run());
  engine->start(1);
  engine->start(1);
}

TEST_F(CudaEngineTest, FitsTheLaunchesIntoTenMilliseconds) {
  struct Case {
    float milliseconds_per_update;
    std::int64_t num_seeds, batch;
  };
  for (const Case& c : {Case{4, 1, 2}, Case{0.5, 1, 20}, Case{11, 1, 1}, Case{1000, 1, 1}, Case{0, 1, 4096},
                        Case{0, 2, 4096}}) {
    SCOPED_TRACE(c.milliseconds_per_update);
    // The first launch takes long, as on a card where it loads the kernel.
    stand_in::install({.milliseconds_per_update = c.milliseconds_per_update, .first_launches_ms = {70}});
    Config config = short_run();
    config.num_seeds = c.num_seeds;
    const auto engine = make_engine(config);
    EXPECT_EQ(engine->batch(), 1);
    engine->run(1);
    EXPECT_EQ(engine->batch(), 1);
    engine->run(1);
    EXPECT_EQ(engine->batch(), c.batch);
    EXPECT_EQ(engine->info().updates_per_launch, c.batch);
  }
}

TEST_F(CudaEngineTest, RowsOfALaunchAreBounded) {
  Config config = short_run();
  config.num_seeds = 100;
  EXPECT_EQ(make_engine(config)->capacity(), 655);
  config.run.updates_per_launch = 656;
  EXPECT_EQ(make_engine(config)->capacity(), 655);
  EXPECT_EQ(make_engine(config)->batch(), 655);
  config.run.updates_per_launch = 7;
  EXPECT_EQ(make_engine(config)->capacity(), 7);
}

TEST_F(CudaEngineTest, TheProfileAddsUpToTheDevicesTime) {
  Config config = short_run();
  config.run.blocks_per_agent = 1;
  const auto engine = make_engine(config, {.profile = true});
  engine->run(3);
  double sum = 0;
  for (const StageTime& time : engine->profile()) sum += time.work + time.wait;
  EXPECT_NEAR(sum, 3 * 0.004, 1e-9);
  EXPECT_EQ(make_engine(config)->profile()[0].work, 0);
  EXPECT_EQ(make_engine(config)->trace_hash(0), 0U);
}

}  // namespace
}  // namespace ppo::test
