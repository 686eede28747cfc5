// Every call of a whole training fails once: an error that names it, and nothing is left behind.
#include "cuda/stand_in_runs.hpp"

namespace ppo::test {
namespace {

/// Two agents, all instruments, launches of different sizes.
Config config_of_all_calls() {
  Config config = short_run();
  config.num_seeds = 2;
  config.run.updates_per_launch = 2;
  config.run.blocks_per_agent = 2;
  return config;
}

void train() {
  const auto engine = make_engine(config_of_all_calls(), {.trace = true, .profile = true});
  engine->run(3);
  engine->params(1);
  engine->trace_hash(1);
  engine->load(0, engine->save(1));
  engine->retire(0);
  engine->run(1);
  engine->profile();
}

/// Giving back cannot fail in a way that anybody could act on; versions are only told.
bool may_fail(const std::string& function) {
  return function.ends_with("Destroy") || function.starts_with("cudaFreeHost") || function == "cudaFree" ||
         function == "cudaStreamSynchronize" || function.ends_with("GetVersion");
}

/// The first call of cudaSetDevice opens the device, the others choose it among several.
ExitCode code_of(const std::string& function, int nth) {
  return function == "cudaGetDeviceCount" || (function == "cudaSetDevice" && nth == 1) ? kNoDevice
                                                                                       : kRunFailed;
}

/// Trains with that failure. Returns its text, or nothing.
std::optional<Failure> train_with(const stand_in::Failing& failing) {
  stand_in::install({});
  stand_in::fail(failing);
  std::optional<Failure> failure;
  try {
    train();
  } catch (const Failure& thrown) {
    failure = thrown;
  }
  expect_nothing_left();
  return failure;
}

TEST(CudaFailures, OfEveryCallAreNamedAndLeaveNothing) {
  stand_in::install({});
  train();
  const auto calls = stand_in::calls();
  EXPECT_GT(calls.size(), 25U);
  for (const auto& [function, count] : calls) {
    for (int nth = 1; nth <= count; ++nth) {
      for (const bool for_good : {false, true}) {
        SCOPED_TRACE(::testing::Message() << function << ", call " << nth << (for_good ? ", for good" : ""));
        const auto failure =
            train_with({.function = function, .nth = nth, .error = cudaErrorUnknown, .for_good = for_good});
        // The last call of cudaSetDevice comes before all is given back.
        const bool unnoticed = may_fail(function) || (function == "cudaSetDevice" && nth == count);
        if (unnoticed && !for_good) {
          EXPECT_FALSE(failure) << failure->what();
        } else if (failure) {
          const bool named = for_good || contains(failure->what(), function);
          EXPECT_TRUE(named) << failure->what();
          EXPECT_FALSE(contains(failure->what(), "\n"));
          if (!for_good) {
            EXPECT_EQ(failure->exit_code, code_of(function, nth));
          }
        } else {
          EXPECT_TRUE(unnoticed);
        }
      }
    }
  }
}

TEST(CudaFailures, AKernelThatFailsIsADeviceFault) {
  const auto failure =
      train_with({.function = "cudaEventSynchronize", .error = cudaErrorIllegalAddress, .for_good = true});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->exit_code, kRunFailed);
  EXPECT_TRUE(contains(failure->what(), "device fault")) << failure->what();
  EXPECT_TRUE(contains(failure->what(), "cudaErrorIllegalAddress")) << failure->what();
  EXPECT_TRUE(contains(failure->what(), "--device cpu")) << failure->what();
}

TEST(CudaFailures, OfADisplaysWatchdogNameWhatToDo) {
  for (const char* function : {"cudaEventSynchronize", "cudaGraphLaunch"}) {
    const auto failure =
        train_with({.function = function, .error = cudaErrorLaunchTimeout, .for_good = true});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->exit_code, kRunFailed);
    for (const char* part :
         {function, "cudaErrorLaunchTimeout", "display", "--updates-per-launch", "--device cpu"}) {
      EXPECT_TRUE(contains(failure->what(), part)) << part << " in " << failure->what();
    }
  }
}

TEST(CudaFailures, AreNotBlamedOnALaterLaunch) {
  stand_in::install({});
  stand_in::fail({.function = "cudaMallocHost", .error = cudaErrorMemoryAllocation});
  EXPECT_THROW(train(), Failure);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

}  // namespace
}  // namespace ppo::test
