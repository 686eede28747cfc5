// The layers of a network with H hidden units, forward, made of register tiles.
#pragma once

#include "engine/cpu/simd/network.hpp"
#include "engine/cpu/simd/tile.hpp"

namespace ppo::simd {

/// data [count], in place.
[[gnu::noinline]] inline void activate_all(Activation activation, float* data, int count) {
  if (activation == Activation::tanh) {
    for (int i = 0; i < count; i += Lanes::kWidth) tanh(Lanes::load(data + i)).store(data + i);
  } else {
    for (int i = 0; i < count; i += Lanes::kWidth) relu(Lanes::load(data + i)).store(data + i);
  }
}

/// to [rows][H] = finish(low + high, what was there), where low and high are the two chains over H/2 steps
/// each.
template <int H, class Finish>
[[gnu::noinline]] void two_chains(const float* input, const float* w, const float* bias, int rows, float* to,
                                  Finish finish) {
  constexpr int V = kTileVectors<H>;
  constexpr int kColumns = kTileColumns<H>;
  static_assert(H % kColumns == 0, "a hidden layer fills whole tiles");
  for (int column = 0; column < H; column += kColumns) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M, V> tile;
      alignas(64) float low[M * kColumns];
      if (bias == nullptr) {
        tile.fill(Lanes(0.0F));
      } else {
        tile.fill_rows(bias + column);
      }
      tile.chain({input + row * H, H, 1}, w + column, H, H / 2);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(low + m * kColumns + c); });
      tile.fill(Lanes(0.0F));
      tile.chain({input + row * H + H / 2, H, 1}, w + H / 2 * H + column, H, H / 2);
      tile.for_each([&](Lanes high, int m, int c) {
        float* at = to + (row + m) * H + column + c;
        finish(Lanes::load(low + m * kColumns + c) + high, at).store(at);
      });
    });
  }
}

/// input [rows][O] -> the first layer's sums [rows][H]. Few inputs are no loop: O is then `Inputs`, else that
/// is 0.
template <int H, int Inputs>
[[gnu::noinline]] void input_sums(const float* input, int O, const float* w, const float* bias, int rows,
                                  float* to) {
  for (int column = 0; column < H; column += kTileColumns<H>) {
    for_row_tiles(rows, [&]<int M>(int row) {
      constexpr int kKnown = M == kTileRows ? Inputs : 0;
      const int inputs = kKnown > 0 ? kKnown : O;
      Tile<M, kTileVectors<H>> tile;
      tile.fill_rows(bias + column);
      tile.chain({input + row * inputs, inputs, 1}, w + column, H, inputs);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(to + (row + m) * H + column + c); });
    });
  }
}

template <int H>
void first_layer(const PackedNetwork& network, const float* input, int rows, float* to) {
  constexpr int kFewInputs = 8;
  const Mlp& net = network.net;
  const float* w = network.params + net.l1_w();
  const float* bias = network.params + net.l1_b();
  if (net.O > kFewInputs) return input_sums<H, 0>(input, net.O, w, bias, rows, to);
  unrolled<kFewInputs>([&](auto o) {
    if (net.O == o + 1) input_sums<H, o + 1>(input, net.O, w, bias, rows, to);
  });
}

/// One output of `rows` samples: the halving tree over the hidden units h [rows][H], then the bias.
template <int H>
[[gnu::noinline]] void head_outputs(const float* h, int rows, const float* w, float bias, float* output) {
  constexpr int kVectors = H / Lanes::kWidth;
  constexpr int kHalf = kVectors / 2;
  static_assert(kVectors >= 2);
  Lanes weights[kVectors];
  for (int v = 0; v < kVectors; ++v) weights[v] = Lanes::load(w + v * Lanes::kWidth);
  for (int row = 0; row < rows; ++row, h += H) {
    Lanes sum[kHalf];
    for (int v = 0; v < kHalf; ++v) {
      const float* low = h + v * Lanes::kWidth;
      sum[v] = fma(Lanes::load(low + H / 2), weights[kHalf + v], Lanes::load(low) * weights[v]);
    }
    for (int half = kHalf / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) sum[v] = sum[v] + sum[half + v];
    }
    output[row] = halving_sum(sum[0]) + bias;
  }
}

template <int H>
void forward_sized(const PackedNetwork& network, const float* input, int rows, const HiddenBatch& kept,
                   float* output) {
  const Mlp& net = network.net;
  const float* params = network.params;
  first_layer<H>(network, input, rows, kept.h1);
  activate_all(network.activation, kept.h1, rows * H);
  two_chains<H>(kept.h1, network.l2, params + net.l2_b(), rows, kept.h2,
                [](Lanes sum, const float*) { return sum; });
  activate_all(network.activation, kept.h2, rows * H);
  for (int o = 0; o < net.Out; ++o) {
    head_outputs<H>(kept.h2, rows, network.head + o * H, params[net.head_b() + o], output + o * kPass);
  }
}

}  // namespace ppo::simd
