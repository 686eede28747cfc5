// Finding a device: what is said when there is none, or none that can train.
#include "cuda/stand_in_runs.hpp"
#include "engine/cuda/runtime.hpp"
#include "kernels/launch.hpp"

namespace ppo::test {
namespace {

Config on(const std::string& device) {
  Config config = device == "auto" ? endless_run() : short_run();
  config.run.device = device;
  return config;
}

/// `auto` trains on the CPU. Of a card that is there it says, in one line, why; without one it says nothing.
void expect_fallback(const std::string& reason) {
  const auto engine = make_engine(on("auto"));
  EXPECT_EQ(engine->info().device, "cpu");
  const std::string wanted = reason.empty() ? "" : "; training on the CPU";
  EXPECT_TRUE(contains(engine->info().note, reason)) << engine->info().note;
  EXPECT_TRUE(engine->info().note.ends_with(wanted)) << engine->info().note;
  EXPECT_EQ(engine->info().note.empty(), reason.empty()) << engine->info().note;
  EXPECT_FALSE(contains(engine->info().note, "--device"));
  EXPECT_EQ(engine->run(1).size(), 1U);
  EXPECT_EQ(stand_in::misuse(), "");
}

TEST(CudaDevice, NoDriver) {
  stand_in::install({.devices = 0, .driver = 0});
  expect_failure(on("cuda"), kNoDevice,
                 {"device cuda: ", "no NVIDIA driver", "libcuda.so.1", "--device cpu"});
  expect_failure(on("cuda:3"), kNoDevice, {"device cuda:3: ", "no NVIDIA driver"});
  expect_fallback("");
}

TEST(CudaDevice, ACardWithoutADriver) {
  stand_in::install({.devices = 0, .driver = 0, .shows_card = true});
  const std::string reason =
      "no NVIDIA driver was found (libcuda.so.1), although this machine has an NVIDIA card";
  expect_failure(on("cuda"), kNoDevice, {"device cuda: " + reason, "install the driver", "--device cpu"});
  expect_fallback(reason);
}

TEST(CudaDevice, ADriverOlderThanTheRuntime) {
  stand_in::install({.driver = 11040});
  const std::string runtime = std::to_string(CUDART_VERSION / 1000) + ".";
  expect_failure(on("cuda"), kNoDevice, {"CUDA 11.4", "older", "CUDA " + runtime, "--device cpu"});
  expect_fallback("CUDA 11.4");
}

TEST(CudaDevice, ADriverWithoutADevice) {
  stand_in::install({.devices = 0});
  expect_failure(on("cuda"), kNoDevice, {"shows no device", "CUDA_VISIBLE_DEVICES", "--device cpu"});
  expect_fallback("");
}

TEST(CudaDevice, ADriverThatDoesNotAnswer) {
  stand_in::install({});
  stand_in::fail({.function = "cudaGetDeviceCount", .error = cudaErrorSystemDriverMismatch});
  expect_failure(on("cuda"), kNoDevice, {"cudaGetDeviceCount", "--device cpu"});
  stand_in::install({});
  stand_in::fail({.function = "cudaGetDeviceCount", .error = cudaErrorSystemDriverMismatch});
  expect_fallback("cudaGetDeviceCount");
}

TEST(CudaDevice, AnIndexBeyondTheLast) {
  stand_in::install({.devices = 1});
  expect_failure(on("cuda:1"), kNoDevice, {"device cuda:1: ", "one CUDA device, cuda:0"});
  stand_in::install({.devices = 3});
  expect_failure(on("cuda:999"), kNoDevice, {"3 CUDA devices, cuda:0 to cuda:2"});
}

TEST(CudaDevice, AnArchitectureThatIsNotInTheBinary) {
  stand_in::install({.name = "Old", .major = 6, .minor = 1, .devices_without_code = {0}});
  expect_failure(on("cuda"), kNoDevice, {"cuda:0 (Old)", "compute capability 6.1", "sm_75", "compute_"});
  expect_fallback("compute capability 6.1");
}

TEST(CudaDevice, IsTheFirstThatCanTrainOrTheOneNamed) {
  stand_in::install({.devices = 3, .devices_without_code = {0}});
  EXPECT_EQ(make_engine(on("cuda"))->info().device, "cuda:1");
  EXPECT_EQ(make_engine(on("auto"))->info().device, "cuda:1");
  EXPECT_EQ(make_engine(on("cuda:2"))->info().device, "cuda:2");
  EXPECT_EQ(make_engine(on("cuda:2"))->info().gpu, "Stand-in");
  EXPECT_EQ(make_engine(on("auto"))->info().note, "");
  EXPECT_EQ(make_engine(on("cpu"))->info().device, "cpu");
  expect_failure(on("cuda:0"), kNoDevice, {"cuda:0 (Stand-in)", "compute capability"});
}

TEST(CudaDevice, ThatIsFullOrHoldsNoBlockIsPassedOver) {
  for (const char* asked : {"auto", "cuda"}) {
    for (const char* function : {"cudaSetDevice", "cudaFuncGetAttributes"}) {
      SCOPED_TRACE(function);
      stand_in::install({.devices = 2});
      stand_in::fail({.function = function, .error = cudaErrorMemoryAllocation});
      EXPECT_EQ(make_engine(on(asked))->info().device, "cuda:1");
      EXPECT_EQ(stand_in::misuse(), "");
    }
    stand_in::install({.devices = 2, .devices_without_room = {0}});
    const auto engine = make_engine(on(asked));
    EXPECT_EQ(engine->info().device, "cuda:1");
    EXPECT_EQ(engine->run(1).size(), 1U);
    EXPECT_EQ(stand_in::misuse(), "");
  }
}

TEST(CudaDevice, ThatCannotBeOpened) {
  stand_in::install({});
  stand_in::fail({.function = "cudaSetDevice", .error = cudaErrorDevicesUnavailable});
  expect_failure(on("cuda"), kNoDevice, {"cannot be opened", "cudaSetDevice"});
}

TEST(CudaDevice, ThatIsFull) {
  for (const char* function : {"cudaSetDevice", "cudaFuncGetAttributes"}) {
    const stand_in::Failing full{.function = function, .error = cudaErrorMemoryAllocation};
    for (const char* asked : {"cuda", "cuda:0"}) {
      stand_in::install({});
      stand_in::fail(full);
      expect_failure(on(asked), kNoDevice, {"cuda:0 (Stand-in) cannot be opened", function, "--device cpu"});
    }
    stand_in::install({});
    stand_in::fail(full);
    expect_fallback("cudaErrorMemoryAllocation");
  }
}

TEST(CudaDevice, WithTooLittleSharedMemory) {
  stand_in::install({.shared_bytes = 1024});
  expect_failure(on("cuda"), kNoDevice, {"1.0 KiB of shared memory", "needs", "--device cpu"});
  expect_fallback("1.0 KiB of shared memory");
}

TEST(CudaDevice, WithRoomForSmallNetworksOnly) {
  stand_in::install({.shared_bytes = 99 << 10});
  Config config = on("cuda");
  config.hyper.hidden_size = 128;
  expect_failure(config, kNoDevice, {"99.0 KiB of shared memory", "hidden_size 128 needs"});
  for (const int small : {32, 64}) {
    config.hyper.hidden_size = small;
    EXPECT_EQ(make_engine(config)->run(1).size(), 1U);
  }
}

TEST(CudaDevice, ThatRunsCodeOfAnArchitectureWithLessRoom) {
  stand_in::install({.name = "Future", .major = 13, .ptx_version = 120});
  Config config = on("cuda");
  config.hyper.hidden_size = 128;
  expect_failure(
      config, kNoDevice,
      {"cuda:0 (Future) runs this program's code for compute capability 12.0, which gives a block 99.0 KiB",
       "hidden_size 128 needs"});
  config.hyper.hidden_size = 64;
  EXPECT_EQ(make_engine(config)->run(1).size(), 1U);
}

TEST(CudaDevice, TrainsTheHiddenSizesThatThereAreKernelsFor) {
  stand_in::install({});
  Config config = on("cuda");
  config.hyper.hidden_size = 256;
  expect_failure(config, kNoDevice, {"hidden_size 32, 64 and 128, not 256", "--device cpu"});
  config = on("auto");
  config.hyper.hidden_size = 256;
  EXPECT_EQ(make_engine(config)->info().device, "cpu");
  EXPECT_TRUE(contains(make_engine(config)->info().note, "not 256; training on the CPU"));
  stand_in::install({.devices = 0, .driver = 0});
  EXPECT_EQ(make_engine(config)->info().note, "");
}

TEST(CudaDevice, ThatHoldsNoBlock) {
  stand_in::install({.blocks_per_multiprocessor = 0});
  expect_failure(on("cuda"), kNoDevice, {"cuda:0 (Stand-in)", "not a single block", "--device cpu"});
  expect_fallback("not a single block");
}

TEST(CudaDevice, ThatHoldsFewerBlocksThanAskedFor) {
  stand_in::install({.multiprocessors = 3, .blocks_per_multiprocessor = 2});
  Config config = on("cuda");
  config.run.blocks_per_agent = 7;
  expect_failure(config, kWrongInput, {"blocks_per_agent 7", "--blocks-per-agent 6"});
}

TEST(CudaDevice, ThatRefusesACooperativeLaunch) {
  stand_in::install({});
  stand_in::fail({.function = "cudaGraphInstantiate", .error = cudaErrorCooperativeLaunchTooLarge});
  expect_failure(on("cuda"), kRunFailed, {"cudaGraphInstantiate", "--blocks-per-agent"});
}

TEST(CudaDevice, WithTooLittleMemorySaysHowMuch) {
  stand_in::install({.memory = 100'000});
  expect_failure(on("cuda"), kWrongInput,
                 {"cudaMalloc", " KiB asked for, 97.6 KiB free", "num_envs", "num_seeds", "--device cpu"});
  Config config = on("auto");  // no reason to train elsewhere: who has a GPU wants to know
  expect_failure(config, kWrongInput, {"cudaMalloc"});
}

TEST(CudaDevice, WithTooLittleMemoryForMoreThanCanBeCounted) {
  stand_in::install({});
  Config config = on("cuda");
  config.num_seeds = 65536;
  config.hyper.num_envs = 1 << 20;
  config.hyper.num_steps = 1 << 10;
  config.hyper.num_minibatches = 1 << 10;
  config.hyper.total_timesteps = 2'000'000'000;
  expect_failure(config, kWrongInput, {"cudaMalloc", "65536 x "});
}

TEST(CudaFacts, NameWhatThereIs) {
  stand_in::install({.devices = 2, .name = "Card", .major = 8, .minor = 6, .devices_without_code = {1}});
  const CudaFacts facts = cuda_facts();
  EXPECT_EQ(facts.problem, "");
  EXPECT_EQ(facts.driver, facts.runtime);
  ASSERT_GE(facts.architectures.size(), 2U);
  EXPECT_EQ(facts.architectures.front(), "sm_75");
  EXPECT_TRUE(facts.architectures.back().starts_with("compute_"));
  ASSERT_EQ(facts.devices.size(), 2U);
  EXPECT_EQ(facts.devices[0].name, "Card");
  EXPECT_EQ(facts.devices[0].major, 8);
  EXPECT_EQ(facts.devices[0].minor, 6);
  EXPECT_EQ(facts.devices[0].multiprocessors, 4);
  EXPECT_DOUBLE_EQ(facts.devices[0].ghz, 1.98);
  EXPECT_EQ(facts.devices[0].problem, "");
  EXPECT_EQ(facts.devices[1].index, 1);
  EXPECT_TRUE(contains(facts.devices[1].problem, "compute capability 8.6"));
}

TEST(CudaFacts, NeverThrow) {
  stand_in::install({.devices = 0, .driver = 0});
  EXPECT_EQ(cuda_facts().driver, "");
  EXPECT_TRUE(contains(cuda_facts().problem, "no NVIDIA driver"));
  for (const char* function :
       {"cudaDriverGetVersion", "cudaRuntimeGetVersion", "cudaGetDeviceCount", "cudaGetDeviceProperties",
        "cudaDeviceGetAttribute", "cudaSetDevice", "cudaFuncGetAttributes"}) {
    SCOPED_TRACE(function);
    stand_in::install({});
    stand_in::fail({.function = function});
    EXPECT_NO_THROW(cuda_facts());
    EXPECT_EQ(stand_in::misuse(), "");
  }
}

}  // namespace
}  // namespace ppo::test
