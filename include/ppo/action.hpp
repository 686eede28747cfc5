// The kinds of actions that an environment takes.
#pragma once

namespace ppo {

/// One of A actions, 0 ... A-1.
template <int A>
struct Discrete {
  static constexpr int kCount = A;
};

/// D real numbers, each within its range.
template <int D>
struct Box {
  static constexpr int kSize = D;
};

/// A of Discrete<A> and D of Box<D>; -1 for any other kind.
template <class Action>
inline constexpr int kDiscreteCount = -1;
template <int A>
inline constexpr int kDiscreteCount<Discrete<A>> = A;
template <class Action>
inline constexpr int kBoxSize = -1;
template <int D>
inline constexpr int kBoxSize<Box<D>> = D;

/// The supported kinds: 2 to 256 discrete actions, or a box of at least one number.
template <class Action>
concept IsDiscrete = (kDiscreteCount<Action> >= 2 && kDiscreteCount<Action> <= 256);
template <class Action>
concept IsBox = (kBoxSize<Action> >= 1);

/// The range of one number of a Box. Both ends belong to it.
struct ActionRange {
  float low, high;
};

}  // namespace ppo
