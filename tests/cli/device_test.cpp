// Asking for a GPU where there is none. Where there is one, the tests hide it.
#include <gtest/gtest.h>

#include "engine/cuda/cuda.hpp"
#include "runs.hpp"
#include "system/pci.hpp"

namespace ppo::test {
namespace {

const std::vector<std::string> kNoGpu = {"CUDA_VISIBLE_DEVICES="};

class CliDevice : public testing::TestWithParam<const char*> {};

TEST_P(CliDevice, ThatIsNotThereIsExitCode3AndALineThatSaysWhatIs) {
  const TemporaryFolder folder;
  const Result result = run(kShort + Arguments{"--device", GetParam(), "--out", "run"},
                            {.folder = folder.path(), .environment = kNoGpu});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(result.err.starts_with("ppo_train: device " + std::string(GetParam()) + ": ")) << result.err;
  EXPECT_TRUE(contains(result.err, has_cuda_engine() ? "NVIDIA driver" : "built without CUDA")) << result.err;
  EXPECT_TRUE(contains(result.err, "use --device cpu")) << result.err;
  EXPECT_TRUE(folder.list().empty());
}

INSTANTIATE_TEST_SUITE_P(Each, CliDevice, testing::Values("cuda", "cuda:0", "cuda:7"),
                         [](const auto& each) { return "At" + std::to_string(each.index); });

/// Plugged in, and of use to this program as far as one can see without its driver.
bool sees_a_card() {
  return has_cuda_engine() && has_nvidia_card();
}

TEST(CliDeviceAuto, TrainsAShortRunOnTheCpuAndSpeaksOfAGpuOnlyWhereThereIsOne) {
  const TemporaryFolder folder;
  const Launch here{.folder = folder.path(), .environment = kNoGpu};
  const Result result = run(kShort + Arguments{"--device", "auto", "--out", "auto"}, here);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(contains(result.out, "on the CPU"), sees_a_card()) << result.out;
  EXPECT_EQ(contains(result.out, "--device cuda"), sees_a_card()) << result.out;
  ASSERT_EQ(run(kShort + Arguments{"--device", "cpu", "--out", "cpu"}, here).exit_code, 0);
  EXPECT_EQ(read_json(folder.path() / "auto" / "run.json").at("device"), "cpu");
  EXPECT_EQ(hash_of(folder.path() / "auto"), hash_of(folder.path() / "cpu"));
}

TEST(CliDeviceAuto, SaysNothingWhenItShallBeQuiet) {
  const Result result = run(kShort + Arguments{"--no-out", "--quiet"}, {.environment = kNoGpu});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(CliDeviceAuto, SaysNothingOfAGpuWhenTheCpuIsAskedFor) {
  const Result result = run(kShort + Arguments{"--no-out", "--device", "cpu"}, {.environment = kNoGpu});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_FALSE(contains(result.out, "CUDA")) << result.out;
}

TEST(CliDeviceAuto, OptionsOfTheCudaEngineChangeNothingElsewhere) {
  const TemporaryFolder folder;
  const Launch here{.folder = folder.path()};
  const Arguments cpu = kShort + Arguments{"--device", "cpu"};
  const Arguments options = {"--blocks-per-agent", "5", "--updates-per-launch", "3"};
  ASSERT_EQ(run(cpu + Arguments{"--out", "plain"}, here).exit_code, 0);
  ASSERT_EQ(run(cpu + options + Arguments{"--out", "set"}, here).exit_code, 0);
  EXPECT_EQ(hash_of(folder.path() / "plain"), hash_of(folder.path() / "set"));
}

}  // namespace
}  // namespace ppo::test
