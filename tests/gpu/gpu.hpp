// What the tests on a GPU share. Without one each of them skips and says so.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "bench/probes/probes.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo::test {

/// The first device that can train; its problem says why there is none.
inline const CudaDevice& usable_device() {
  static const CudaDevice device = [] {
    const CudaFacts facts = cuda_facts();
    CudaDevice none;
    none.problem = facts.problem;
    for (const CudaDevice& each : facts.devices) {
      if (each.problem.empty()) return each;
      none.problem += (none.problem.empty() ? "" : "; ") + each.problem;
    }
    return none;
  }();
  return device;
}

class Gpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!usable_device().problem.empty()) GTEST_SKIP() << "no CUDA device: " << usable_device().problem;
    probes::use_device(usable_device().index);
  }
};

/// The same run on the CPU.
inline Config on_cpu(Config config) {
  config.run.device = "cpu";
  return config;
}

inline Config on_gpu(Config config) {
  config.run.device = "cuda:" + std::to_string(usable_device().index);
  return config;
}

/// All agents' rows, parameters and traces.
inline std::vector<testing::Outcome> outcomes_of(const Config& config, std::int64_t updates,
                                                 std::int64_t per_call) {
  const auto engine = make_engine(config, {.trace = true});
  return testing::run(*engine, config.num_seeds, updates, per_call);
}

inline void expect_same(const std::vector<testing::Outcome>& wanted,
                        const std::vector<testing::Outcome>& got) {
  ASSERT_EQ(wanted.size(), got.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    SCOPED_TRACE("agent " + std::to_string(k));
    testing::expect_same(wanted[k], got[k]);
  }
}

}  // namespace ppo::test
