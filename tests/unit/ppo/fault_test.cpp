// Numbers that are not finite: the row names the first environment that gave one, where and when.
#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <vector>

#include "ppo/init.hpp"
#include "unit/ppo/agent_block.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::Fuse;
using Block = testing::AgentBlock<Fuse>;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int N = 40;  // three chunks
constexpr int T = 6;

/// What breaks in environment `environment` after so many steps.
struct Break {
  int environment;
  Fuse::State state;
};

struct Playing {
  explicit Playing(std::int32_t time_limit = 0, bool normalised = false)
      : hyper{{.num_envs = N, .num_steps = T, .max_episode_steps = time_limit, .hidden_size = 4},
              {.seed = 1, .norm_obs = normalised, .norm_reward = normalised}},
        agent(hyper) {
    init_agent(hyper, hyper, *agent);
  }

  Fault after(std::initializer_list<Break> breaks) {
    for (const Break& each : breaks) slots()[each.environment].state = each.state;
    return update();
  }

  Slot<Fuse>* slots() { return agent->slots_before(agent->update); }

  Fault update() {
    UpdateNotes notes;
    ppo::update<reference::Stages>(hyper, *agent, agent.worker(), notes);
    row = notes.row();
    return row.fault;
  }

  /// All that training goes on from, as bytes.
  std::vector<std::byte> state() {
    std::vector<std::byte> all;
    const auto append = [&](const void* data, std::size_t bytes) {
      const auto* begin = static_cast<const std::byte*>(data);
      all.insert(all.end(), begin, begin + bytes);
    };
    const std::size_t params = static_cast<std::size_t>(agent->layout.size()) * sizeof(float);
    append(&agent->update, sizeof agent->update);
    append(&agent->powers, sizeof agent->powers);
    for (const float* numbers : {agent->params, agent->moment1, agent->moment2}) append(numbers, params);
    append(slots(), N * sizeof(Slot<Fuse>));
    append(agent->moments_before(agent->update), Block::Agent::kMoments * sizeof(Moments<double>));
    return all;
  }

  Hyper hyper;
  Block agent;
  UpdateRow row;
};

void expect_fault(const Fault& fault, int environment, int step, int number) {
  EXPECT_EQ(fault.any, 1);
  EXPECT_EQ(fault.environment, environment);
  EXPECT_EQ(fault.step, step);
  EXPECT_EQ(fault.number, number);
}

void expect_none(const Fault& fault) {
  EXPECT_EQ(fault.any, 0);
  EXPECT_EQ(fault.environment, 0);
  EXPECT_EQ(fault.step, 0);
  EXPECT_EQ(fault.number, 0);
}

TEST(Fault, NoneWhereAllNumbersAreFinite) {
  expect_none(Playing().update());
  const float largest = std::numeric_limits<float>::max();
  expect_none(Playing(0, true).after({{3, {2, 0, largest}}, {4, {2, 1, -largest}}}));
}

TEST(Fault, OfARewardIsAtTheStepThatGaveIt) {
  for (const float broken : {kNaN, kInfinity, -kInfinity}) {
    expect_fault(Playing().after({{0, {1, Fuse::kReward, broken}}}), 0, 0, Fuse::kReward);
    expect_fault(Playing().after({{17, {4, Fuse::kReward, broken}}}), 17, 3, Fuse::kReward);
    expect_fault(Playing().after({{N - 1, {T, Fuse::kReward, broken}}}), N - 1, T - 1, Fuse::kReward);
  }
}

TEST(Fault, OfAnObservationIsAtTheStepThatItPrecedes) {
  for (const float broken : {kNaN, kInfinity, -kInfinity}) {
    expect_fault(Playing().after({{0, {0, 1, broken}}}), 0, 0, 1);
    expect_fault(Playing().after({{17, {4, 0, broken}}}), 17, 4, 0);
    expect_fault(Playing().after({{N - 1, {T, 1, broken}}}), N - 1, T, 1);  // after the last step
  }
}

// A normalised number is clipped: the fault is in the one before.
TEST(Fault, IsFoundBeforeNormalisation) {
  expect_fault(Playing(0, true).after({{5, {2, 1, kInfinity}}}), 5, 2, 1);
  expect_fault(Playing(0, true).after({{5, {2, Fuse::kReward, -kInfinity}}}), 5, 1, Fuse::kReward);
}

TEST(Fault, OfATrueLastObservationIsAtTheStepThatLedThere) {
  expect_fault(Playing(4).after({{9, {4, 1, kNaN}}}), 9, 3, 1);
}

TEST(Fault, IsTheFirstEnvironmentsAndItsFirst) {
  expect_fault(Playing().after({{38, {1, 0, kNaN}}, {21, {5, Fuse::kReward, kNaN}}, {30, {2, 1, kNaN}}}), 21,
               4, Fuse::kReward);
  expect_fault(Playing().after({{20, {2, 1, kInfinity}}, {19, {3, 0, kNaN}}}), 19, 3, 0);
  expect_fault(Playing().after({{7, {3, Fuse::kEverything, kNaN}}}), 7, 2, Fuse::kReward);
}

// However often it runs: nothing is learned, and nothing lost.
TEST(Fault, LeavesTheTrainingStateAsItWas) {
  for (const bool normalised : {false, true}) {
    Playing run(4, normalised);
    expect_none(run.update());
    expect_none(run.update());
    run.slots()[2].state = {3, 0, kNaN};
    const std::vector<std::byte> before = run.state();
    for (int again = 0; again < 3; ++again) {
      expect_fault(run.update(), 2, 3, 0);
      EXPECT_EQ(run.row.update, 2);
      EXPECT_EQ(run.row.epochs, 0);
      EXPECT_EQ(run.row.grad_norm, 0.0F);
      EXPECT_EQ(run.row.residual_variance, 0.0F);
      EXPECT_EQ(run.state(), before);
    }
    run.slots()[2].state = {1000, 0, 0};
    expect_none(run.update());
    EXPECT_EQ(run.row.update, 2);
    EXPECT_NE(run.state(), before);
  }
}

}  // namespace
}  // namespace ppo
