// Environments that are hard on an engine: one that breaks while training, and one with a large state.
#pragma once

#include "unit/ppo/test_environments.hpp"

namespace ppo::testing {

/// E, but one reward in so many is no number, which an agent meets after some updates.
template <class E, int steps>
struct Brittle : E {
  template <class Action>
  PPO_HD static Transition<> step(typename E::State& state, Action action, Draws& draws) {
    Transition<> transition = E::step(state, action, draws);
    if (draws.uniform() < 1.0F / steps) transition.reward = detail::kNaN;
    return transition;
  }
};

/// A walk on many tiles, of which the last one stepped on is seen; all of them are state.
struct Heavy {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<3>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 50;
  static constexpr int kTiles = 200000;
  struct State {
    int place;
    unsigned char visits[kTiles];
  };
  PPO_HD static State reset(Draws& draws) { return {static_cast<int>(draws.bits() % kTiles), {}}; }
  PPO_HD static Transition<> step(State& state, int action, Draws&) {
    state.place = (state.place + (action - 1) * 49999 + kTiles) % kTiles;
    const int visits = ++state.visits[state.place];
    return {visits == 1 ? 1.0F : 0.0F, visits == 4};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = static_cast<float>(state.visits[state.place]);
    obs[1] = static_cast<float>(state.place) / kTiles;
  }
};

static_assert(IsEnv<Heavy> && IsEnv<Brittle<Hover<1>, 100>> && IsEnv<Brittle<Fuse, 100>>);

}  // namespace ppo::testing
