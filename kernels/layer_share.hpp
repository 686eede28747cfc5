// Which of the second layer's weights a thread sums up, and where it leaves the sums of a large one.
#pragma once

#include "kernels/shared.hpp"

namespace ppo {

/// A tile of inputs by units, of a layer that comes in one part if it is small. A warp is eight threads wide,
/// each with four units, and again four 64 further for as many as there are.
template <int H>
struct LayerShare {
  static constexpr int kWarpsAcross = min(H / 32, 2);
  static constexpr int kUnits = max(H / 16, 4);
  static constexpr int kPartInputs = min(H, 64);
  static constexpr int kInputs = kPartInputs * H / kQuartetThreads / kUnits;
  static constexpr int kWeights = kInputs * kUnits;  // [kInputs][kUnits]

  int input, unit;  // the first of its inputs and units

  /// Of a thread of a quartet.
  PPO_DEVICE explicit LayerShare(unsigned thread)
      : input(kInputs * (LanesBy8(thread % 32).down + 4 * static_cast<int>(thread / 32 / kWarpsAcross))),
        unit(4 * (LanesBy8(thread % 32).across + 8 * static_cast<int>(thread / 32 % kWarpsAcross))) {}

  /// Where within a part of the layer's weights the four from entry 4 * quad on lie.
  PPO_DEVICE int place(int quad) const {
    constexpr int kAcross = kUnits / 4;
    return (input + quad / kAcross) * H + unit + 64 * (quad % kAcross);
  }
};

/// Where the sums of a large second layer go, which are too many to stay in registers.
struct LargeSums {
  bool begins;   // the sums in `row` are this leaf's; otherwise it adds to those of its group's other leaves
  float* row;    // offset 0 is the network's first parameter
  bool first;    // this tile begins the leaf
  bool last;     // and this one ends it
  float* carry;  // as `row`: what a leaf keeps from tile to tile
};

}  // namespace ppo
