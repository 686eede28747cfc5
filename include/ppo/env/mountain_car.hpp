// Mountain car (Moore 1990) with three actions: Gymnasium's MountainCar-v0.
#pragma once

#include "ppo/env/mountain.hpp"

namespace ppo {

template <class Real>
struct BasicMountainCar : Mountain<Real> {
  using typename Mountain<Real>::State;
  using Action = Discrete<3>;  // 0 pushes to the left, 1 does not push, 2 pushes to the right
  static constexpr float kSolvedReturn = -110.0F;
  static constexpr int kTimeLimit = 200;  // [steps]

  static constexpr auto kForce = static_cast<Real>(0.001);  // of one push [units/step^2]
  static constexpr auto kGoal = static_cast<Real>(0.5);     // position that ends the episode [units]

  PPO_HD static Transition<Real> step(State& state, int action, Draws&) {
    Mountain<Real>::roll(state, static_cast<Real>(action - 1) * kForce);
    return {Real(-1), Mountain<Real>::is_at(state, kGoal)};
  }

  static void draw(const State& state, Scene& scene) { Mountain<Real>::draw(state, kGoal, scene); }
};

using MountainCar = BasicMountainCar<float>;

}  // namespace ppo
