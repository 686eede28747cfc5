// Acrobot (Sutton 1996): two links hang from a pivot, and a motor at the elbow between them is to swing the
// free end above a line. Constants and integration are those of Gymnasium's Acrobot-v1, the equations those
// of Sutton & Barto's book.
#pragma once

#include "ppo/action.hpp"
#include "ppo/env.hpp"
#include "ppo/env/angle.hpp"
#include "ppo/numerics.hpp"

namespace ppo {

template <class Real>
struct BasicAcrobot {
  using Action = Discrete<3>;  // a torque of -1, 0 or 1 N m at the elbow
  static constexpr int kObservationSize = 6;
  static constexpr float kSolvedReturn = -100.0F;
  static constexpr int kTimeLimit = 500;  // [steps]

  struct State {
    Real theta1;      // upper link from hanging down, counter-clockwise [rad]
    Real theta2;      // lower link from the direction of the upper one [rad]
    Real theta1_dot;  // [rad/s]
    Real theta2_dot;  // [rad/s]
  };

  // Of each of the two links.
  static constexpr auto kLength = static_cast<Real>(1.0);   // [m]
  static constexpr auto kMass = static_cast<Real>(1.0);     // [kg]
  static constexpr auto kCentre = static_cast<Real>(0.5);   // of mass, from the upper end [m]
  static constexpr auto kInertia = static_cast<Real>(1.0);  // about the centre of mass [kg m^2]

  static constexpr auto kGravity = static_cast<Real>(9.8);                   // [m/s^2]
  static constexpr auto kTau = static_cast<Real>(0.2);                       // time between two steps [s]
  static constexpr auto kMaxTheta1Dot = static_cast<Real>(4 * kPi<double>);  // [rad/s]
  static constexpr auto kMaxTheta2Dot = static_cast<Real>(9 * kPi<double>);  // [rad/s]
  static constexpr auto kGoal = static_cast<Real>(1.0);  // height above the pivot that ends the episode [m]

  PPO_HD static State reset(Draws& draws) {
    const auto bound = static_cast<Real>(0.1);
    State state;
    state.theta1 = draws.uniform(-bound, bound);
    state.theta2 = draws.uniform(-bound, bound);
    state.theta1_dot = draws.uniform(-bound, bound);
    state.theta2_dot = draws.uniform(-bound, bound);
    return state;
  }

  PPO_HD static Transition<Real> step(State& state, int action, Draws&) {
    const auto torque = static_cast<Real>(action - 1);
    // Runge & Kutta's method of the fourth order. The speeds are bound only from step to step: within one the
    // links may turn several times.
    const State k1 = rates(state, torque);
    const State k2 = rates(moved(state, kTau / 2, k1), torque);
    const State k3 = rates(moved(state, kTau / 2, k2), torque);
    const State k4 = rates(moved(state, kTau, k3), torque);
    const auto mean = [](Real a, Real b, Real c, Real d) { return kTau / 6 * (a + 2 * b + 2 * c + d); };
    state.theta1 = wrapped(state.theta1 + mean(k1.theta1, k2.theta1, k3.theta1, k4.theta1));
    state.theta2 = wrapped(state.theta2 + mean(k1.theta2, k2.theta2, k3.theta2, k4.theta2));
    state.theta1_dot =
        clamp(state.theta1_dot + mean(k1.theta1_dot, k2.theta1_dot, k3.theta1_dot, k4.theta1_dot),
              -kMaxTheta1Dot, kMaxTheta1Dot);
    state.theta2_dot =
        clamp(state.theta2_dot + mean(k1.theta2_dot, k2.theta2_dot, k3.theta2_dot, k4.theta2_dot),
              -kMaxTheta2Dot, kMaxTheta2Dot);
    const bool above = -cos(state.theta1) - cos(state.theta2 + state.theta1) > kGoal;
    return {above ? Real(0) : Real(-1), above};
  }

  PPO_HD static void observe(const State& state, Real* obs) {
    obs[0] = cos(state.theta1);
    obs[1] = sin(state.theta1);
    obs[2] = cos(state.theta2);
    obs[3] = sin(state.theta2);
    obs[4] = state.theta1_dot;
    obs[5] = state.theta2_dot;
  }

  // Drawn as by Gymnasium, in metres around the pivot.
  static constexpr View kView{.left = -2.2F, .right = 2.2F, .bottom = -2.2F, .top = 2.2F};
  static constexpr auto kStepSeconds = static_cast<float>(kTau);

  static void draw(const State& state, Scene& scene) {
    constexpr Colour kLink{0, 204, 204};
    constexpr Colour kJoint{204, 204, 0};
    constexpr auto kReach = static_cast<float>(kLength);
    constexpr float kWidth = 0.2F;
    constexpr auto kLine = static_cast<float>(kGoal);
    const auto upper = static_cast<float>(state.theta1);
    const float lower = upper + static_cast<float>(state.theta2);
    const Point pivot{0, 0};
    const Point elbow{kReach * std::sin(upper), -kReach * std::cos(upper)};
    const Point end{elbow.x + kReach * std::sin(lower), elbow.y - kReach * std::cos(lower)};
    scene.line(kBlack, {kView.left, kLine}, {kView.right, kLine}, 0.012F);
    scene.line(kLink, pivot, elbow, kWidth);
    scene.disc(kJoint, pivot, kWidth / 2);
    scene.line(kLink, elbow, end, kWidth);
    scene.disc(kJoint, elbow, kWidth / 2);
  }

 private:
  /// How fast each number of the state changes [1/s]. The products are in Gymnasium's order; its
  /// cos(x - pi/2) is sin(x), which is the more accurate and lets mirrored states stay mirrored.
  PPO_HD static State rates(const State& s, Real torque) {
    const Real cos2 = cos(s.theta2);
    const Real sin2 = sin(s.theta2);
    const Real d1 = kMass * (kCentre * kCentre) +
                    kMass * (kLength * kLength + kCentre * kCentre + 2 * kLength * kCentre * cos2) +
                    kInertia + kInertia;
    const Real d2 = kMass * (kCentre * kCentre + kLength * kCentre * cos2) + kInertia;
    const Real phi2 = kMass * kCentre * kGravity * sin(s.theta1 + s.theta2);
    const Real phi1 = -kMass * kLength * kCentre * (s.theta2_dot * s.theta2_dot) * sin2 -
                      2 * kMass * kLength * kCentre * s.theta2_dot * s.theta1_dot * sin2 +
                      (kMass * kCentre + kMass * kLength) * kGravity * sin(s.theta1) + phi2;
    const Real theta2_acc =
        (torque + d2 / d1 * phi1 - kMass * kLength * kCentre * (s.theta1_dot * s.theta1_dot) * sin2 - phi2) /
        (kMass * (kCentre * kCentre) + kInertia - d2 * d2 / d1);
    const Real theta1_acc = -(d2 * theta2_acc + phi1) / d1;
    return {s.theta1_dot, s.theta2_dot, theta1_acc, theta2_acc};
  }

  PPO_HD static State moved(const State& s, Real time, const State& rate) {
    return {s.theta1 + time * rate.theta1, s.theta2 + time * rate.theta2,
            s.theta1_dot + time * rate.theta1_dot, s.theta2_dot + time * rate.theta2_dot};
  }
};

using Acrobot = BasicAcrobot<float>;

}  // namespace ppo
