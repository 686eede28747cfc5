// PPO_CHECK_ENV(MyEnv) says at compile time, in one line each, which members MyEnv lacks. ppo/env.hpp says
// what they are for.
#pragma once

#include <array>
#include <bit>
#include <type_traits>

#include "ppo/env.hpp"

namespace ppo::check {

template <class E>
concept HasState = requires {
  typename E::State;
};

template <class E>
concept HasAction = requires {
  typename E::Action;
};

/// Each of these is also true when the member is missing: another check reports that.
template <class E>
constexpr bool state_is_plain() {
  if constexpr (HasState<E>) return std::is_trivially_copyable_v<typename E::State>;
  return true;
}

template <class E>
constexpr bool state_is_small() {
  if constexpr (HasState<E>) return sizeof(typename E::State) <= kMostStateBytes;
  return true;
}

/// Not a constant if T has padding, whose bytes have no value. Nor, with some compilers, if it has a union,
/// a pointer or bit-fields.
template <class T>
constexpr int sum_of_bytes() {
  int sum = 0;
  for (const unsigned char byte : std::bit_cast<std::array<unsigned char, sizeof(T)>>(T{})) sum += byte;
  return sum;
}

/// Whether every byte of a State is known to have a value: checkpoints store them all, and are to be the
/// same each time. True of a State that cannot be made in a constant expression, of which nothing is known.
template <class E>
constexpr bool state_has_known_bytes() {
  if constexpr (requires { std::bool_constant<(typename E::State{}, true)>{}; } && state_is_plain<E>()) {
    return requires {
      std::integral_constant<int, sum_of_bytes<typename E::State>()>{};
    };
  }
  return true;
}

template <class E>
constexpr bool action_is_known() {
  if constexpr (HasAction<E>) {
    return kDiscreteCount<typename E::Action> != -1 || kBoxSize<typename E::Action> != -1;
  }
  return true;
}

template <class E>
constexpr bool action_has_size() {
  if constexpr (HasAction<E>) {
    return !action_is_known<E>() || IsDiscrete<typename E::Action> || IsBox<typename E::Action>;
  }
  return true;
}

template <class E>
constexpr bool observation_has_size() {
  if constexpr (requires { std::bool_constant<(E::kObservationSize > 0)>{}; }) return E::kObservationSize > 0;
  return true;
}

template <class E>
concept HasReset = !HasState<E> || requires(Draws & draws) {
  { E::reset(draws) } -> std::same_as<typename E::State>;
};

template <class E>
concept HasDiscreteAction = IsDiscrete<typename E::Action>;
template <class E>
concept HasBoxAction = IsBox<typename E::Action>;

template <class E>
concept HasDiscreteStep = !HasState<E> || !HasDiscreteAction<E> || StepsByIndex<E>;
template <class E>
concept HasBoxStep = !HasState<E> || !HasBoxAction<E> || StepsByNumbers<E>;
template <class E>
concept HasBoxRange = !HasBoxAction<E> || HasActionRange<E>;

template <class E>
concept HasObserve = !HasState<E> || requires(const typename E::State& state, float* obs) {
  {E::observe(state, obs)};
};

template <class E>
concept HasObservationSize = requires {
  { E::kObservationSize } -> std::convertible_to<int>;
};

template <class E>
concept HasSolvedReturn = requires {
  { E::kSolvedReturn } -> std::convertible_to<float>;
};

template <class E>
concept HasTimeLimit = requires {
  { E::kTimeLimit } -> std::convertible_to<int>;
};

/// What films need, if E has any of it.
template <class E>
concept HasView = !TriesToDraw<E> || requires {
  { E::kView } -> std::convertible_to<View>;
};

template <class E>
concept HasStepSeconds = !TriesToDraw<E> || requires {
  { E::kStepSeconds } -> std::convertible_to<float>;
};

template <class E>
concept HasDraw = !HasState<E> || !TriesToDraw<E> || requires(const typename E::State& state, Scene& scene) {
  {E::draw(state, scene)};
};

}  // namespace ppo::check

