// The environment interface: a struct of static functions over a plain state. The rest of the program knows
// an environment only through this interface, and an environment knows nothing of the program.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "ppo/action.hpp"
#include "ppo/philox.hpp"
#include "ppo/scene.hpp"

namespace ppo {

/// The result of a step. `terminated` means that the task itself has ended; time limits are handled outside
/// of the environment.
template <class Real = float>
struct Transition {
  Real reward;
  bool terminated;
};

/// An environment takes its random numbers from the `Draws` it is given and its maths functions from
/// ppo/numerics.hpp. That keeps runs byte-identical on every machine.
template <class E>
concept IsEnv = requires(typename E::State& state, const typename E::State& seen, float* obs, Draws& draws) {
  { E::kObservationSize } -> std::convertible_to<int>;  // O, numbers in an observation
  { E::kActionCount } -> std::convertible_to<int>;      // A, discrete actions 0 ... A-1
  { E::kSolvedReturn } -> std::convertible_to<float>;   // "solved" is this mean return over 100 episodes
  { E::kSolvedMaxEpisodeSteps } -> std::convertible_to<int>;   // with this time limit; 0: no limit
  { E::reset(draws) } -> std::same_as<typename E::State>;      // an initial state
  { E::step(state, 0, draws) } -> std::same_as<Transition<>>;  // advances `state` by one action
  {E::observe(seen, obs)};                                     // writes [O]
}
&&std::is_trivially_copyable_v<typename E::State> && (E::kObservationSize > 0) && (E::kActionCount > 1) &&
    (E::kActionCount <= 256);

/// An environment that can also be filmed. `draw` runs on the host only.
template <class E>
concept DrawsItself = requires(const typename E::State& state, Scene& scene) {
  { E::kView } -> std::convertible_to<View>;          // the part of the world to show
  { E::kStepSeconds } -> std::convertible_to<float>;  // simulated time per step [s]
  {E::draw(state, scene)};                            // adds its shapes from back to front
};

/// Whether E has any of these members; it must then have all of them.
template <class E>
concept TriesToDraw = requires {
  &E::draw;
}
|| requires {
  E::kView;
}
|| requires {
  E::kStepSeconds;
};

}  // namespace ppo
