// What `--device auto` takes, from sizes alone.
#include "engine/choice/choose_engine.hpp"

#include <gtest/gtest.h>

#include "config/config_file.hpp"
#include "config/presets.hpp"
#include "engine/choice/costs.hpp"

namespace ppo::test {
namespace {

constexpr Card kH200{.multiprocessors = 132, .ghz = 1.98, .fp32_lanes = 128};
const Processor kTwoCores{.simd = "avx512", .threads = 2};

Workload cartpole(std::int64_t agents, std::int64_t total_timesteps) {
  Config config;
  config.num_seeds = agents;
  config.hyper.total_timesteps = total_timesteps;
  return workload_of(config);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ChooseEngine, TakesTheCpuForEveryCartPolePresetWithoutAskingTheDriver) {
  for (const char* name : {"cartpole", "cartpole-v1"}) {
    const Workload work = workload_of(parse_config(find_preset(name)->toml, name));
    const std::optional<EngineChoice> choice = choose_without_driver(work, kTwoCores);
    ASSERT_TRUE(choice) << name;
    EXPECT_FALSE(choice->takes_cuda);
    EXPECT_TRUE(choice->reason.starts_with("done in about 0.")) << choice->reason;
    EXPECT_TRUE(contains(choice->reason, "before a GPU would make up for its start")) << choice->reason;
  }
}

TEST(ChooseEngine, TakesALargeCardForPopulationsAndLongRuns) {
  for (const Workload& work : {cartpole(1024, 500'000), cartpole(1, 100'000'000)}) {
    EXPECT_FALSE(choose_without_driver(work, kTwoCores));
    const EngineChoice choice = choose_engine(work, kTwoCores, kH200);
    EXPECT_TRUE(choice.takes_cuda);
    EXPECT_LT(*choice.cuda_s, choice.cpu_s);
    EXPECT_TRUE(contains(choice.reason, ", on the CPU in about ")) << choice.reason;
  }
}

TEST(ChooseEngine, TakesTheCpuWhereManyCoresMeetASmallCard) {
  const EngineChoice choice =
      choose_engine(cartpole(1024, 500'000), {"avx512", 64}, {.multiprocessors = 8, .ghz = 1.5});
  EXPECT_FALSE(choice.takes_cuda);
  EXPECT_TRUE(contains(choice.reason, "done in about 16 s, on a GPU in about ")) << choice.reason;
  EXPECT_TRUE(choice.has_card);
}

/// Once, and where the card saves a start.
TEST(ChooseEngine, GoesOverToTheCardAsARunGrows) {
  bool on_card = false;
  for (std::int64_t updates = 1; updates < 1000; ++updates) {
    Workload work = cartpole(1, 500'000);
    work.updates = updates;
    const EngineChoice choice = choose_engine(work, kTwoCores, kH200);
    EXPECT_TRUE(choice.takes_cuda || !on_card) << updates;
    EXPECT_EQ(choice.takes_cuda, choice.cpu_s - *choice.cuda_s > costs::kCudaStart);
    if (choose_without_driver(work, kTwoCores)) {
      EXPECT_FALSE(choice.takes_cuda) << updates;
    }
    on_card = choice.takes_cuda;
  }
  EXPECT_TRUE(on_card);
}

TEST(ChooseEngine, CountsOnlyTheUpdatesThatAreLeft) {
  Config config;
  config.hyper.total_timesteps = 100'000'000;
  const std::int64_t updates = num_updates(config.hyper);
  EXPECT_FALSE(choose_without_driver(workload_of(config), kTwoCores));
  EXPECT_EQ(workload_of(config, updates - 3).updates, 3);
  EXPECT_TRUE(choose_without_driver(workload_of(config, updates - 3), kTwoCores));
}

TEST(ChooseEngine, PutsTimesIntoWords) {
  const auto reason = [](double seconds) {
    Workload work = cartpole(1, 500'000);
    work.updates = 1'000'000;
    const double per_update = cpu_seconds(work, kTwoCores) * 1e-6;
    work.updates = static_cast<std::int64_t>(seconds / per_update);
    return choose_without_card(work, kTwoCores).reason;
  };
  EXPECT_EQ(reason(0.001), "done in about 0.1 s; there is no usable GPU");
  EXPECT_EQ(reason(3.14), "done in about 3.1 s; there is no usable GPU");
  EXPECT_EQ(reason(42), "done in about 42 s; there is no usable GPU");
  EXPECT_EQ(reason(600), "done in about 10 min; there is no usable GPU");
  EXPECT_EQ(reason(36'000), "done in about 10 h; there is no usable GPU");
}

TEST(ChooseEngine, ReadsTheFactsOfADevice) {
  CudaDevice device;
  device.major = 7;
  device.multiprocessors = 40;
  device.ghz = 1.59;
  EXPECT_EQ(card_of(device).multiprocessors, 40);
  EXPECT_EQ(card_of(device).fp32_lanes, 64);
  EXPECT_EQ(card_of(device).ghz, 1.59);
  device.ghz = 0;  // one that keeps its clock to itself
  EXPECT_EQ(card_of(device).ghz, costs::kUnknownClock);
}

}  // namespace
}  // namespace ppo::test
