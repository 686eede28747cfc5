// A pointer to an array of an agent.
#pragma once

#include "ppo/platform.hpp"

namespace ppo {

/// Used like a T*. All arrays of an agent lie in a GPU's global memory, which a pointer read from elsewhere
/// does not say: the compiler would use loads that find out at run time, and take every store for one that
/// may change every value loaded before.
template <class T>
class Array {
 public:
  Array() = default;
  PPO_HD Array(T* first) : first_(first) {}  // NOLINT: an array is a pointer

  PPO_HD operator T*() const { return get(); }  // NOLINT

  PPO_HD T* get() const {
    PPO_IS_GLOBAL(first_);
    return first_;
  }

 private:
  T* first_;
};

}  // namespace ppo
