// The plain engine over any environment, and everything about a run that must be the same in another.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "engine/cpu/cpu_engine.hpp"
#include "engine/cpu/reference/loops.hpp"

namespace ppo::testing {

template <IsEnv Env>
inline constexpr EnvironmentLoops kLoops = reference::loops<Env>("test");

template <IsEnv Env>
CpuEngine make_engine(const Hyper& hyper, std::int64_t num_agents = 1) {
  return CpuEngine(kLoops<Env>, population_of(hyper, num_agents), EngineInfo{"cpu", "test", 1},
                   {.trace = true});
}

/// One agent's run: rows, parameters and trace.
struct Outcome {
  std::vector<UpdateRow> rows;
  std::vector<float> params;
  std::uint64_t trace = 0;
};

/// How many updates each agent trains [K].
using Lifetimes = std::vector<std::int64_t>;

/// Runs the updates from `first` to `end` in calls of `per_call` at most. An agent retires at the end of its
/// lifetime, and again before each call after that. One outcome an agent.
inline std::vector<Outcome> run(Engine& engine, const Lifetimes& lifetimes, std::int64_t first,
                                std::int64_t end, std::int64_t per_call) {
  std::vector<Outcome> outcomes(lifetimes.size());
  for (std::int64_t now = first, next = 0; now < end; now = next) {
    next = std::min(now + per_call, end);
    for (std::size_t k = 0; k < lifetimes.size(); ++k) {
      if (lifetimes[k] > now) {
        next = std::min(next, lifetimes[k]);
      } else {
        engine.retire(static_cast<std::int64_t>(k));
      }
    }
    const std::span<const UpdateRow> rows = engine.run(next - now);
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(next - now) * lifetimes.size());
    for (std::size_t i = 0; i < rows.size(); ++i) outcomes[i % outcomes.size()].rows.push_back(rows[i]);
  }
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    const std::span<const float> params = engine.params(agent);
    outcomes[k].params.assign(params.begin(), params.end());
    outcomes[k].trace = engine.trace_hash(agent);
  }
  return outcomes;
}

/// Runs `updates` updates of agents that all live as long, in calls of `per_call`.
inline std::vector<Outcome> run(Engine& engine, std::int64_t num_agents, std::int64_t updates,
                                std::int64_t per_call) {
  return run(engine, Lifetimes(static_cast<std::size_t>(num_agents), updates), 0, updates, per_call);
}

/// The same in two engines, of which the second goes on at update `cut`, whatever it has done before.
inline std::vector<Outcome> run_in_two_parts(Engine& first, Engine& second, const Lifetimes& lifetimes,
                                             std::int64_t cut, std::int64_t updates) {
  const std::vector<Outcome> before = run(first, lifetimes, 0, cut, cut);
  second.run(2);
  for (std::size_t k = 0; k < lifetimes.size(); ++k) {
    const auto agent = static_cast<std::int64_t>(k);
    second.load(agent, first.save(agent));
  }
  std::vector<Outcome> all = run(second, lifetimes, cut, updates, 1);
  for (std::size_t k = 0; k < all.size(); ++k) {
    all[k].rows.insert(all[k].rows.begin(), before[k].rows.begin(), before[k].rows.end());
  }
  return all;
}

/// The same agents, each on its own and only for its lifetime, with empty rows up to `updates`.
inline std::vector<Outcome> single_runs(const EnvironmentLoops& loops, const Population& population,
                                        const Lifetimes& lifetimes, std::int64_t updates) {
  std::vector<Outcome> outcomes;
  for (std::size_t k = 0; k < lifetimes.size(); ++k) {
    CpuEngine engine(loops, {population.sizes, {population.agents[k]}}, EngineInfo{"cpu", "test", 1},
                     {.trace = true});
    outcomes.push_back(run(engine, 1, lifetimes[k], lifetimes[k])[0]);
    outcomes.back().rows.resize(static_cast<std::size_t>(updates));
  }
  return outcomes;
}
inline std::vector<Outcome> single_runs(const EnvironmentLoops& loops, const Hyper& hyper,
                                        const Lifetimes& lifetimes, std::int64_t updates) {
  const auto num_agents = static_cast<std::int64_t>(lifetimes.size());
  return single_runs(loops, population_of(hyper, num_agents), lifetimes, updates);
}

template <IsEnv Env>
Outcome run(const Hyper& hyper, std::int64_t updates) {
  CpuEngine engine = make_engine<Env>(hyper);
  return run(engine, 1, updates, updates)[0];
}

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

inline void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_TRUE(same_bytes(a.rows, b.rows));
  EXPECT_TRUE(same_bytes(a.params, b.params));
  EXPECT_EQ(a.trace, b.trace);
  EXPECT_NE(a.trace, 0U);
}

inline void expect_same(const AgentState& a, const AgentState& b) {
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.update, b.update);
  EXPECT_EQ(a.powers.beta1, b.powers.beta1);
  EXPECT_EQ(a.powers.beta2, b.powers.beta2);
  EXPECT_TRUE(same_bytes(a.params, b.params));
  EXPECT_TRUE(same_bytes(a.moment1, b.moment1));
  EXPECT_TRUE(same_bytes(a.moment2, b.moment2));
  EXPECT_TRUE(same_bytes(a.slot_state, b.slot_state));
  EXPECT_TRUE(same_bytes(a.slot_length, b.slot_length));
  EXPECT_TRUE(same_bytes(a.slot_return, b.slot_return));
  EXPECT_TRUE(same_bytes(a.slot_discounted, b.slot_discounted));
  EXPECT_TRUE(same_bytes(a.moments, b.moments));
  EXPECT_EQ(a.trace, b.trace);
}

inline void expect_same(const std::vector<EpisodeResult>& a, const std::vector<EpisodeResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i].episode_return),
              std::bit_cast<std::uint64_t>(b[i].episode_return))
        << "episode " << i << ": " << a[i].episode_return << " and " << b[i].episode_return;
    EXPECT_EQ(a[i].length, b[i].length) << "episode " << i;
    EXPECT_EQ(a[i].terminated, b[i].terminated) << "episode " << i;
  }
}

}  // namespace ppo::testing
