// A pendulum that a weak motor at its axle is to swing up and to hold upright: Gymnasium's Pendulum-v1.
#pragma once

#include "ppo/action.hpp"
#include "ppo/env.hpp"
#include "ppo/env/angle.hpp"
#include "ppo/numerics.hpp"

namespace ppo {

template <class Real>
struct BasicPendulum {
  using Action = Box<1>;  // the motor's torque, counter-clockwise [N m]
  static constexpr int kObservationSize = 3;
  static constexpr float kSolvedReturn = -200.0F;  // our choice: Gymnasium states none
  static constexpr int kTimeLimit = 200;           // [steps]

  struct State {
    Real theta;      // from upright, counter-clockwise; at most 0.4 beyond +-pi [rad]
    Real theta_dot;  // [rad/s]
    Real torque;     // of the last step, 0 before the first: only for the picture [N m]
  };

  static constexpr auto kGravity = static_cast<Real>(10.0);     // [m/s^2]
  static constexpr auto kMass = static_cast<Real>(1.0);         // [kg]
  static constexpr auto kLength = static_cast<Real>(1.0);       // of the rod [m]
  static constexpr auto kTau = static_cast<Real>(0.05);         // time between two steps [s]
  static constexpr auto kMaxThetaDot = static_cast<Real>(8.0);  // [rad/s]
  static constexpr auto kMaxTorque = static_cast<Real>(2.0);    // [N m]

  PPO_HD static constexpr ActionRange action_range(int) {
    return {-static_cast<float>(kMaxTorque), static_cast<float>(kMaxTorque)};
  }

  PPO_HD static State reset(Draws& draws) {
    State state;
    state.theta = draws.uniform(-kPi<Real>, kPi<Real>);
    state.theta_dot = draws.uniform(Real(-1), Real(1));
    state.torque = 0;
    return state;
  }

  /// `action` [1]. The episode never ends by itself. Gymnasium counts the turns; here whole turns are
  /// dropped, which nothing outside sees, and which keeps theta exact however long the pendulum spins.
  PPO_HD static Transition<Real> step(State& state, const Real* action, Draws&) {
    const Real theta = wrapped(state.theta);
    const Real torque = clamp(action[0], -kMaxTorque, kMaxTorque);
    const Real cost = theta * theta + static_cast<Real>(0.1) * (state.theta_dot * state.theta_dot) +
                      static_cast<Real>(0.001) * (torque * torque);
    const Real theta_acc =
        3 * kGravity / (2 * kLength) * sin(theta) + 3 / (kMass * (kLength * kLength)) * torque;
    state.theta_dot = clamp(state.theta_dot + theta_acc * kTau, -kMaxThetaDot, kMaxThetaDot);
    state.theta = theta + state.theta_dot * kTau;
    state.torque = torque;
    return {-cost, false};
  }

  PPO_HD static void observe(const State& state, Real* obs) {
    obs[0] = cos(state.theta);
    obs[1] = sin(state.theta);
    obs[2] = state.theta_dot;
  }

  // Drawn as by Gymnasium, in metres around the axle.
  static constexpr View kView{.left = -2.2F, .right = 2.2F, .bottom = -2.2F, .top = 2.2F};
  static constexpr auto kStepSeconds = static_cast<float>(kTau);

  static void draw(const State& state, Scene& scene) {
    constexpr Colour kRod{204, 77, 77};
    constexpr auto kReach = static_cast<float>(kLength);
    const auto theta = static_cast<float>(state.theta);
    const Point rod[] = {{0, 0}, {-kReach * std::sin(theta), kReach * std::cos(theta)}};
    scene.curve(kRod, rod, 0.2F);
    draw_torque(static_cast<float>(state.torque / kMaxTorque), scene);
    scene.disc(kBlack, {0, 0}, 0.05F);
  }

 private:
  /// Three quarters of a circle that end in an arrow's head, from above the axle; as large as the torque.
  static void draw_torque(float share, Scene& scene) {
    constexpr int kPieces = 21;
    constexpr float kEnd = 1.5F * kPi<float>;  // [rad]
    const float radius = 0.48F * std::abs(share);
    const float width = 0.06F * radius;
    const auto at = [&](float angle, float distance) {  // [rad] from above, the way of the torque
      return Point{std::copysign(distance, -share) * std::sin(angle), distance * std::cos(angle)};
    };
    Point points[kPieces + 1];
    for (int i = 0; i <= kPieces; ++i) {
      points[i] = at(kEnd * static_cast<float>(i) / kPieces, radius);
    }
    scene.curve(kBlack, points, width);
    scene.polygon(
        kBlack, {at(kEnd - 0.1F, radius * 0.85F), at(kEnd - 0.1F, radius * 1.15F), at(kEnd + 0.3F, radius)});
  }
};

using Pendulum = BasicPendulum<float>;

}  // namespace ppo
