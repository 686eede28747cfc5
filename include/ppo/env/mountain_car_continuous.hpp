// Mountain car (Moore 1990) with an engine that can be throttled: Gymnasium's MountainCarContinuous-v0.
#pragma once

#include "ppo/env/mountain.hpp"

namespace ppo {

template <class Real>
struct BasicMountainCarContinuous : Mountain<Real> {
  using typename Mountain<Real>::State;
  using Action = Box<1>;  // the engine's force, as a share of its power
  static constexpr float kSolvedReturn = 90.0F;
  static constexpr int kTimeLimit = 999;  // [steps]

  static constexpr auto kPower = static_cast<Real>(0.0015);  // of the engine [units/step^2]
  static constexpr auto kGoal = static_cast<Real>(0.45);     // position that ends the episode [units]
  static constexpr auto kPrize = static_cast<Real>(100.0);   // for ending it
  static constexpr auto kCost = static_cast<Real>(0.1);      // of a full force

  PPO_HD static constexpr ActionRange action_range(int) { return {-1.0F, 1.0F}; }

  /// `action` [1]. Like Gymnasium's, the force is limited and the cost is not; that makes no difference to an
  /// action within the range.
  PPO_HD static Transition<Real> step(State& state, const Real* action, Draws&) {
    Mountain<Real>::roll(state, clamp(action[0], Real(-1), Real(1)) * kPower);
    const bool arrived = Mountain<Real>::is_at(state, kGoal);
    return {(arrived ? kPrize : Real(0)) - action[0] * action[0] * kCost, arrived};
  }

  static void draw(const State& state, Scene& scene) { Mountain<Real>::draw(state, kGoal, scene); }
};

using MountainCarContinuous = BasicMountainCarContinuous<float>;

}  // namespace ppo
