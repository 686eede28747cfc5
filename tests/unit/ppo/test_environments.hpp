// Environments whose right answers are known, of other sizes than CartPole.
#pragma once

#include "ppo/env.hpp"
#include "ppo/numerics.hpp"

namespace ppo::testing {

/// Reward 1 a step for ever, and nothing to see: only a time limit ends an episode.
struct ConstantReward {
  static constexpr int kObservationSize = 1;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float unused;
  };
  PPO_HD static State reset(Draws&) { return {0}; }
  PPO_HD static Transition<> step(State&, int, Draws&) { return {1.0F, false}; }
  PPO_HD static void observe(const State&, float* obs) { obs[0] = 1.0F; }
};

/// Starting costs 20, which the first observation announces; then reward 1 a step for ever.
struct CostlyStart {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float started;  // 0 or 1
  };
  PPO_HD static State reset(Draws&) { return {0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    const float reward = state.started > 0 ? 1.0F : -20.0F;
    state.started = 1;
    return {reward, false};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.started;
    obs[1] = 1 - state.started;
  }
};

/// Shows a number from 0 to 2 under noise: naming it gives 1, anything else 0. A naming ends the episode with
/// probability 1/32.
struct NameIt {
  static constexpr int kObservationSize = 3;
  using Action = Discrete<3>;
  static constexpr float kSolvedReturn = 10.0F;
  static constexpr int kTimeLimit = 20;
  struct State {
    int shown;
    float noise;
  };
  PPO_HD static State draw(Draws& draws) {
    const int shown = static_cast<int>(draws.bits() % 3);
    return {shown, 0.1F * draws.normal()};
  }
  PPO_HD static State reset(Draws& draws) { return draw(draws); }
  PPO_HD static Transition<> step(State& state, int action, Draws& draws) {
    const float reward = action == state.shown ? 1.0F : 0.0F;
    state = draw(draws);
    return {reward, draws.uniform() < 0x1p-5F};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    for (int i = 0; i < kObservationSize; ++i) obs[i] = state.noise + (i == state.shown ? 1.0F : 0.0F);
  }
};

