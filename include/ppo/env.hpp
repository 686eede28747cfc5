// What an environment is: a struct of static functions over a plain state. Nothing else in the program needs
// to know more of it, and it needs to know nothing of the program.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "ppo/philox.hpp"

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

}  // namespace ppo
