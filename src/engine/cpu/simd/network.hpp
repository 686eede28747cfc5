// ppo/network.hpp for many samples at once, lanes = hidden units: the same operations in the same order.
#pragma once

#include <algorithm>
#include <span>

#include "engine/cpu/simd/leaf_rows.hpp"
#include "engine/cpu/simd/tile.hpp"
#include "ppo/network.hpp"

namespace ppo::simd {

/// A network's weights as the tiles want them, beside the parameters themselves.
template <class Net>
struct Packed {
  static constexpr int H = Net::H;
  alignas(64) float head[Net::Out * H];    // [Out][H]
  alignas(64) float l2_transposed[H * H];  // [out][in]

  /// What forward needs.
  void pack_head(const float* params) {
    for (int o = 0; o < Net::Out; ++o) {
      for (int j = 0; j < H; ++j) head[o * H + j] = params[Net::head_w + j * Net::Out + o];
    }
  }

  /// What backward needs as well.
  void pack(const float* params) {
    pack_head(params);
    const float* w = params + Net::l2_w;
    for (int i = 0; i < H; i += 4) {
      for (int j = 0; j < H; j += 4) {
        __m128 row[4];
        for (int k = 0; k < 4; ++k) row[k] = _mm_loadu_ps(w + (i + k) * H + j);
        _MM_TRANSPOSE4_PS(row[0], row[1], row[2], row[3]);
        for (int k = 0; k < 4; ++k) _mm_store_ps(l2_transposed + (j + k) * H + i, row[k]);
      }
    }
  }
};

/// The hidden layers of up to S samples.
template <int H, int S>
struct HiddenBatch {
  alignas(64) float h1[S * H];  // [S][H]
  alignas(64) float h2[S * H];
};

/// to [rows][H] = finish(low + high, what was there), where low and high are the two chains over H/2 steps
/// each.
template <int H, class Finish>
[[gnu::noinline]] void two_chains(const float* input, const float* w, const float* bias, int rows, float* to,
                                  Finish finish) {
  static_assert(H % kTileColumns == 0, "the command line's hidden size fills whole tiles");
  for (int column = 0; column < H; column += kTileColumns) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M> tile;
      alignas(64) float low[M * kTileColumns];
      if (bias == nullptr) {
        tile.fill(Lanes(0.0F));
      } else {
        tile.fill_rows(bias + column);
      }
      tile.chain({input + row * H, H, 1}, w + column, H, H / 2);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(low + m * kTileColumns + c); });
      tile.fill(Lanes(0.0F));
      tile.chain({input + row * H + H / 2, H, 1}, w + H / 2 * H + column, H, H / 2);
      tile.for_each([&](Lanes high, int m, int c) {
        float* at = to + (row + m) * H + column + c;
        finish(Lanes::load(low + m * kTileColumns + c) + high, at).store(at);
      });
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

/// input [rows][O] -> output [Out][output_stride], one column a sample.
template <class Net, int S>
void forward(const float* params, const Packed<Net>& packed, const float* input, int rows,
             HiddenBatch<Net::H, S>& kept, float* output, int output_stride) {
  constexpr int H = Net::H;
  for (int column = 0; column < H; column += kTileColumns) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M> tile;
      tile.fill_rows(params + Net::l1_b + column);
      tile.chain({input + row * Net::O, Net::O, 1}, params + Net::l1_w + column, H, Net::O);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(kept.h1 + (row + m) * H + column + c); });
    });
  }
  for (int i = 0; i < rows * H; i += Lanes::kWidth) tanh(Lanes::load(kept.h1 + i)).store(kept.h1 + i);
  two_chains<H>(kept.h1, params + Net::l2_w, params + Net::l2_b, rows, kept.h2,
                [](Lanes sum, const float*) { return sum; });
  for (int i = 0; i < rows * H; i += Lanes::kWidth) tanh(Lanes::load(kept.h2 + i)).store(kept.h2 + i);
  for (int row = 0; row < rows; ++row) {
    for (int o = 0; o < Net::Out; ++o) {
      output[o * output_stride + row] =
          head_output<H>(kept.h2 + row * H, packed.head + o * H, params[Net::head_b + o]);
    }
  }
}

/// sums [rows][H] at `offset`: chains over the samples of a(row, sample) * d[sample][column].
template <int H>
[[gnu::noinline]] void weight_gradient(Strided a, int rows, const float* d, std::span<const LeafRows> leaves,
                                       int offset) {
  for (int column = 0; column < H; column += kTileColumns) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M> tile;
      const int at = offset + row * H + column;
      tile.for_each(
          [&](Lanes&, int m, int c) { _mm_prefetch(leaves[0].group + at + m * H + c, _MM_HINT_T0); });
      for (const LeafRows& leaf : leaves) {
        if (leaf.first) {
          tile.fill(Lanes(0.0F));
        } else {
          tile.load(leaf.carry + at, H);
        }
        tile.chain({a.data + row * a.row_stride + leaf.begin * a.step_stride, a.row_stride, a.step_stride},
                   d + leaf.begin * H + column, H, leaf.end - leaf.begin);
        float* to = (leaf.last ? leaf.group : leaf.carry) + at;
        if (leaf.last && !leaf.opens) {
          tile.for_each(
              [&](Lanes sum, int m, int c) { (Lanes::load(to + m * H + c) + sum).store(to + m * H + c); });
        } else {
          tile.for_each([&](Lanes sum, int m, int c) { sum.store(to + m * H + c); });
        }
      }
    });
  }
}

