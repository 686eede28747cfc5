// What the tests of the CUDA engine share: a short run, and looking at what the stand-in has seen.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "cuda_stand_in/stand_in.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo::test {

/// Sizes that divide nothing, and every option that changes what the kernel does.
inline Config short_run() {
  Config config;
  config.hyper = {{.total_timesteps = 8 * 5 * 6,
                   .num_envs = 5,
                   .num_steps = 6,
                   .num_minibatches = 2,
                   .max_episode_steps = 4},
                  {.seed = 11, .lr = 3e-3F, .update_epochs = 2, .anneal_lr = true}};
  config.run.device = "cuda";
  return config;
}

/// The same for so long that `auto` wants a card, even that of the stand-in, whatever machine tests run on.
inline Config endless_run() {
  Config config = short_run();
  config.hyper.total_timesteps = 1'000'000'000'000;
  config.run.device = "auto";
  config.run.simd = "scalar";
  config.run.threads = 1;
  return config;
}

/// The specification's outcome of that run, one an agent.
inline std::vector<testing::Outcome> expected(const Config& config, std::int64_t updates) {
  CpuEngine engine(*find_environment(config.env)->portable, population_of(config),
                   EngineInfo{"cpu", "test", 1}, {.trace = true});
  return testing::run(engine, config.num_seeds, updates, updates);
}

/// What the engine says when it is made, if it cannot be.
inline std::optional<Failure> failure_of(const Config& config) {
  try {
    make_engine(config);
  } catch (const Failure& failure) {
    return failure;
  }
  return std::nullopt;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Everything was given back, and nothing was done that a card would refuse.
inline void expect_nothing_left() {
  EXPECT_EQ(stand_in::leaks(), "");
  EXPECT_EQ(stand_in::misuse(), "");
}

/// Starts with a machine of one card, unless the test installs another.
class OnStandIn : public ::testing::Test {
 protected:
  void SetUp() override { stand_in::install({}); }
  void TearDown() override { expect_nothing_left(); }
};

/// One line that holds each of `parts`, and nothing left behind.
inline void expect_failure(const Config& config, ExitCode code, const std::vector<std::string>& parts) {
  const std::optional<Failure> failure = failure_of(config);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->exit_code, code) << failure->what();
  for (const std::string& part : parts) {
    EXPECT_TRUE(contains(failure->what(), part)) << part << " in " << failure->what();
  }
  EXPECT_FALSE(contains(failure->what(), "\n"));
  expect_nothing_left();
}

}  // namespace ppo::test
