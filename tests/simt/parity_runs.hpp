// Trainings under the emulator beside those of the CPU engine.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "kernels/loops.hpp"
#include "parity/shapes.hpp"
#include "simt/training.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo::testing {

inline constexpr std::int64_t kUpdates = 3;

inline Hyper hyper_of(std::string_view name) {
  const auto same = [&](const test::Shape& shape) { return shape.name == name; };
  return std::find_if(std::begin(test::kShapes), std::end(test::kShapes), same)->hyper;
}

template <class Env>
std::vector<Outcome> expected(const Population& population, std::int64_t updates) {
  static constexpr EnvironmentLoops kLoops = reference::loops<Env>("test");
  CpuEngine engine(kLoops, population, EngineInfo{"cpu", "test", 1}, {.trace = true});
  return run(engine, population.count(), updates, updates);
}

template <class Env>
std::vector<Outcome> expected(const Hyper& hyper, std::int64_t num_agents, std::int64_t updates) {
  return expected<Env>(population_of(hyper, num_agents), updates);
}

template <class Env>
std::vector<Outcome> outcomes_of(const simt::Training& training, const Sizes& sizes,
                                 std::int64_t num_agents) {
  const auto agents = static_cast<std::size_t>(num_agents);
  std::vector<Outcome> outcomes(agents);
  for (std::size_t i = 0; i < training.rows().size(); ++i)
    outcomes[i % agents].rows.push_back(training.rows()[i]);
  for (std::size_t k = 0; k < agents; ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    const float* params = training.params(agent);
    outcomes[k].params.assign(params, params + layout_of<Env>(sizes.hidden_size).size());
    outcomes[k].trace = training.trace_hash(agent);
  }
  return outcomes;
}

template <class Env>
std::vector<Outcome> emulated(const Population& population, const simt::Teams& teams, std::int64_t updates,
                              std::int64_t per_launch, simt::Schedule schedule, std::uint32_t variants = 0) {
  static const CudaKernels kernels = cuda_kernels<Env>();
  simt::Training training(*kernels.find(population.sizes.hidden_size), population, teams);
  training.set_variants(variants);
  for (std::int64_t done = 0; done < updates; done += per_launch, ++schedule.seed) {
    training.run(std::min(per_launch, updates - done), schedule);
  }
  return outcomes_of<Env>(training, population.sizes, teams.num_agents);
}

template <class Env>
std::vector<Outcome> emulated(const Hyper& hyper, const simt::Teams& teams, std::int64_t updates,
                              std::int64_t per_launch, simt::Schedule schedule, std::uint32_t variants = 0) {
  return emulated<Env>(population_of(hyper, teams.num_agents), teams, updates, per_launch, schedule,
                       variants);
}

template <class Env>
void expect_parity(const Population& population, const simt::Teams& teams, std::int64_t per_launch,
                   simt::Starve starve, std::int64_t updates = kUpdates) {
  SCOPED_TRACE(::testing::Message() << teams.num_agents << " agents, " << teams.num_teams << " teams of "
                                    << teams.blocks_per_agent << ", " << per_launch << " updates a launch, "
                                    << population.sizes.hidden_size << " units");
  const auto blocks = static_cast<std::uint64_t>(teams.blocks_per_agent);
  const simt::Schedule schedule{.seed = population.agents[0].seed + blocks, .starve = starve};
  const auto want = expected<Env>(population, updates);
  const auto got = emulated<Env>(population, teams, updates, per_launch, schedule);
  for (std::size_t k = 0; k < want.size(); ++k) expect_same(want[k], got[k]);
}

template <class Env>
void expect_parity(const Hyper& hyper, const simt::Teams& teams, std::int64_t per_launch, simt::Starve starve,
                   std::int64_t updates = kUpdates) {
  expect_parity<Env>(population_of(hyper, teams.num_agents), teams, per_launch, starve, updates);
}

inline Hyper with_hidden_size(Hyper hyper, int hidden_size) {
  hyper.hidden_size = hidden_size;
  return hyper;
}

/// Both activations and all combinations of the running statistics, in turn.
inline Hyper varied(Hyper hyper, int turn) {
  hyper.activation = turn % 2 == 0 ? Activation::relu : Activation::tanh;
  hyper.norm_obs = turn % 3 != 1;
  hyper.norm_reward = turn % 3 != 0;
  hyper.log_std_init = -0.5F;
  return hyper;
}

}  // namespace ppo::testing
