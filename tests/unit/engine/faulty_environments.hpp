// Environments with one fault each, for the probe to find.
#pragma once

#include <limits>

#include "ppo/env.hpp"

namespace ppo::testing {

/// Sound: two numbers, episodes of ten steps. Each environment below spoils one thing.
struct Sound {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<3>;
  static constexpr float kSolvedReturn = 1.0F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float position;
    int age;
  };
  static State reset(Draws& draws) { return {draws.uniform(), 0}; }
  static Transition<> step(State& state, int action, Draws&) {
    state.position += 0.1F * static_cast<float>(action - 1);
    ++state.age;
    return {state.position, state.age == 10};
  }
  static void observe(const State& state, float* obs) {
    obs[0] = state.position;
    obs[1] = static_cast<float>(state.age);
  }
};

struct NanAtStepSeven : Sound {
  static void observe(const State& state, float* obs) {
    Sound::observe(state, obs);
    if (state.age == 7) obs[1] = std::numeric_limits<float>::quiet_NaN();
  }
};

struct InfiniteReward : Sound {
  static Transition<> step(State& state, int action, Draws& draws) {
    const bool ends = Sound::step(state, action, draws).terminated;
    return {ends ? -std::numeric_limits<float>::infinity() : 0.0F, ends};
  }
};

struct Counts : Sound {
  static Transition<> step(State& state, int action, Draws& draws) {
    static int steps = 0;
    Transition<> result = Sound::step(state, action, draws);
    if (++steps % 100 == 0) result.reward += 1.0F;
    return result;
  }
};

/// What reset draws for the episode lies outside of State.
struct StaticGoal : Sound {
  inline static float goal = 0;
  static State reset(Draws& draws) {
    goal = draws.uniform();
    return Sound::reset(draws);
  }
  static void observe(const State& state, float* obs) {
    obs[0] = state.position - goal;
    obs[1] = 0;
  }
};

/// One member is set first by step.
struct Unset : Sound {
  struct State {
    float position;
    float push;
    int age;
    float unused[4];  // too many numbers to be returned in registers
  };
  static State reset(Draws& draws) {
    State state;
    state.position = draws.uniform();
    state.age = 0;
    return state;
  }
  static Transition<> step(State& state, int action, Draws&) {
    const bool ends = ++state.age == 10;
    if (ends && state.push != 0) state.position = 0;
    return {static_cast<float>(action), ends};
  }
  static void observe(const State& state, float* obs) {
    obs[0] = state.position;
    obs[1] = 0;
  }
};

struct Pointer : Sound {
  struct State {
    float position;
    int age;
    const void* self;
  };
  static State reset(Draws& draws) { return {draws.uniform(), 0, nullptr}; }
  static Transition<> step(State& state, int, Draws&) {
    if (state.age++ == 0) state.self = &state;
    return {state.self == &state ? 1.0F : 0.0F, state.age == 10};
  }
  static void observe(const State& state, float* obs) {
    obs[0] = state.position;
    obs[1] = 0;
  }
};

struct WritesTooMuch : Sound {
  static void observe(const State& state, float* obs) {
    Sound::observe(state, obs);
    if (state.age == 3) obs[2] = 0;
  }
};

/// As if the size were that of another environment.
struct WritesFarTooMuch : Sound {
  static void observe(const State& state, float* obs) {
    for (int i = 0; i < 500; ++i) obs[i] = state.position;
  }
};

struct WritesBefore : Sound {
  static void observe(const State& state, float* obs) {
    Sound::observe(state, obs);
    obs[-1] = 0;
  }
};

struct WritesTooLittle : Sound {
  static void observe(const State& state, float* obs) {
    obs[0] = state.position;
    if (state.age != 5) obs[1] = 0;
  }
};

struct NeverEnds : Sound {
  static Transition<> step(State& state, int, Draws&) {
    ++state.age;
    return {1.0F, false};
  }
};

struct ShowsItsAction : Sound {
  using Action = Box<2>;
  static ActionRange action_range(int d) { return d == 0 ? ActionRange{-2, 2} : ActionRange{0, 1}; }
  static Transition<> step(State& state, const float* action, Draws&) {
    state.position = action[0];
    ++state.age;
    return {action[1], state.age == 10};
  }
};

}  // namespace ppo::testing
