// Rows of a tile in shared memory.
#pragma once

#include "kernels/shared.hpp"

namespace ppo {

/// `count` floats, four at once where they come in fours.
template <int count>
PPO_DEVICE void load_row(const float* from, float* to) {
  if constexpr (count % 4 == 0) {
    PPO_UNROLL
    for (int i = 0; i < count; i += 4) {
      const Quad quad = load_quad(from + i);
      PPO_UNROLL
      for (int k = 0; k < 4; ++k) to[i + k] = quad.x[k];
    }
  } else {
    PPO_UNROLL
    for (int i = 0; i < count; ++i) to[i] = from[i];
  }
}

/// A whole tile without a loop; the rest of a minibatch with one.
template <class Step>
PPO_DEVICE void for_rows(int rows, Step step) {
  if (rows == kTile) {
    PPO_UNROLL
    for (int s = 0; s < kTile; ++s) step(s);
  } else {
    PPO_NO_UNROLL
    for (int s = 0; s < rows; ++s) step(s);
  }
}

}  // namespace ppo
