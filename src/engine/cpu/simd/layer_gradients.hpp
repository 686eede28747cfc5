// The gradients of the layers of a network with H hidden units, summed over the leaves of a pass.
#pragma once

#include "engine/cpu/simd/layers.hpp"

namespace ppo::simd {

/// sums [rows][H] at `offset`: chains over the samples of a(row, sample) * d[sample][column].
template <int H>
[[gnu::noinline]] void weight_gradient(Strided a, int rows, const float* d, std::span<const LeafRows> leaves,
                                       int offset) {
  for (int column = 0; column < H; column += kTileColumns<H>) {
    for_row_tiles(rows, [&]<int M>(int row) {
      Tile<M, kTileVectors<H>> tile;
      const int at = offset + row * H + column;
      tile.for_each([&](Lanes&, int m, int c) { __builtin_prefetch(leaves[0].group + at + m * H + c); });
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
  constexpr int kVectors = kTileVectors<H>;
  for (const LeafRows& leaf : leaves) {
    for (int column = 0; column < H; column += kTileColumns<H>) {
      Lanes sum[kVectors];
      for (int v = 0; v < kVectors; ++v) sum[v] = leaf.start(offset + column + v * Lanes::kWidth);
      for (int s = leaf.begin; s < leaf.end; ++s) {
        for (int v = 0; v < kVectors; ++v) sum[v] += Lanes::load(d + s * H + column + v * Lanes::kWidth);
      }
      for (int v = 0; v < kVectors; ++v) leaf.finish(offset + column + v * Lanes::kWidth, sum[v]);
    }
  }
}

/// A part of the head's outputs, few enough for their weights and sums to stay in registers.
struct HeadPart {
  const float* head;      // [outputs of the part][H]
  const float* d_output;  // [outputs of the part][kPass]
  int offset;             // of the weights' sums
  bool opens;             // d_h starts from 0
  bool ends;              // d_h is complete
};

/// The gradient of `Outs` outputs' weights, as [Outs][H]. Their share of dLoss/dh2 goes to kept.d_h; the last
/// part turns h2 into dLoss / d(the second layer's sums). A part that is `alone` both opens and ends.
template <int H, int Outs, bool alone, class Slope>
[[gnu::noinline]] void head_part(const HeadPart& part, const HiddenBatch& kept, const LeafRows& leaf,
                                 Slope slope) {
  constexpr int V = kTileVectors<H>;
  const bool opens = alone || part.opens;
  const bool ends = alone || part.ends;
  for (int column = 0; column < H; column += kTileColumns<H>) {
    Lanes sum[Outs][V];
    Lanes head[Outs][V];
    const auto at = [&](int o, int v) { return o * H + column + v * Lanes::kWidth; };
    for (int o = 0; o < Outs; ++o) {
      for (int v = 0; v < V; ++v) {
        head[o][v] = Lanes::load(part.head + at(o, v));
        sum[o][v] = leaf.start(part.offset + at(o, v));
      }
    }
    const float* const d_output = part.d_output;
    float* const h2 = kept.h2 + column;
    float* const d_h2 = kept.d_h + column;
    for (int s = leaf.begin; s < leaf.end; ++s) {
      for (int v = 0; v < V; ++v) {
        const int unit = s * H + v * Lanes::kWidth;
        const Lanes h = Lanes::load(h2 + unit);
        Lanes d_h = opens ? Lanes(0.0F) : Lanes::load(d_h2 + unit);
        for (int o = 0; o < Outs; ++o) {
          const Lanes d(d_output[o * kPass + s]);
          d_h = fma(d, head[o][v], d_h);
          sum[o][v] = fma(h, d, sum[o][v]);
        }
        if (ends) d_h = d_h * slope(h);
        d_h.store((ends ? h2 : d_h2) + unit);
      }
    }
    for (int o = 0; o < Outs; ++o) {
      for (int v = 0; v < V; ++v) leaf.finish(part.offset + at(o, v), sum[o][v]);
    }
  }
}

/// The head's gradient from d_output [Out][kPass], its weights' as [Out][H]; turns h2 [kPass][H] into dLoss /
/// d(the second layer's sums).
template <int H, class Slope>
void head_backward(const PackedNetwork& network, const float* d_output, const HiddenBatch& kept,
                   std::span<const LeafRows> leaves, Slope slope) {
  constexpr int kMostOuts = 3;
  const int Out = network.net.Out;
  for (const LeafRows& leaf : leaves) {
    for (int first = 0; first < Out; first += kMostOuts) {
      const int outs = min(kMostOuts, Out - first);
      const HeadPart part{network.head + first * H, d_output + first * kPass,
                          network.net.head_w() + first * H, first == 0, first + outs == Out};
      unrolled<kMostOuts>([&](auto o) {
        if (outs != o + 1) return;
        if (part.opens && part.ends) {
          head_part<H, o + 1, true>(part, kept, leaf, slope);
        } else {
          head_part<H, o + 1, false>(part, kept, leaf, slope);
        }
      });
    }
    for (int o = 0; o < Out; ++o) {
      float sum = leaf.start_scalar(network.net.head_b() + o);
      for (int s = leaf.begin; s < leaf.end; ++s) sum += d_output[o * kPass + s];
      leaf.finish_scalar(network.net.head_b() + o, sum);
    }
  }
}

template <int H, class Slope>
void backward_through(const PackedNetwork& network, const float* input, const HiddenBatch& kept,
                      const float* d_output, int rows, std::span<const LeafRows> leaves, Slope slope) {
  const Mlp& net = network.net;
  head_backward<H>(network, d_output, kept, leaves, slope);
  const float* d2 = kept.h2;
  weight_gradient<H>({kept.h1, 1, H}, H, d2, leaves, net.l2_w());
  bias_gradient<H>(d2, leaves, net.l2_b());
  two_chains<H>(d2, network.l2_transposed, nullptr, rows, kept.h1,
                [&](Lanes sum, const float* h1) { return sum * slope(Lanes::load(h1)); });
  const float* d1 = kept.h1;
  weight_gradient<H>({input, 1, net.O}, net.O, d1, leaves, net.l1_w());
  bias_gradient<H>(d1, leaves, net.l1_b());
}

template <int H>
void backward_sized(const PackedNetwork& network, const float* input, const HiddenBatch& kept,
                    const float* d_output, int rows, std::span<const LeafRows> leaves) {
  const auto through = [&]<Activation activation>() {
    backward_through<H>(network, input, kept, d_output, rows, leaves,
                        [](Lanes h) { return ppo::slope(activation, h); });
  };
  if (network.activation == Activation::tanh) {
    through.template operator()<Activation::tanh>();
  } else {
    through.template operator()<Activation::relu>();
  }
}

}  // namespace ppo::simd
