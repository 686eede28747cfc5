// How long runs take on either engine: held against what was measured, and what a model of the card says.
#include "engine/choice/estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/choice/costs.hpp"
#include "read_file.hpp"

namespace ppo::test {
namespace {

using nlohmann::json;

json results(const std::string& file) {
  return json::parse(read_file(std::string(PPO_SOURCE_DIR) + "/bench/results/" + file));
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Workload workload(const json& config) {
  Workload work{.env = find_environment(config.at("env").get<std::string>())->info(), .hyper = {}};
  work.hyper.num_envs = config.at("num_envs");
  work.hyper.num_steps = config.at("num_steps");
  work.hyper.hidden_size = config.value("hidden_size", work.hyper.hidden_size);  // once not a key
  work.hyper.num_minibatches = config.at("num_minibatches");
  work.hyper.update_epochs = config.at("update_epochs");
  work.agents = config.at("num_seeds");
  return work;
}

/// The estimated time of an update over the measured one, of each team of a result of ppo_bench.
template <class Check>
void compare(const json& result, Check check) {
  const Workload work = workload(result.at("config"));
  const auto steps = static_cast<double>(work.agents * batch_size(work.hyper));
  for (const json& team : result.at("teams")) {
    const Processor processor{.simd = result.at("level"), .threads = team.at("threads")};
    SCOPED_TRACE(result.at("config").dump() + processor.simd + " x " + std::to_string(processor.threads));
    const double measured = steps / median(team.at("sps").get<std::vector<double>>());
    check(cpu_seconds(work, processor) / measured, processor.threads);
  }
}

TEST(Estimate, OfTheCpuIsWhatTheProcessorOfTheTableTook) {
  const json all = results("2026-11-28-estimates.json");
  ASSERT_GT(all.at("runs").size(), 10U);
  for (const json& result : all.at("runs")) {
    compare(result, [](double ratio, int threads) {
      EXPECT_GT(ratio, threads == 1 ? 0.85 : 0.8);
      EXPECT_LT(ratio, threads == 1 ? 1.1 : 1.75);
    });
  }
}

TEST(Estimate, OfTheCpuIsWithinAFactorOfTwoOnAnotherProcessor) {
  for (const char* file : {"avx512", "avx2", "scalar"}) {
    compare(results(std::string("2026-11-22-cpu-") + file + ".json"), [](double ratio, int) {
      EXPECT_GT(ratio, 0.5);
      EXPECT_LT(ratio, 2.0);
    });
  }
}

constexpr Card kH200{.multiprocessors = 132, .ghz = 1.98, .fp32_lanes = 128};

/// Of an update [us].
double cuda_us(const Workload& work, const Card& card) {
  return (cuda_seconds(work, card) - costs::kCudaStart) * 1e6;
}

/// Between what bench/gpu_model.py has added up and twice that: the model has no contention between blocks,
/// and what `auto` decides bears a factor of two.
TEST(Estimate, OfTheCudaEngineIsWithinAFactorOfTwoAboveTheModel) {
  Workload work{.env = find_environment("cartpole")->info(), .hyper = {}};
  EXPECT_GT(cuda_us(work, kH200), 222);
  EXPECT_LT(cuda_us(work, kH200), 2 * 222);
  work.agents = kH200.multiprocessors;
  EXPECT_GT(cuda_us(work, kH200), 8324);
  EXPECT_LT(cuda_us(work, kH200), 2 * 8324);
}

TEST(Estimate, GrowsWithTheWork) {
  const Workload base{.env = find_environment("cartpole")->info(), .hyper = {}, .agents = 300, .updates = 10};
  std::vector<Workload> more(6, base);
  more[0].updates *= 2;
  more[1].agents *= 2;
  more[2].hyper.num_envs *= 2;
  more[3].hyper.hidden_size *= 2;
  more[4].hyper.update_epochs *= 2;
  more[5].env = find_environment("acrobot")->info();
  for (const Workload& each : more) {
    SCOPED_TRACE(&each - more.data());
    for (const auto& level : costs::kLevels) {
      const Processor processor{.simd = std::string(level.level), .threads = 8};
      EXPECT_GT(cpu_seconds(each, processor), cpu_seconds(base, processor));
    }
    EXPECT_GT(cuda_seconds(each, kH200), cuda_seconds(base, kH200));
  }
}

TEST(Estimate, FallsWithWhatThereIsToComputeOn) {
  const Workload work{
      .env = find_environment("cartpole")->info(), .hyper = {}, .agents = 1000, .updates = 100};
  EXPECT_GT(cpu_seconds(work, {"avx2", 8}), cpu_seconds(work, {"avx512", 8}));
  EXPECT_GT(cpu_seconds(work, {"scalar", 8}), cpu_seconds(work, {"avx2", 8}));
  EXPECT_DOUBLE_EQ(cpu_seconds(work, {"avx512", 1}), 8 * cpu_seconds(work, {"avx512", 8}));
  for (const Card& less : {Card{66, 1.98, 128}, Card{132, 0.99, 128}, Card{132, 1.98, 64}}) {
    EXPECT_GT(cuda_seconds(work, less), cuda_seconds(work, kH200));
  }
}

TEST(Estimate, GivesAnAgentNoMoreThreadsOrBlocksThanHaveWork) {
  const Workload one{.env = find_environment("cartpole")->info(), .hyper = {}, .updates = 100};
  EXPECT_GT(cpu_seconds(one, {"avx512", 1000}), cpu_seconds(one, {"avx512", 1}) / 32);
  EXPECT_DOUBLE_EQ(cuda_seconds(one, {1000, 1.98, 128}), cuda_seconds(one, {128, 1.98, 128}));
}

TEST(Estimate, TakesTheBlocksThatTheConfigAsksFor) {
  Config config;
  config.run.blocks_per_agent = 1;
  const Workload asked = workload_of(config);
  EXPECT_GT(cuda_us(asked, kH200), 10 * cuda_us(workload_of(Config{}), kH200));
  config.run.blocks_per_agent = 128;
  EXPECT_DOUBLE_EQ(cuda_us(workload_of(config), kH200), cuda_us(workload_of(Config{}), kH200));
}

TEST(Estimate, TakesTwoThreadsOfACoreForOne) {
  const Workload work{
      .env = find_environment("cartpole")->info(), .hyper = {}, .agents = 1000, .updates = 100};
  EXPECT_DOUBLE_EQ(cpu_seconds(work, {"avx512", 8, 4}), cpu_seconds(work, {"avx512", 4}));
}

TEST(Estimate, CanCountTheLongestRunOfTheMostAgents) {
  Workload work{.env = find_environment("cartpole")->info(),
                .hyper = {},
                .agents = 65536,
                .updates = 1'000'000'000'000'000};
  EXPECT_GT(cpu_seconds(work, {"avx512", 1}), 1e15);
  EXPECT_GT(cuda_seconds(work, kH200), 1e12);
}

TEST(Estimate, KnowsTheCardsWithHalfTheLanes) {
  EXPECT_EQ(fp32_lanes(7, 5), 64);
  EXPECT_EQ(fp32_lanes(8, 0), 64);
  EXPECT_EQ(fp32_lanes(8, 9), 128);
  EXPECT_EQ(fp32_lanes(9, 0), 128);
}

}  // namespace
}  // namespace ppo::test
