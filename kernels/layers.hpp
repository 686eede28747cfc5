// A tile of samples through the layers of one network, by a quartet: the products of include/ppo/network.hpp
// in register tiles, in the same orders.
#pragma once

#include "kernels/quick.hpp"
#include "kernels/shared.hpp"
#include "ppo/network.hpp"

namespace ppo {

/// A thread's part of a layer: two samples (row, row + 8) by four units.
struct Tile {
  float x[2][4];
};

/// The dot products of a layer in their two chains, each over half of the inputs.
struct Chains {
  float low[2][4];
  float high[2][4];

  PPO_DEVICE void start(const Quad& first) {
    PPO_UNROLL
    for (int m = 0; m < 2; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) {
        low[m][u] = first.x[u];
        high[m][u] = 0;
      }
    }
  }

  PPO_DEVICE Tile sum() const {
    Tile tile;
    PPO_UNROLL
    for (int m = 0; m < 2; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = low[m][u] + high[m][u];
    }
    return tile;
  }
};

/// to [kTile][kPitch<H>] = the tile's entries.
template <int H>
PPO_DEVICE void store_tile(const Seat& seat, const Tile& tile, float* to) {
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    store_quad(to + (seat.row + 8 * m) * kPitch<H> + seat.unit,
               {{tile.x[m][0], tile.x[m][1], tile.x[m][2], tile.x[m][3]}});
  }
}

PPO_DEVICE void tanh_of(Tile& tile) {
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) tile.x[m][u] = quick_tanh(tile.x[m][u]);
  }
}

/// obs [kTile][O] -> h1 [kTile][H].
template <int O, int H>
PPO_DEVICE void input_tile(const Seat& seat, const Trunk<O, H>& trunk, const float* obs, float* h1) {
  const Quad bias = load_quad(trunk.l1_b + seat.unit);
  Tile tile;
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) tile.x[m][u] = bias.x[u];
  }
  for (int i = 0; i < O; ++i) {
    const Quad w = load_quad(trunk.l1_w + i * H + seat.unit);
    PPO_UNROLL
    for (int m = 0; m < 2; ++m) {
      const float input = obs[(seat.row + 8 * m) * O + i];
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = fma(input, w.x[u], tile.x[m][u]);
    }
  }
  tanh_of(tile);
  store_tile<H>(seat, tile, h1);
}

/// Four consecutive inputs of each chain, of a thread's two samples.
template <int H>
struct InputQuads {
  Quad low[2];
  Quad high[2];

  PPO_DEVICE explicit InputQuads(const float* row) {
    PPO_UNROLL
    for (int m = 0; m < 2; ++m) {
      low[m] = load_quad(row + 8 * m * kPitch<H>);
      high[m] = load_quad(row + 8 * m * kPitch<H> + H / 2);
    }
  }
};

/// h1 [kTile][H] -> h2 [kTile][H]. Weights come a row of four units at a time, inputs four at a time.
template <int O, int H>
PPO_DEVICE void hidden_tile(const Seat& seat, const Trunk<O, H>& trunk, const float* h1, float* h2) {
  constexpr int kHalf = H / 2;
  Chains chains;
  chains.start(load_quad(trunk.l2_b + seat.unit));
  const float* input = h1 + seat.row * kPitch<H>;
  const float* weights = trunk.l2_w + seat.unit;
  PPO_UNROLL
  for (int k = 0; k < kHalf; k += 4) {
    const InputQuads<H> in(input + k);
    PPO_UNROLL
    for (int i = 0; i < 4; ++i) {
      const Quad w_low = load_quad(weights + (k + i) * kPitch<H>);
      const Quad w_high = load_quad(weights + (kHalf + k + i) * kPitch<H>);
      PPO_UNROLL
      for (int m = 0; m < 2; ++m) {
        PPO_UNROLL
        for (int u = 0; u < 4; ++u) {
          chains.low[m][u] = fma(in.low[m].x[i], w_low.x[u], chains.low[m][u]);
          chains.high[m][u] = fma(in.high[m].x[i], w_high.x[u], chains.high[m][u]);
        }
      }
    }
  }
  Tile tile = chains.sum();
  tanh_of(tile);
  store_tile<H>(seat, tile, h2);
}

