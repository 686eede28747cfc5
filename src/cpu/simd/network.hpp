// ppo/network.hpp for many samples at once, lanes = hidden units: the same operations in the same order.
#pragma once

#include "cpu/simd/tile.hpp"
#include "ppo/network.hpp"

namespace ppo::simd {

/// A network's weights as the tiles want them, beside the parameters themselves.
template <class Net>
struct Packed {
  alignas(64) float l2_transposed[Net::H * Net::H];  // [out][in]
  alignas(64) float head[Net::Out * Net::H];         // [Out][H]

  void pack(const float* params) {
    constexpr int H = Net::H;
    for (int j = 0; j < H; ++j) {
      for (int i = 0; i < H; ++i) l2_transposed[j * H + i] = params[Net::l2_w + i * H + j];
    }
    for (int o = 0; o < Net::Out; ++o) {
      for (int j = 0; j < H; ++j) head[o * H + j] = params[Net::head_w + j * Net::Out + o];
    }
  }
};

/// The hidden layers of up to S samples.
template <int H, int S>
struct HiddenBatch {
  alignas(64) float h1[S * H];  // [S][H]
  alignas(64) float h2[S * H];
};

/// to [rows][H] = finish(low + high, row, column), where low and high are the two chains over H/2 steps each.
template <int H, class Finish>
[[gnu::always_inline]] inline void two_chains(const float* input, const float* w, const float* bias, int rows,
                                              float* to, Finish finish) {
  static_assert(H % kTileColumns == 0, "the command line's hidden size fills whole tiles");
  for (int column = 0; column < H; column += kTileColumns) {
    for_row_tiles(rows, [&]<int M>(Tile<M>& tile, int row) {
      float* out = to + row * H + column;
      if (bias == nullptr) {
        tile.fill(Lanes(0.0F));
      } else {
        tile.fill_rows(bias + column);
      }
      tile.chain({input + row * H, H, 1}, w + column, H, H / 2);
      tile.for_each([&](Lanes low, int m, int c) { low.store(out + m * H + c); });
      tile.fill(Lanes(0.0F));
      tile.chain({input + row * H + H / 2, H, 1}, w + H / 2 * H + column, H, H / 2);
      tile.for_each([&](Lanes high, int m, int c) {
        finish(Lanes::load(out + m * H + c) + high, row + m, column + c).store(out + m * H + c);
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
    for_row_tiles(rows, [&]<int M>(Tile<M>& tile, int row) {
      tile.fill_rows(params + Net::l1_b + column);
      tile.chain({input + row * Net::O, Net::O, 1}, params + Net::l1_w + column, H, Net::O);
      tile.for_each([&](Lanes sum, int m, int c) { sum.store(kept.h1 + (row + m) * H + column + c); });
    });
  }
  for (int i = 0; i < rows * H; i += Lanes::kWidth) tanh(Lanes::load(kept.h1 + i)).store(kept.h1 + i);
  two_chains<H>(kept.h1, params + Net::l2_w, params + Net::l2_b, rows, kept.h2,
                [](Lanes sum, int, int) { return sum; });
  for (int i = 0; i < rows * H; i += Lanes::kWidth) tanh(Lanes::load(kept.h2 + i)).store(kept.h2 + i);
  for (int row = 0; row < rows; ++row) {
    for (int o = 0; o < Net::Out; ++o) {
      output[o * output_stride + row] =
          head_output<H>(kept.h2 + row * H, packed.head + o * H, params[Net::head_b + o]);
    }
  }
}

/// Where a leaf's sums start and where they go: the samples of one leaf come in passes of at most S.
struct LeafPass {
  float* leaf;          // [size] the chains so far, when the leaf takes several passes
  float* group;         // [size]
  bool first;           // of the leaf: the chains start from 0
  bool last;            // of the leaf: it goes into the group
  bool first_of_group;  // the group is this leaf so far

  Lanes start(int offset) const { return first ? Lanes(0.0F) : Lanes::load(leaf + offset); }

  void finish(int offset, Lanes sum) const {
    if (!last) {
      sum.store(leaf + offset);
    } else if (first_of_group) {
      sum.store(group + offset);
    } else {
      (Lanes::load(group + offset) + sum).store(group + offset);
    }
  }

  float start_scalar(int offset) const { return first ? 0.0F : leaf[offset]; }

  void finish_scalar(int offset, float sum) const {
    if (!last) {
      leaf[offset] = sum;
    } else {
      group[offset] = first_of_group ? sum : group[offset] + sum;
    }
  }

  LeafPass at(int offset) const { return {leaf + offset, group + offset, first, last, first_of_group}; }
};

/// sums [rows][H] at `offset`: chains over the samples of a(row, sample) * d[sample][column].
template <int H>
[[gnu::always_inline]] inline void weight_gradient(Strided a, int rows, const float* d, int samples,
                                                   const LeafPass& pass, int offset) {
  for (int column = 0; column < H; column += kTileColumns) {
    for_row_tiles(rows, [&]<int M>(Tile<M>& tile, int row) {
      const int at = offset + row * H + column;
      if (pass.first) {
        tile.fill(Lanes(0.0F));
      } else {
        tile.load(pass.leaf + at, H);
      }
      tile.chain({a.data + row * a.row_stride, a.row_stride, a.step_stride}, d + column, H, samples);
      tile.for_each([&](Lanes sum, int m, int c) { pass.finish(at + m * H + c, sum); });
    });
  }
}

/// sums [H] at `offset`: d [samples][H] added over the samples.
template <int H>
inline void bias_gradient(const float* d, int samples, const LeafPass& pass, int offset) {
  for (int j = 0; j < H; j += Lanes::kWidth) {
    Lanes sum = pass.start(offset + j);
    for (int s = 0; s < samples; ++s) sum += Lanes::load(d + s * H + j);
    pass.finish(offset + j, sum);
  }
}

/// ppo::backward over `samples` samples of one leaf; d_output [Out][S].
template <class Net, int S>
void backward(const Packed<Net>& packed, const float* input, const HiddenBatch<Net::H, S>& kept,
              const float* d_output, int samples, const LeafPass& pass) {
  constexpr int H = Net::H;
  constexpr int Out = Net::Out;
  alignas(64) float d1[S * H];
  alignas(64) float d2[S * H];
  const Lanes one(1.0F);

  for (int j = 0; j < H; j += Lanes::kWidth) {
    Lanes head_sum[Out];
    Lanes head[Out];
    for (int o = 0; o < Out; ++o) {
      head[o] = Lanes::load(packed.head + o * H + j);
      // The parameters' order is [H][Out]: gathered and scattered lane by lane.
      float lanes[Lanes::kWidth];
      for (int i = 0; i < Lanes::kWidth; ++i) lanes[i] = pass.start_scalar(Net::head_w + (j + i) * Out + o);
      head_sum[o] = Lanes::load(lanes);
    }
    for (int s = 0; s < samples; ++s) {
      const Lanes h2 = Lanes::load(kept.h2 + s * H + j);
      Lanes d_h2(0.0F);
      for (int o = 0; o < Out; ++o) {
        const Lanes d(d_output[o * S + s]);
        d_h2 = fma(d, head[o], d_h2);
        head_sum[o] = fma(h2, d, head_sum[o]);
      }
      (d_h2 * fma(-h2, h2, one)).store(d2 + s * H + j);
    }
    for (int o = 0; o < Out; ++o) {
      float lanes[Lanes::kWidth];
      head_sum[o].store(lanes);
      for (int i = 0; i < Lanes::kWidth; ++i) pass.finish_scalar(Net::head_w + (j + i) * Out + o, lanes[i]);
    }
  }
  for (int o = 0; o < Out; ++o) {
    float sum = pass.start_scalar(Net::head_b + o);
    for (int s = 0; s < samples; ++s) sum += d_output[o * S + s];
    pass.finish_scalar(Net::head_b + o, sum);
  }

  two_chains<H>(d2, packed.l2_transposed, nullptr, samples, d1, [&](Lanes sum, int s, int j) {
    const Lanes h1 = Lanes::load(kept.h1 + s * H + j);
    return sum * fma(-h1, h1, one);
  });
  weight_gradient<H>({kept.h1, 1, H}, H, d2, samples, pass, Net::l2_w);
  bias_gradient<H>(d2, samples, pass, Net::l2_b);
  weight_gradient<H>({input, 1, Net::O}, Net::O, d1, samples, pass, Net::l1_w);
  bias_gradient<H>(d1, samples, pass, Net::l1_b);
}

}  // namespace ppo::simd
