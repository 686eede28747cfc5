// What an environment is: a struct of static functions over a plain state. Nothing else in the program needs
// to know more of it, and it needs to know nothing of the program.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "ppo/philox.hpp"
#include "ppo/scene.hpp"

namespace ppo {

/// What a step gave. `terminated` means that the task itself ended (time limits are not the environment's
/// concern).
template <class Real = float>
struct Transition {
  Real reward;
  bool terminated;
};

/// All draws of an environment come from the `Draws` that it is handed, all maths from ppo/numerics.hpp: that
/// keeps runs byte-identical on every machine.
template <class E>
concept IsEnv = requires(typename E::State& state, const typename E::State& seen, float* obs, Draws& draws) {
  { E::kObservationSize } -> std::convertible_to<int>;  // O, numbers in an observation
  { E::kActionCount } -> std::convertible_to<int>;      // A, discrete actions 0 ... A-1
  { E::kSolvedReturn } -> std::convertible_to<float>;   // mean return over 100 episodes that counts as solved
  { E::kSolvedMaxEpisodeSteps } -> std::convertible_to<int>;   // with this time limit; 0: with none
  { E::reset(draws) } -> std::same_as<typename E::State>;      // a first state
  { E::step(state, 0, draws) } -> std::same_as<Transition<>>;  // advances `state` by one action
  {E::observe(seen, obs)};                                     // writes [O]
}
&&std::is_trivially_copyable_v<typename E::State> && (E::kObservationSize > 0) && (E::kActionCount > 1) &&
    (E::kActionCount <= 256);

/// An environment may also show itself in films. `draw` runs on the host only.
template <class E>
concept DrawsItself = requires(const typename E::State& state, Scene& scene) {
  { E::kView } -> std::convertible_to<View>;          // the part of its world to show
  { E::kStepSeconds } -> std::convertible_to<float>;  // what a step takes in its world [s]
  {E::draw(state, scene)};                            // adds its shapes from back to front
};

/// Whether E has any of that: then it must have all.
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
