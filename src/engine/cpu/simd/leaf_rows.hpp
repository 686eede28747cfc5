// Where a pass of samples cuts the leaves of the gradient's sum, and what is carried from one pass to the
// next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/cpu/simd/lanes.hpp"
#include "ppo/gradient.hpp"

namespace ppo::simd {

/// Consecutive rows of a pass that belong to one leaf of the gradient's sum. A leaf that the passes cut is
/// carried from one to the next.
struct LeafRows {
  int begin;
  int end;
  bool first;    // of the leaf: its chains start from 0
  bool last;     // of the leaf: it is added to the group
  float* carry;  // [size] the chains so far
  bool opens;    // the group: nothing to add to yet
  float* group;  // [size] the leaves so far

  Lanes start(int offset) const { return first ? Lanes(0.0F) : Lanes::load(carry + offset); }
  float start_scalar(int offset) const { return first ? 0.0F : carry[offset]; }

  void finish(int offset, Lanes sum) const {
    if (!last) {
      sum.store(carry + offset);
    } else if (opens) {
      sum.store(group + offset);
    } else {
      (Lanes::load(group + offset) + sum).store(group + offset);
    }
  }

  void finish_scalar(int offset, float sum) const {
    if (last) {
      group[offset] = opens ? sum : group[offset] + sum;
    } else {
      carry[offset] = sum;
    }
  }
};

/// The sums of a group in the making.
struct LeafSums {
  std::int64_t minibatch_size;
  float* carry;
  float* group;

  /// Cuts the `rows` samples from `position` in the minibatch on at the leaves' ends.
  std::span<const LeafRows> cut(std::int64_t position, int rows, LeafRows* to) const {
    const std::int64_t leaf_size = leaf_samples(minibatch_size);
    const std::int64_t group_size = group_samples(minibatch_size);
    std::size_t count = 0;
    for (int row = 0; row < rows;) {
      const std::int64_t leaf_begin = (position + row) / leaf_size * leaf_size;
      const std::int64_t leaf_end = min(leaf_begin + leaf_size, minibatch_size);
      const int end = static_cast<int>(min(leaf_end - position, std::int64_t{rows}));
      to[count++] = {.begin = row,
                     .end = end,
                     .first = leaf_begin == position + row,
                     .last = leaf_end == position + end,
                     .carry = carry,
                     .opens = leaf_begin % group_size == 0,
                     .group = group};
      row = end;
    }
    return {to, count};
  }
};

}  // namespace ppo::simd
