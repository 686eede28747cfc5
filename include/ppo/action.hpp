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

/// The range of one number of a Box. Both ends belong to it.
struct ActionRange {
  float low, high;
};

}  // namespace ppo
