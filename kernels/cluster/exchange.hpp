// How the sums of a leaf are dealt out to the blocks of a cluster, each of which adds up its part of those of
// all leaves.
#pragma once

#include <bit>

#include "kernels/quad.hpp"
#include "kernels/sizes.hpp"

namespace ppo {

/// Of the second layers' weights a thread has kOfThread quads of sums (kernels/layer_share.hpp), one for each
/// block or, where there are fewer, for those that its warp leads to. In a block's part the quads of a warp
/// lie side by side, as its lanes do. All other sums are numbered in the order of a row, and go to one block
/// after the other, a piece each. Numbers are unsigned: they are divided.
template <class Agent>
struct Exchange {
 private:
  static constexpr int H = Agent::H;
  static constexpr int kLayer = H * H;  // [floats]
  static constexpr int kSmall = Agent::kRowPitch - 2 * kLayer;

 public:
  static constexpr int kOfThread = max(2 * kLayer / 4 / kBlockThreads, 1);
  static constexpr int kApart = max(kClusterBlocks / kOfThread, 1);  // the blocks that get a thread's quads
  static constexpr int kLayerQuads = kBlockThreads / kApart;         // of a part
  static constexpr int kPiece =                                      // [floats]
      static_cast<int>(std::bit_ceil(static_cast<unsigned>((kSmall + kClusterBlocks - 1) / kClusterBlocks)));
  static constexpr int kQuads = kLayerQuads + kPiece / 4;  // of a part, the second layers' first

  /// Which block gets the quad number `quad` of a thread.
  PPO_HD static constexpr int block_of(unsigned quad, unsigned thread) {
    return static_cast<int>(quad * kApart + thread / 32 % kApart);
  }

  /// Where that lies in the block's part.
  PPO_HD static constexpr int place_of(unsigned thread) {
    return static_cast<int>(thread / 32 / kApart * 32 + thread % 32);
  }

  /// Whose quad lies there in the part of block `rank`, and which of that thread's it is.
  PPO_HD static constexpr int thread_of(unsigned place, unsigned rank) {
    return static_cast<int>((place / 32 * kApart + rank % kApart) * 32 + place % 32);
  }
  PPO_HD static constexpr int quad_of(unsigned rank) { return static_cast<int>(rank / kApart); }

  /// The number of what lies at a place of a row, behind so many second layers.
  PPO_HD static constexpr unsigned number_of(int place, int layers) {
    return static_cast<unsigned>(place - layers * kLayer);
  }
  PPO_HD static constexpr int place_of_number(int number) {
    constexpr int kCriticLayer = Agent::kRowRest + Agent::Critic::l2_w - kLayer;
    const int layers = (number >= Agent::Actor::l2_w ? 1 : 0) + (number >= kCriticLayer ? 1 : 0);
    return number + layers * kLayer;
  }
};

}  // namespace ppo
