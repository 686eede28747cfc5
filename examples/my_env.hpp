// An environment of your own in one header: copy this file, change it, and name it in CMakeLists.txt:
//
//     ppo_add_environment(my_env examples/my_env.hpp)
//
// Build, then: ppo_train --env my_env --max-episode-steps 100
//
// The task: a puck slides on a line. Push it left, right or not at all, and bring it to rest at the origin.
#pragma once

#include "ppo/env.hpp"
#include "ppo/numerics.hpp"  // sin, cos, exp, log, tanh, sqrt, abs, min, max, clamp: the same bits on every machine

struct MyEnv {
  static constexpr int kObservationSize = 2;  // numbers in an observation
  using Action = ppo::Discrete<3>;            // actions 0, 1 and 2

  // "Solved" is a mean return of -0.5 over 100 episodes with a time limit of 100 steps.
  static constexpr float kSolvedReturn = -0.5F;
  static constexpr int kTimeLimit = 100;

  // Everything that changes during an episode. Plain data: a copy of it is a complete snapshot.
  struct State {
    float position;  // [m]
    float velocity;  // [m/s]
  };

  // PPO_HD lets a function run on the CPU and on a GPU. All randomness comes from `draws`: uniform(),
  // uniform(low, high), normal(), bits().
  PPO_HD static State reset(ppo::Draws& draws) { return {draws.uniform(-1.0F, 1.0F), 0.0F}; }

  PPO_HD static ppo::Transition<> step(State& state, int action, ppo::Draws& draws) {
    const float push = static_cast<float>(action - 1) + 0.1F * draws.normal();  // [m/s^2], with random wind
    state.velocity += 0.1F * push;                                              // a step takes 0.1 s
    state.position += 0.1F * state.velocity;
    const bool lost = ppo::abs(state.position) > 2.0F;
    const float cost = 0.1F * (state.position * state.position + 0.1F * state.velocity * state.velocity);
    return {.reward = lost ? -20.0F : -cost, .terminated = lost};
  }

  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.position;
    obs[1] = state.velocity;
  }

  // What `ppo_train render` shows; leave this out if the environment need not be filmed. Units are those of
  // the world: here metres, and the picture is 4.4 m wide.
  static constexpr ppo::View kView{.left = -2.2F, .right = 2.2F, .bottom = -0.4F, .top = 0.6F};
  static constexpr float kStepSeconds = 0.1F;

  static void draw(const State& state, ppo::Scene& scene) {
    scene.line({160, 160, 160}, {-2.0F, 0.0F}, {2.0F, 0.0F}, 0.01F);  // the track
    scene.line({160, 160, 160}, {0.0F, -0.1F}, {0.0F, 0.0F}, 0.01F);  // the origin
    scene.disc({60, 100, 200}, {state.position, 0.1F}, 0.1F);         // the puck
  }
};
