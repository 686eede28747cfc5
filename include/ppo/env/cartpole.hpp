// CartPole (Barto, Sutton & Anderson 1983), with the constants and the Euler step of Gymnasium's CartPole-v1.
#pragma once

#include "ppo/env.hpp"
#include "ppo/numerics.hpp"

namespace ppo {

template <class Real>
struct BasicCartPole {
  static constexpr int kObservationSize = 4;
  using Action = Discrete<2>;  // 0 pushes to the left, 1 to the right
  static constexpr float kSolvedReturn = 475.0F;
  static constexpr int kTimeLimit = 500;  // [steps]

  struct State {
    Real x;          // cart position [m]
    Real x_dot;      // [m/s]
    Real theta;      // pole from upright [rad]
    Real theta_dot;  // [rad/s]
  };

  static constexpr auto kGravity = static_cast<Real>(9.8);                  // [m/s^2]
  static constexpr auto kPoleMass = static_cast<Real>(0.1);                 // [kg]
  static constexpr auto kTotalMass = static_cast<Real>(1.1);                // cart of 1 kg and pole [kg]
  static constexpr auto kHalfLength = static_cast<Real>(0.5);               // of the pole [m]
  static constexpr auto kPoleMassLength = static_cast<Real>(0.05);          // pole mass * half length [kg m]
  static constexpr auto kForce = static_cast<Real>(10.0);                   // of one push [N]
  static constexpr auto kTau = static_cast<Real>(0.02);                     // time between two steps [s]
  static constexpr auto kMaxX = static_cast<Real>(2.4);                     // beyond it the episode ends [m]
  static constexpr auto kMaxTheta = static_cast<Real>(0.2094395102393195);  // 12 degrees [rad]

  PPO_HD static State reset(Draws& draws) {
    const auto bound = static_cast<Real>(0.05);
    State state;
    state.x = draws.uniform(-bound, bound);
    state.x_dot = draws.uniform(-bound, bound);
    state.theta = draws.uniform(-bound, bound);
    state.theta_dot = draws.uniform(-bound, bound);
    return state;
  }

  PPO_HD static Transition<Real> step(State& state, int action, Draws&) {
    const Real force = action == 1 ? kForce : -kForce;
    const Real cos_theta = cos(state.theta);
    const Real sin_theta = sin(state.theta);
    const Real push =
        (force + kPoleMassLength * (state.theta_dot * state.theta_dot) * sin_theta) / kTotalMass;
    const Real theta_acc =
        (kGravity * sin_theta - cos_theta * push) /
        (kHalfLength * (static_cast<Real>(4.0 / 3.0) - kPoleMass * (cos_theta * cos_theta) / kTotalMass));
    const Real x_acc = push - kPoleMassLength * theta_acc * cos_theta / kTotalMass;

    state.x += kTau * state.x_dot;
    state.x_dot += kTau * x_acc;
    state.theta += kTau * state.theta_dot;
    state.theta_dot += kTau * theta_acc;

    const bool inside = abs(state.x) <= kMaxX && abs(state.theta) <= kMaxTheta;
    return {Real(1), !inside};  // NaN counts as outside
  }

  PPO_HD static void observe(const State& state, Real* obs) {
    obs[0] = state.x;
    obs[1] = state.x_dot;
    obs[2] = state.theta;
    obs[3] = state.theta_dot;
  }

  // Drawn as in the reference notebook: 600 x 400 pixels, 125 pixels per metre.
  static constexpr View kView{.left = -2.4F, .right = 2.4F, .bottom = -1.2F, .top = 2.0F};
  static constexpr auto kStepSeconds = static_cast<float>(kTau);

  static void draw(const State& state, Scene& scene) {
    constexpr Colour kWood{204, 153, 102};
    constexpr Colour kAxle{127, 127, 255};
    constexpr float kPoleLength = 2 * static_cast<float>(kHalfLength);
    constexpr float kPoleWidth = 0.08F;
    constexpr float kBelowAxle = kPoleWidth / 2;
    const auto x = static_cast<float>(state.x);
    const auto theta = static_cast<float>(state.theta);
    const float middle = kPoleLength / 2 - kBelowAxle;                  // of the pole, from the axle
    scene.box(kBlack, {0, -0.004F}, kView.right - kView.left, 0.008F);  // the track
    scene.box(kBlack, {x, 0}, 0.4F, 0.24F);
    scene.box(kWood, {x + middle * std::sin(theta), middle * std::cos(theta)}, kPoleWidth, kPoleLength,
              -theta);
    scene.disc(kAxle, {x, 0}, 0.016F);
  }
};

using CartPole = BasicCartPole<float>;

}  // namespace ppo
