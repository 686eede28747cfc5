// What an agent decides at a step: one of some actions, or some numbers.
#pragma once

namespace ppo {

/// One of A actions, 0 ... A-1.
template <int A>
struct Discrete {
  static constexpr int kCount = A;
};

/// D real numbers.
template <int D>
struct Box {
  static constexpr int kSize = D;
};

/// The least and the most that one number of a Box may be; the policy's choice is clipped to it.
struct ActionRange {
  float low, high;
};

}  // namespace ppo
