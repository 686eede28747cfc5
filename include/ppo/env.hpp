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

/// Advances the state by one action of a Discrete: its index.
template <class E>
concept StepsByIndex = requires(typename E::State& state, int action, Draws& draws) {
  { E::step(state, action, draws) } -> std::same_as<Transition<>>;
};

/// The same by one of a Box: D numbers, which lie within their ranges.
template <class E>
concept StepsByNumbers = requires(typename E::State& state, const float* action, Draws& draws) {
  { E::step(state, action, draws) } -> std::same_as<Transition<>>;
};

/// The range of number d of a Box. Its ends may be infinite.
template <class E>
concept HasActionRange = requires(int d) {
  { E::action_range(d) } -> std::same_as<ActionRange>;
};

/// The largest State [bytes]. Copies of it lie on the stacks of threads.
inline constexpr int kMostStateBytes = 256 * 1024;

/// An environment takes its random numbers from the `Draws` it is given and its maths functions from
/// ppo/numerics.hpp. That keeps runs byte-identical on every machine.
template <class E>
concept IsEnv = requires(const typename E::State& seen, float* obs, Draws& draws) {
  typename E::Action;                                      // Discrete<A> or Box<D>
  { E::kObservationSize } -> std::convertible_to<int>;     // O, numbers in an observation
  { E::kSolvedReturn } -> std::convertible_to<float>;      // "solved" is this mean return over 100 episodes
  { E::kTimeLimit } -> std::convertible_to<int>;           // of an episode [steps]; 0: none
  { E::reset(draws) } -> std::same_as<typename E::State>;  // an initial state
  {E::observe(seen, obs)};                                 // writes [O]
}
&&std::is_trivially_copyable_v<typename E::State> && (E::kObservationSize > 0) &&
    ((IsDiscrete<typename E::Action> && StepsByIndex<E>) ||
     (IsBox<typename E::Action> && StepsByNumbers<E> && HasActionRange<E>));

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