/// sums [H] at `offset`: d [samples][H] added over the samples.
template <int H>
inline void bias_gradient(const float* d, std::span<const LeafRows> leaves, int offset) {
  constexpr int kVectors = H / Lanes::kWidth;
  for (const LeafRows& leaf : leaves) {
    Lanes sum[kVectors];
    for (int v = 0; v < kVectors; ++v) sum[v] = leaf.start(offset + v * Lanes::kWidth);
    for (int s = leaf.begin; s < leaf.end; ++s) {
      for (int v = 0; v < kVectors; ++v) sum[v] += Lanes::load(d + s * H + v * Lanes::kWidth);
    }
    for (int v = 0; v < kVectors; ++v) leaf.finish(offset + v * Lanes::kWidth, sum[v]);
  }
}

/// The head's gradient from d_output [Out][S], its weights' as [Out][H]; turns h2 [S][H] into dLoss / d(what
/// went into its tanh).
template <class Net, int S>
[[gnu::noinline]] void head_backward(const Packed<Net>& packed, const float* d_output, float* h2,
                                     std::span<const LeafRows> leaves, int offset) {
  constexpr int H = Net::H;
  constexpr int Out = Net::Out;
  const Lanes one(1.0F);
  for (const LeafRows& leaf : leaves) {
    for (int column = 0; column < H; column += kTileColumns) {
      Lanes sum[Out][kTileVectors];
      Lanes head[Out][kTileVectors];
      for (int o = 0; o < Out; ++o) {
        for (int v = 0; v < kTileVectors; ++v) {
          const int at = o * H + column + v * Lanes::kWidth;
          head[o][v] = Lanes::load(packed.head + at);
          sum[o][v] = leaf.start(offset + Net::head_w + at);
        }
      }
      for (int s = leaf.begin; s < leaf.end; ++s) {
        for (int v = 0; v < kTileVectors; ++v) {
          float* at = h2 + s * H + column + v * Lanes::kWidth;
          const Lanes h = Lanes::load(at);
          Lanes d_h(0.0F);
          for (int o = 0; o < Out; ++o) {
            const Lanes d(d_output[o * S + s]);
            d_h = fma(d, head[o][v], d_h);
            sum[o][v] = fma(h, d, sum[o][v]);
          }
          (d_h * fma(-h, h, one)).store(at);
        }
      }
      for (int o = 0; o < Out; ++o) {
        for (int v = 0; v < kTileVectors; ++v)
          leaf.finish(offset + Net::head_w + o * H + column + v * Lanes::kWidth, sum[o][v]);
      }
    }
    for (int o = 0; o < Out; ++o) {
      float sum = leaf.start_scalar(offset + Net::head_b + o);
      for (int s = leaf.begin; s < leaf.end; ++s) sum += d_output[o * S + s];
      leaf.finish_scalar(offset + Net::head_b + o, sum);
    }
  }
}

/// The head's weights of a finished group, from [Out][H] to the parameters' order [H][Out].
template <class Net>
void reorder_head(float* group) {
  float sums[Net::Out * Net::H];
  std::copy_n(group + Net::head_w, Net::Out * Net::H, sums);
  for (int o = 0; o < Net::Out; ++o) {
    for (int j = 0; j < Net::H; ++j) group[Net::head_w + j * Net::Out + o] = sums[o * Net::H + j];
  }
}

/// ppo::backward over a pass of samples; d_output [Out][S], the sums from `offset` on. Leaves the gradients
/// of the layers' sums where the hidden layers were.
template <class Net, int S>
void backward(const Packed<Net>& packed, const float* input, HiddenBatch<Net::H, S>& kept,
              const float* d_output, int rows, std::span<const LeafRows> leaves, int offset) {
  constexpr int H = Net::H;
  const Lanes one(1.0F);
  head_backward<Net, S>(packed, d_output, kept.h2, leaves, offset);
  const float* d2 = kept.h2;
  weight_gradient<H>({kept.h1, 1, H}, H, d2, leaves, offset + Net::l2_w);
  bias_gradient<H>(d2, leaves, offset + Net::l2_b);
  two_chains<H>(d2, packed.l2_transposed, nullptr, rows, kept.h1, [&](Lanes sum, const float* h1) {
    const Lanes h = Lanes::load(h1);
    return sum * fma(-h, h, one);
  });
  const float* d1 = kept.h1;
  weight_gradient<H>({input, 1, Net::O}, Net::O, d1, leaves, offset + Net::l1_w);
  bias_gradient<H>(d1, leaves, offset + Net::l1_b);
}

}  // namespace ppo::simd
