// Environments that ask for what CartPole does not: actions that are numbers, and numbers that are none.
#pragma once

#include "ppo/env.hpp"

namespace ppo::testing {

/// Two pulls move a point, which is to come to the middle. The last number is much larger than the others, so
/// that only normalised observations say something.
struct Reach {
  static constexpr int kObservationSize = 3;
  using Action = Box<2>;
  static constexpr float kSolvedReturn = -1.0F;
  static constexpr int kTimeLimit = 20;
  struct State {
    float x[2];
    float wind;
  };
  static PPO_HD ActionRange action_range(int d) {
    return d == 0 ? ActionRange{-1.0F, 1.0F} : ActionRange{-0.5F, 2.0F};
  }
  static PPO_HD State reset(Draws& draws) {
    State state;
    state.x[0] = draws.uniform(-1.0F, 1.0F);
    state.x[1] = draws.uniform(-1.0F, 1.0F);
    state.wind = draws.uniform();
    return state;
  }
  static PPO_HD Transition<> step(State& state, const float* action, Draws& draws) {
    state.wind = fma(0.1F, draws.normal(), state.wind);
    for (int d = 0; d < 2; ++d) state.x[d] = fma(0.1F, action[d] + 0.1F * state.wind, state.x[d]);
    const float distance = fma(state.x[0], state.x[0], state.x[1] * state.x[1]);
    return {-distance, distance > 1.6F};
  }
  static PPO_HD void observe(const State& state, float* obs) {
    obs[0] = state.x[0];
    obs[1] = state.x[1];
    obs[2] = 100.0F * state.wind;
  }
};

/// One episode in four ends with a reward that is not finite, after an observation that is not.
struct Faulty {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 0.0F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float steps;
    std::int32_t goes_wrong;  // 0 or 1; a bool would leave padding, and states are compared byte by byte
  };
  static PPO_HD State reset(Draws& draws) { return {0.0F, draws.uniform() < 0.25F ? 1 : 0}; }
  static PPO_HD Transition<> step(State& state, int, Draws&) {
    state.steps += 1.0F;
    const bool last = state.steps == 4.0F;
    return {state.goes_wrong == 1 && last ? detail::kInfinity : 1.0F, last};
  }
  static PPO_HD void observe(const State& state, float* obs) {
    obs[0] = state.steps;
    obs[1] = state.goes_wrong == 1 && state.steps == 3.0F ? detail::kNaN : 0.5F;
  }
};

}  // namespace ppo::testing