/// dLoss/dh1 of samples row, row + 8 and units 16 warp + lane % 4 + {0, 4, 8, 12}, from d2 [kTile][H]: the
/// interleaved units keep the rows of weights that a warp reads at once in different banks.
template <int O, int H>
PPO_DEVICE Tile hidden_tile_back(const Seat& seat, const Trunk<O, H>& trunk, const float* d2,
                                 int first_unit) {
  constexpr int kHalf = H / 2;
  Chains chains;
  chains.start({});
  const float* input = d2 + seat.row * kPitch<H>;
  const float* weights = trunk.l2_w + first_unit * kPitch<H>;
  PPO_UNROLL
  for (int k = 0; k < kHalf; k += 4) {
    const InputQuads<H> in(input + k);
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) {
      const Quad w_low = load_quad(weights + 4 * u * kPitch<H> + k);
      const Quad w_high = load_quad(weights + 4 * u * kPitch<H> + kHalf + k);
      PPO_UNROLL
      for (int m = 0; m < 2; ++m) {
        PPO_UNROLL
        for (int i = 0; i < 4; ++i) {
          chains.low[m][u] = fma(in.low[m].x[i], w_low.x[i], chains.low[m][u]);
          chains.high[m][u] = fma(in.high[m].x[i], w_high.x[i], chains.high[m][u]);
        }
      }
    }
  }
  return chains.sum();
}

/// The head's halving tree over a warp, of the four samples of this warp at once: lane i holds units i and
/// i + 32. The first two steps also deal out the samples, so that each lane ends with its own.
template <int H>
PPO_DEVICE float head_output(const Seat& seat, const float* w, int w_stride, const float* h2, float bias) {
  static_assert(H == 64);
  const float w_low = w[seat.lane * w_stride];
  const float w_high = w[(32 + seat.lane) * w_stride];
  float sum[4];
  PPO_UNROLL
  for (int s = 0; s < 4; ++s) {
    const float* h = h2 + (4 * seat.warp + s) * kPitch<H> + seat.lane;
    sum[s] = fma(h[32], w_high, h[0] * w_low);
  }
  const bool upper = (seat.lane & 16) != 0;  // keeps samples 2 and 3
  const bool odd = (seat.lane & 8) != 0;     // keeps 1 or 3
  const float first = select(upper, sum[2], sum[0]) + device::shuffle_xor(select(upper, sum[0], sum[2]), 16);
  const float second = select(upper, sum[3], sum[1]) + device::shuffle_xor(select(upper, sum[1], sum[3]), 16);
  float mine = select(odd, second, first) + device::shuffle_xor(select(odd, first, second), 8);
  PPO_UNROLL
  for (int half = 4; half > 0; half /= 2) mine = mine + device::shuffle_xor(mine, half);
  return mine + bias;
}

/// obs [kTile][O] (written by the quartet, which has met since) -> output [Out] of the thread's sample;
/// leaves the hidden layers in h1 and h2.
template <int Out, int O, int H>
PPO_DEVICE void forward_tile(const Seat& seat, const Trunk<O, H>& trunk, const float* head_w,
                             const float* head_b, const float* obs, float* h1, float* h2, float* output) {
  input_tile<O, H>(seat, trunk, obs, h1);
  device::sync_group(seat.quartet, kQuartetThreads);
  hidden_tile<O, H>(seat, trunk, h1, h2);
  device::sync_group(seat.quartet, kQuartetThreads);
  PPO_UNROLL
  for (int o = 0; o < Out; ++o) output[o] = head_output<H>(seat, head_w + o, Out, h2, head_b[o]);
}

}  // namespace ppo
