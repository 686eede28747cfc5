// ppo/network.hpp for many samples at once, lanes = hidden units: the same operations in the same order.
// Compiled once per instruction-set level for all environments and sizes (network.cpp).
#pragma once

#include <span>

#include "engine/cpu/simd/leaf_rows.hpp"
#include "ppo/network.hpp"

namespace ppo::simd {

/// Samples that go through a network together: many enough to use a weight often, few enough for the hidden
/// layers to stay in the nearest caches.
inline constexpr int kPass = 64;
static_assert(kPass % Lanes::kWidth == 0 && kLeafSize % Lanes::kWidth == 0);

/// A network, with its weights as the tiles want them.
struct PackedNetwork {
  Mlp net;
  Activation activation;
  const float* params;   // [net.size()]
  float* head;           // [Out][H], aligned to 64
  float* l2;             // [in][out], aligned to 64
  float* l2_transposed;  // [out][in], aligned to 64
};

/// The hidden layers of up to kPass samples.
struct HiddenBatch {
  float* h1;   // [kPass][H], aligned to 64
  float* h2;   // [kPass][H]
  float* d_h;  // [kPass][H] room for `backward`
};

/// What a level's network.cpp exports.
struct NetworkFunctions {
  /// Fills `head` and `l2`, which forward needs.
  void (*pack_forward)(PackedNetwork& network);

  /// Fills `l2_transposed`, too, which backward needs.
  void (*pack)(PackedNetwork& network);

  /// input [rows][O] -> output [Out][kPass], one column a sample.
  void (*forward)(const PackedNetwork& network, const float* input, int rows, const HiddenBatch& kept,
                  float* output);

  /// ppo::backward over a pass of samples; d_output [Out][kPass]. In the sums the head's weights are
  /// [Out][H]. Leaves the gradients of the layers' sums where the hidden layers were.
  void (*backward)(const PackedNetwork& network, const float* input, const HiddenBatch& kept,
                   const float* d_output, int rows, std::span<const LeafRows> leaves);

  /// A group's sums [net.size()] to the parameters' order, with the head's weights as [H][Out].
  void (*unpack_sums)(const Mlp& net, const float* sums, float* to);
};

}  // namespace ppo::simd

/// That of the level that this translation unit is compiled for.
extern "C" const ppo::simd::NetworkFunctions PPO_NETWORK;