/// Counts its steps, pays the count, and terminates after `kLength` of them: every number of a rollout is
/// known.
struct Counter {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  static constexpr int kLength = 6;
  struct State {
    float start;  // drawn by reset: tells episodes apart
    int count;
  };
  PPO_HD static State reset(Draws& draws) { return {1.0F + draws.uniform(), 0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    ++state.count;
    return {static_cast<float>(state.count), state.count == kLength};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    obs[0] = state.start;
    obs[1] = static_cast<float>(state.count);
  }
};

/// Numbers that do not depend on the actions, multiples of 1/8 that a twin in another language knows exactly.
/// An episode ends by itself after `start` + 11 steps; the next one starts from 0.
struct Ramp {
  static constexpr int kObservationSize = 3;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 14;
  struct State {
    int start;
    int count;
  };
  PPO_HD static State reset(Draws&) { return {0, 0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    ++state.count;
    const auto count = static_cast<float>(state.count);
    return {0.5F * count - 0.125F * static_cast<float>(state.start) - 2, state.count == state.start + 11};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    const auto count = static_cast<float>(state.count);
    obs[0] = static_cast<float>(state.start) + 0.5F * count + (state.count == 13 ? 256.0F : 0.0F);
    obs[1] = 16 * static_cast<float>(state.start % 4) - 0.125F * count * count;
    obs[2] = 3;
  }
};

/// A fuse of so many steps; then something that is no finite number, until the episode ends a step later.
struct Fuse {
  static constexpr int kObservationSize = 2;
  using Action = Discrete<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  static constexpr int kReward = 2;  // as Fault says it: behind the observation's numbers
  static constexpr int kEverything = 3;
  struct State {
    int left;
    int number;  // that breaks: of the observation, kReward or kEverything
    float broken;
  };
  PPO_HD static State reset(Draws&) { return {1000000, 0, 0}; }
  PPO_HD static Transition<> step(State& state, int, Draws&) {
    --state.left;
    return {state.left == 0 && state.number >= kReward ? state.broken : 1.0F, state.left < 0};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    for (int i = 0; i < kObservationSize; ++i) {
      const bool breaks = state.number == i || state.number == kEverything;
      obs[i] = state.left == 0 && breaks ? state.broken : 0.5F;
    }
  }
};

/// Where a point is and how far it may go: pushes, with wind, are to keep it at the origin. The policy's
/// numbers often leave their ranges, which are not the same for each.
template <int D>
struct Hover {
  static constexpr int kObservationSize = D + 2;
  using Action = Box<D>;
  static constexpr float kSolvedReturn = -1.0F;
  static constexpr int kTimeLimit = 30;
  struct State {
    float place[D];
    float limit;
  };
  PPO_HD static ActionRange action_range(int d) { return {-0.5F, 0.75F + 0.25F * static_cast<float>(d)}; }
  PPO_HD static State reset(Draws& draws) {
    State state;
    for (float& place : state.place) place = draws.uniform(-1.0F, 1.0F);
    state.limit = draws.uniform(1.5F, 3.0F);
    return state;
  }
  PPO_HD static Transition<> step(State& state, const float* action, Draws& draws) {
    float cost = 0;
    bool lost = false;
    for (int d = 0; d < D; ++d) {
      state.place[d] += action[d] + 0.25F * draws.normal();
      cost += state.place[d] * state.place[d];
      lost = lost || abs(state.place[d]) > state.limit;
    }
    return {lost ? -5.0F : -cost, lost};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    for (int d = 0; d < D; ++d) obs[d] = state.place[d];
    obs[D] = state.limit;
    obs[D + 1] = 100.0F;  // never anything else: a deviation of 0
  }
};

/// Shows the numbers that it was given last.
struct Echo {
  static constexpr int kObservationSize = 2;
  using Action = Box<2>;
  static constexpr float kSolvedReturn = 1e9F;
  static constexpr int kTimeLimit = 0;
  struct State {
    float given[2];
  };
  PPO_HD static ActionRange action_range(int d) {
    return d == 0 ? ActionRange{-0.5F, 0.75F} : ActionRange{1, 2};
  }
  PPO_HD static State reset(Draws&) { return {{0, 0}}; }
  PPO_HD static Transition<> step(State& state, const float* action, Draws&) {
    for (int d = 0; d < 2; ++d) state.given[d] = action[d];
    return {action[0] - action[1], false};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    for (int d = 0; d < 2; ++d) obs[d] = state.given[d];
  }
};

/// A ring of A places: each action is a wish for one of them, better the nearer it comes.
template <int A>
struct Ring {
  static constexpr int kObservationSize = 5;
  using Action = Discrete<A>;
  static constexpr float kSolvedReturn = 20.0F;
  static constexpr int kTimeLimit = 25;
  struct State {
    int wanted;
    float noise[2];
  };
  PPO_HD static State reset(Draws& draws) {
    return {static_cast<int>(draws.bits() % A), {draws.normal(), draws.normal()}};
  }
  PPO_HD static Transition<> step(State& state, int action, Draws& draws) {
    const int apart = (action - state.wanted + A) % A;
    state = reset(draws);
    return {1.0F - static_cast<float>(min(apart, A - apart)), draws.uniform() < 0x1p-4F};
  }
  PPO_HD static void observe(const State& state, float* obs) {
    const float angle = 6.2831853F * static_cast<float>(state.wanted) / A;
    obs[0] = cos(angle) + 0.1F * state.noise[0];
    obs[1] = sin(angle) + 0.1F * state.noise[1];
    obs[2] = state.noise[0] * 30.0F;  // beyond the bound of a normalised number
    obs[3] = static_cast<float>(state.wanted);
    obs[4] = 0;
  }
};

static_assert(IsEnv<ConstantReward> && IsEnv<CostlyStart> && IsEnv<NameIt> && IsEnv<Counter> && IsEnv<Ramp> &&
              IsEnv<Fuse> && IsEnv<Echo> && IsEnv<Hover<1>> && IsEnv<Hover<3>> && IsEnv<Ring<7>>);

}  // namespace ppo::testing