#define PPO_CHECK_MEMBER(E, condition, problem) static_assert(condition, #E " " problem "; see ppo/env.hpp")

#define PPO_CHECK_ENV(E)                                                                                     \
  PPO_CHECK_MEMBER(E, ppo::check::HasState<E>, "lacks `struct State`");                                      \
  PPO_CHECK_MEMBER(E, ppo::check::state_is_plain<E>(),                                                       \
                   "has a State that is not plain data: it must be trivially copyable, without std::vector " \
                   "and the like");                                                                          \
  PPO_CHECK_MEMBER(E, ppo::check::state_is_small<E>(),                                                       \
                   "has a State of more than 256 KiB; keep what does not change in a constant table");       \
  PPO_CHECK_MEMBER(E, ppo::check::state_has_known_bytes<E>(),                                                \
                   "has a State with padding, a union or bit-fields, whose bytes may differ each "           \
                   "time a checkpoint stores them: take numbers, and `int` rather than `bool`");             \
  PPO_CHECK_MEMBER(E, ppo::check::HasAction<E>,                                                              \
                   "lacks `using Action = ppo::Discrete<A>` or `using Action = ppo::Box<D>`");               \
  PPO_CHECK_MEMBER(E, ppo::check::action_is_known<E>(),                                                      \
                   "has an Action that is neither `ppo::Discrete<A>` nor `ppo::Box<D>`");                    \
  PPO_CHECK_MEMBER(E, ppo::check::action_has_size<E>(),                                                      \
                   "has an Action of the wrong size: `ppo::Discrete<A>` takes 2 to 256, `ppo::Box<D>` 1 or " \
                   "more");                                                                                  \
  PPO_CHECK_MEMBER(E, ppo::check::HasObservationSize<E>, "lacks `static constexpr int kObservationSize`");   \
  PPO_CHECK_MEMBER(E, ppo::check::observation_has_size<E>(),                                                 \
                   "has a kObservationSize that is not 1 or more");                                          \
  PPO_CHECK_MEMBER(E, ppo::check::HasSolvedReturn<E>, "lacks `static constexpr float kSolvedReturn`");       \
  PPO_CHECK_MEMBER(E, ppo::check::HasTimeLimit<E>, "lacks `static constexpr int kTimeLimit` (0: none)");     \
  PPO_CHECK_MEMBER(E, ppo::check::HasReset<E>, "lacks `static State reset(ppo::Draws&)`");                   \
  PPO_CHECK_MEMBER(E, ppo::check::HasDiscreteStep<E>,                                                        \
                   "lacks `static ppo::Transition<> step(State&, int action, ppo::Draws&)`");                \
  PPO_CHECK_MEMBER(E, ppo::check::HasBoxStep<E>,                                                             \
                   "lacks `static ppo::Transition<> step(State&, const float* action, ppo::Draws&)`");       \
  PPO_CHECK_MEMBER(E, ppo::check::HasBoxRange<E>, "lacks `static ppo::ActionRange action_range(int d)`");    \
  PPO_CHECK_MEMBER(E, ppo::check::HasObserve<E>, "lacks `static void observe(const State&, float* obs)`");   \
  PPO_CHECK_MEMBER(E, ppo::check::HasView<E>, "draws itself, but lacks `static constexpr ppo::View kView`"); \
  PPO_CHECK_MEMBER(E, ppo::check::HasStepSeconds<E>,                                                         \
                   "draws itself, but lacks `static constexpr float kStepSeconds`");                         \
  PPO_CHECK_MEMBER(E, ppo::check::HasDraw<E>,                                                                \
                   "draws itself, but lacks `static void draw(const State&, ppo::Scene&)`");                 \
  static_assert(ppo::IsEnv<E>, #E " is not an environment as ppo/env.hpp describes it")
