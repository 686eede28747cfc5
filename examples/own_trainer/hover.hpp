// An environment with a continuous action: a drone hangs from two rotors and is to hover in one place, in
// wind.
#pragma once

#include "ppo/env.hpp"
#include "ppo/numerics.hpp"

struct Hover {
  static constexpr int kObservationSize = 6;
  using Action = ppo::Box<2>;  // thrust of the left and of the right rotor

  static constexpr float kSolvedReturn = -15.0F;  // "solved" is this mean return over 100 episodes
  static constexpr int kTimeLimit = 200;          // [steps]

  // In a Box each number has a range. `step` only ever gets numbers within it.
  PPO_HD static ppo::ActionRange action_range(int) { return {-1.0F, 1.0F}; }

  struct State {
    float x, y, angle;              // from the place, and from upright [m, m, rad]
    float x_dot, y_dot, angle_dot;  // per second
  };

  PPO_HD static State reset(ppo::Draws& draws) {
    State state{};  // sets all members; one that is left unset would hold anything
    state.x = draws.uniform(-1.0F, 1.0F);
    state.y = draws.uniform(-1.0F, 1.0F);
    state.angle = draws.uniform(-0.3F, 0.3F);
    return state;
  }

  PPO_HD static ppo::Transition<> step(State& state, const float* action, ppo::Draws& draws) {
    constexpr float kTau = 0.05F;     // time of a step [s]
    constexpr float kGravity = 9.8F;  // [m/s^2]
    const float lift =
        kGravity * (1.0F + 0.5F * (action[0] + action[1]));  // of both rotors; 1 g if all are 0
    const float turn = 5.0F * (action[1] - action[0]);       // [rad/s^2]
    state.x_dot += kTau * (0.5F * draws.normal() - lift * ppo::sin(state.angle));  // with wind from the side
    state.y_dot += kTau * (lift * ppo::cos(state.angle) - kGravity);
    state.angle_dot += kTau * turn;
    state.x += kTau * state.x_dot;
    state.y += kTau * state.y_dot;
    state.angle += kTau * state.angle_dot;
    const bool lost = ppo::abs(state.x) > 3.0F || ppo::abs(state.y) > 3.0F || ppo::abs(state.angle) > 1.5F;
    const float away = state.x * state.x + state.y * state.y;
    const float effort = action[0] * action[0] + action[1] * action[1];
    return {.reward = lost ? -100.0F : -0.1F * (away + 0.1F * effort), .terminated = lost};
  }

  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.x;
    obs[1] = state.y;
    obs[2] = state.angle;
    obs[3] = state.x_dot;
    obs[4] = state.y_dot;
    obs[5] = state.angle_dot;
  }

  static constexpr ppo::View kView{.left = -3.2F, .right = 3.2F, .bottom = -3.2F, .top = 3.2F};
  static constexpr float kStepSeconds = 0.05F;

  static void draw(const State& state, ppo::Scene& scene) {
    scene.disc({200, 200, 200}, {0.0F, 0.0F}, 0.1F);  // the place
    const float across = std::cos(state.angle);
    const float up = std::sin(state.angle);
    const ppo::Point left{state.x - 0.4F * across, state.y - 0.4F * up};
    const ppo::Point right{state.x + 0.4F * across, state.y + 0.4F * up};
    scene.line({60, 60, 60}, left, right, 0.1F);
    scene.disc({60, 100, 200}, left, 0.12F);
    scene.disc({60, 100, 200}, right, 0.12F);
  }
};
