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

/// input [rows][O] -> the first layer's sums [rows][H].
template <int H>
[[gnu::noinline]] void input_sums(const float* input, int O, const float* w, const float* bias, int rows,
                                  float* to) {
  for (int column = 0; column < H; column += kTileColumns<H>) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M, kTileVectors<H>> tile;
      tile.fill_rows(bias + column);
      tile.chain({input + row * O, O, 1}, w + column, H, O);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(to + (row + m) * H + column + c); });
    });
  }
}

/// One output: the halving tree over the hidden units, then the bias.
template <int H>
inline float head_output(const float* h, const float* w, float bias) {
  constexpr int kVectors = H / Lanes::kWidth;
  static_assert(kVectors >= 2);
  Lanes sum[kVectors / 2];
  for (int v = 0; v < kVectors / 2; ++v) {
    const int low = v * Lanes::kWidth;
    const int high = low + H / 2;
    sum[v] = fma(Lanes::load(h + high), Lanes::load(w + high), Lanes::load(h + low) * Lanes::load(w + low));
  }
  for (int half = kVectors / 4; half > 0; half /= 2) {
    for (int v = 0; v < half; ++v) sum[v] = sum[v] + sum[half + v];
  }
  return halving_sum(sum[0]) + bias;
}

template <int H>
void forward_sized(const PackedNetwork& network, const float* input, int rows, const HiddenBatch& kept,
                   float* output) {
  const Mlp& net = network.net;
  const float* params = network.params;
  input_sums<H>(input, net.O, params + net.l1_w(), params + net.l1_b(), rows, kept.h1);
  activate_all(network.activation, kept.h1, rows * H);
  two_chains<H>(kept.h1, params + net.l2_w(), params + net.l2_b(), rows, kept.h2,
                [](Lanes sum, const float*) { return sum; });
  activate_all(network.activation, kept.h2, rows * H);
  for (int row = 0; row < rows; ++row) {
    for (int o = 0; o < net.Out; ++o) {
      output[o * kPass + row] =
          head_output<H>(kept.h2 + row * H, network.head + o * H, params[net.head_b() + o]);
    }
  }
}

}  // namespace ppo::simd
