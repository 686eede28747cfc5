// --device auto on a machine with a card: which engine it takes, what it asks of the driver for that, and
// what it says.
#include <nlohmann/json.hpp>

#include "commands/info.hpp"
#include "commands/train.hpp"
#include "cuda/stand_in_runs.hpp"
#include "read_file.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

class CudaAuto : public OnStandIn {
 protected:
  void SetUp() override { stand_in::install({.shows_card = true}); }
};

Config short_auto_run() {
  Config config = short_run();
  config.run.device = "auto";
  return config;
}

TEST_F(CudaAuto, TakesTheCpuForAShortRunAndLeavesTheDriverAlone) {
  EXPECT_EQ(make_engine(short_auto_run())->info().device, "cpu");
  EXPECT_EQ(make_engine(short_auto_run())->info().note,
            "on the CPU: done in about 0.1 s, before a GPU would make up for its start; --device cuda uses "
            "the card");
  EXPECT_TRUE(stand_in::calls().empty());
}

TEST_F(CudaAuto, DoesNotSpeakOfCardsThatAreNotThereOrHaveNoKernel) {
  Config config = short_auto_run();
  config.hyper.hidden_size = 256;
  EXPECT_EQ(make_engine(config)->info().note, "");
  stand_in::install({});
  EXPECT_EQ(make_engine(short_auto_run())->info().note, "");
  EXPECT_TRUE(stand_in::calls().empty());
}

TEST_F(CudaAuto, TakesTheCardForALargePopulation) {
  stand_in::install({.multiprocessors = 132});
  Config config = endless_run();
  config.num_seeds = 300;
  const auto engine = make_engine(config);
  EXPECT_EQ(engine->info().device, "cuda:0");
  EXPECT_EQ(engine->info().num_teams, 132);
  EXPECT_EQ(engine->info().note, "");
}

TEST_F(CudaAuto, TakesTheCpuBesideASlowCardWithoutOpeningIt) {
  stand_in::install({.clock_khz = 1000});
  const auto engine = make_engine(endless_run());
  EXPECT_EQ(engine->info().device, "cpu");
  EXPECT_TRUE(engine->info().note.starts_with("on the CPU: done in about ")) << engine->info().note;
  EXPECT_TRUE(contains(engine->info().note, " h, on a GPU in about ")) << engine->info().note;
  EXPECT_TRUE(contains(engine->info().note, "; --device cuda uses the card")) << engine->info().note;
  for (const char* function : {"cudaSetDevice", "cudaFuncGetAttributes", "cudaMalloc", "cudaStreamCreate"}) {
    EXPECT_FALSE(stand_in::calls().contains(function)) << function;
  }
}

/// Nor has info another card in mind.
TEST_F(CudaAuto, JudgesTheFirstCardThatCanTrain) {
  stand_in::install({.devices = 2, .multiprocessors = 132, .small_devices = {0}});
  EXPECT_EQ(make_engine(endless_run())->info().device, "cuda:1");
  EXPECT_EQ(first_cuda_device(endless_run()).index, 1);
}

TEST_F(CudaAuto, DoesNotNeedTheClockOfACard) {
  stand_in::install({.clock_khz = 0});
  EXPECT_EQ(make_engine(endless_run())->info().device, "cuda:0");
}

TEST_F(CudaAuto, CountsOnlyWhatIsLeftOfAResumedRun) {
  const Config config = endless_run();
  EXPECT_EQ(make_engine(config, {}, 0, num_updates(config.hyper) - 2)->info().device, "cpu");
  EXPECT_TRUE(stand_in::calls().empty());
  EXPECT_EQ(make_engine(config, {}, 0, 2)->info().device, "cuda:0");
}

TEST_F(CudaAuto, IsOverruledByAnyDeviceThatIsNamed) {
  Config config = endless_run();
  config.run.device = "cpu";
  EXPECT_EQ(make_engine(config)->info().device, "cpu");
  EXPECT_EQ(make_engine(config)->info().note, "");
  EXPECT_TRUE(stand_in::calls().empty());
  EXPECT_EQ(make_engine(short_run())->info().device, "cuda:0");
}

TEST_F(CudaAuto, SaysOnceWhyARunIsOnTheCpuAndRecordsWhereItWas) {
  const TemporaryFolder folder;
  ::testing::internal::CaptureStdout();
  const int code =
      run_train({.config = short_auto_run(), .config_name = "test", .out = folder.path() / "run"});
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, kDone);
  EXPECT_TRUE(contains(out, "on the CPU: done in about 0.1 s")) << out;
  EXPECT_TRUE(contains(out, "cartpole on cpu (")) << out;
  const auto json = nlohmann::json::parse(read_file(folder.path() / "run" / "run.json"));
  EXPECT_EQ(json.at("device"), "cpu");
}

/// A card beyond any CPU, so that the outcome does not depend on the machine.
TEST_F(CudaAuto, IsExplainedByInfo) {
  stand_in::install({.multiprocessors = 100'000});
  ::testing::internal::CaptureStdout();
  run_info({});
  const std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_TRUE(contains(out, "auto          cartpole, 1 agent: ")) << out;
  EXPECT_TRUE(contains(out, "cartpole, 1,024 agents: cuda:0, done in about ")) << out;
  EXPECT_TRUE(contains(out, ", on the CPU in about ")) << out;
  ::testing::internal::CaptureStdout();
  run_info({.json = true});
  const auto json = nlohmann::json::parse(::testing::internal::GetCapturedStdout());
  EXPECT_EQ(json.at("cuda").at("devices").at(0).at("pci"), "00000000:65:00.0");
  const auto& choices = json.at("auto");
  EXPECT_EQ(choices.at(1).at("device"), "cuda:0");
  EXPECT_LT(choices.at(1).at("cuda_s"), choices.at(1).at("cpu_s"));
}

}  // namespace
}  // namespace ppo::test
