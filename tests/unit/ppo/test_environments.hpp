// Environments whose right answers are known, of other sizes than CartPole.
#pragma once

#include "ppo/env.hpp"
#include "ppo/numerics.hpp"

namespace ppo::testing {

/// Reward 1 a step for ever, and nothing to see: only a time limit ends an episode.
struct ConstantReward {
  static constexpr int kObservationSize = 1;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float unused;
  };
  PPO_HD static State reset(Draws&) { return {0}; }
  PPO_HD static Transition<> step(State&, int, Draws&) { return {1.0F, false}; }
  PPO_HD static void observe(const State&, float* obs) { obs[0] = 1.0F; }
};

/// Starting costs 20, which the first observation announces; then reward 1 a step for ever.
struct CostlyStart {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float started;  // 0 or 1
  };
  PPO_HD static State reset(Draws&) { return {0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    const float reward = state.started > 0 ? 1.0F : -20.0F;
    state.started = 1;
    return {reward, false};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.started;
    obs[1] = 1 - state.started;
  }
};

/// Shows a number from 0 to 2 under noise: naming it gives 1, anything else 0. A naming ends the episode with
/// probability 1/32.
struct NameIt {
  static constexpr int kObservationSize = 3;
  using Action = Discrete<3>;
  static constexpr float kSolvedReturn = 10.0F;
  static constexpr int kTimeLimit = 20;
  struct State {
    int shown;
    float noise;
  };
  PPO_HD static State draw(Draws& draws) {
    const int shown = static_cast<int>(draws.bits() % 3);
    return {shown, 0.1F * draws.normal()};
  }
  PPO_HD static State reset(Draws& draws) { return draw(draws); }
  PPO_HD static Transition<> step(State& state, int action, Draws& draws) {
    const float reward = action == state.shown ? 1.0F : 0.0F;
    state = draw(draws);
    return {reward, draws.uniform() < 0x1p-5F};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    for (int i = 0; i < kObservationSize; ++i) obs[i] = state.noise + (i == state.shown ? 1.0F : 0.0F);
  }
};

/// Counts its steps, pays the count, and terminates after `kLength` of them: every number of a rollout is
/// known.
struct Counter {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  static constexpr int kLength = 6;
  struct State {
    float start;  // drawn by reset: tells episodes apart
    int count;
  };
  PPO_HD static State reset(Draws& draws) { return {1.0F + draws.uniform(), 0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    ++state.count;
    return {static_cast<float>(state.count), state.count == kLength};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.start;
    obs[1] = static_cast<float>(state.count);
  }
};

static_assert(IsEnv<ConstantReward> && IsEnv<CostlyStart> && IsEnv<NameIt> && IsEnv<Counter>);

}  // namespace ppo::testing
