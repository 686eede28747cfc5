// The plain engine over any environment, and everything about a run that must be the same in another.
#pragma once

#include <gtest/gtest.h>

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
  return CpuEngine(kLoops<Env>, hyper, num_agents, EngineInfo{"cpu", "test", 1}, {.trace = true});
}

/// One agent's run: rows, parameters and trace.
struct Outcome {
  std::vector<UpdateRow> rows;
  std::vector<float> params;
  std::uint64_t trace = 0;
};

/// Runs `updates` updates in calls of `per_call`; one outcome an agent.
inline std::vector<Outcome> run(Engine& engine, std::int64_t num_agents, std::int64_t updates,
                                std::int64_t per_call) {
  std::vector<Outcome> outcomes(static_cast<std::size_t>(num_agents));
  for (std::int64_t done = 0; done < updates; done += per_call) {
    const std::span<const UpdateRow> rows = engine.run(per_call);
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(per_call * num_agents));
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
