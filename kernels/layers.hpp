// A tile of samples through the layers of one network, by a quartet: the products of include/ppo/network.hpp
// in register tiles, in the same orders.
#pragma once

#include "kernels/quick.hpp"
#include "kernels/shared.hpp"
#include "ppo/network.hpp"

namespace ppo {

/// A thread's part of a panel of a layer: samples row, row + 8 (as far as it has them) by four units.
template <int H>
struct Tile {
  static constexpr int kRows = TileShape<H>::kRows;
  float x[kRows][4];
};

/// The dot products of a layer in their two chains, each over half of the inputs.
template <int H>
struct Chains {
  static constexpr int kRows = TileShape<H>::kRows;
  float low[kRows][4];
  float high[kRows][4];

  PPO_DEVICE void start(const Quad& first) {
    PPO_UNROLL
    for (int m = 0; m < kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) {
        low[m][u] = first.x[u];
        high[m][u] = 0;
      }
    }
  }

  PPO_DEVICE Tile<H> sum() const {
    Tile<H> tile;
    PPO_UNROLL
    for (int m = 0; m < kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = low[m][u] + high[m][u];
    }
    return tile;
  }
};

/// to [kTile][kPitch<H>] = the tile's entries, of units from `unit` on.
template <int H>
PPO_DEVICE void store_tile(const Seat<H>& seat, const Tile<H>& tile, int unit, float* to) {
  PPO_UNROLL
  for (int m = 0; m < tile.kRows; ++m) {
    store_quad(to + (seat.row + 8 * m) * kPitch<H> + unit,
               {{tile.x[m][0], tile.x[m][1], tile.x[m][2], tile.x[m][3]}});
  }
}

/// All take one branch, and nobody pays for the other activation.
template <int H>
PPO_DEVICE void activate_tile(Activation activation, Tile<H>& tile) {
  if (activation == Activation::tanh) {
    PPO_UNROLL
    for (int m = 0; m < tile.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = quick_tanh(tile.x[m][u]);
    }
  } else {
    PPO_UNROLL
    for (int m = 0; m < tile.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = relu(tile.x[m][u]);
    }
  }
}

/// d times the activation's slope, from its result h.
template <int H>
PPO_DEVICE void apply_slope(Activation activation, const Tile<H>& h, Tile<H>& d) {
  if (activation == Activation::tanh) {
    PPO_UNROLL
    for (int m = 0; m < d.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) d.x[m][u] = d.x[m][u] * slope(Activation::tanh, h.x[m][u]);
    }
  } else {
    PPO_UNROLL
    for (int m = 0; m < d.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) d.x[m][u] = d.x[m][u] * slope(Activation::relu, h.x[m][u]);
    }
  }
}

/// work(the first unit of a panel), panel after panel.
template <int H, class Work>
PPO_DEVICE void for_panels(Work work) {
  PPO_NO_UNROLL
  for (int panel = 0; panel < TileShape<H>::kPanels; ++panel) work(panel * TileShape<H>::kPanelUnits);
}

/// step(k) for every fourth of the H / 2 inputs of a chain: without a loop for small layers; large ones would
/// take a compiler long, and more instructions than a multiprocessor keeps at hand.
template <int H, class Step>
PPO_DEVICE void for_chain(Step step) {
  constexpr int kHalf = H / 2;
  constexpr int kAtOnce = min(kHalf, 32);
  PPO_NO_UNROLL
  for (int first = 0; first < kHalf; first += kAtOnce) {
    PPO_UNROLL
    for (int k = 0; k < kAtOnce; k += 4) step(first + k);
  }
}

/// Four consecutive inputs of each chain, of a thread's samples.
template <int H>
struct InputQuads {
  Quad low[TileShape<H>::kRows];
  Quad high[TileShape<H>::kRows];

  PPO_DEVICE explicit InputQuads(const float* row) {
    PPO_UNROLL
    for (int m = 0; m < TileShape<H>::kRows; ++m) {
      low[m] = load_quad(row + 8 * m * kPitch<H>);
      high[m] = load_quad(row + 8 * m * kPitch<H> + H / 2);
    }
  }
};

/// obs [kTile][O] -> h1 [kTile][H].
template <int O, int H>
PPO_DEVICE void input_tile(Activation activation, const Seat<H>& seat, const Trunk<O, H>& trunk,
                           const float* obs, float* h1) {
  for_panels<H>([&](int panel) {
    const int unit = panel + seat.unit;
    const Quad bias = load_quad(trunk.l1_b + unit);
    Tile<H> tile;
    PPO_UNROLL
    for (int m = 0; m < tile.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) tile.x[m][u] = bias.x[u];
    }
    for (int i = 0; i < O; ++i) {
      const Quad w = load_quad(trunk.l1_w + i * H + unit);
      PPO_UNROLL
      for (int m = 0; m < tile.kRows; ++m) {
        const float input = obs[(seat.row + 8 * m) * O + i];
        PPO_UNROLL
        for (int u = 0; u < 4; ++u) tile.x[m][u] = fma(input, w.x[u], tile.x[m][u]);
      }
    }
    activate_tile(activation, tile);
    store_tile(seat, tile, unit, h1);
  });
}

/// h1 [kTile][H] -> h2 [kTile][H]. Weights come a row of four units at a time, inputs four at a time.
template <int O, int H>
PPO_DEVICE void hidden_tile(Activation activation, const Seat<H>& seat, const Trunk<O, H>& trunk,
                            const float* h1, float* h2) {
  constexpr int kHalf = H / 2;
  for_panels<H>([&](int panel) {
    Chains<H> chains;
    chains.start(load_quad(trunk.l2_b + panel + seat.unit));
    const float* input = h1 + seat.row * kPitch<H>;
    const float* weights = trunk.l2_w + panel + seat.unit;
    for_chain<H>([&](int k) {
      const InputQuads<H> in(input + k);
      PPO_UNROLL
      for (int i = 0; i < 4; ++i) {
        const Quad w_low = load_quad(weights + (k + i) * kPitch<H>);
        const Quad w_high = load_quad(weights + (kHalf + k + i) * kPitch<H>);
        PPO_UNROLL
        for (int m = 0; m < chains.kRows; ++m) {
          PPO_UNROLL
          for (int u = 0; u < 4; ++u) {
            chains.low[m][u] = fma(in.low[m].x[i], w_low.x[u], chains.low[m][u]);
            chains.high[m][u] = fma(in.high[m].x[i], w_high.x[u], chains.high[m][u]);
          }
        }
      }
    });
    Tile<H> tile = chains.sum();
    activate_tile(activation, tile);
    store_tile(seat, tile, panel + seat.unit, h2);
  });
}

/// dLoss/dh1 of the thread's samples and the units first_unit + {0, 4, 8, 12}, from d2 [kTile][H]:
/// interleaved units keep the rows of weights that a warp reads at once in different banks.
template <int O, int H>
PPO_DEVICE Tile<H> hidden_tile_back(const Seat<H>& seat, const Trunk<O, H>& trunk, const float* d2,
                                    int first_unit) {
  constexpr int kHalf = H / 2;
  Chains<H> chains;
  chains.start({});
  const float* input = d2 + seat.row * kPitch<H>;
  const float* weights = trunk.l2_w + first_unit * kPitch<H>;
  for_chain<H>([&](int k) {
    const InputQuads<H> in(input + k);
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) {
      const Quad w_low = load_quad(weights + 4 * u * kPitch<H> + k);
      const Quad w_high = load_quad(weights + 4 * u * kPitch<H> + kHalf + k);
      PPO_UNROLL
      for (int m = 0; m < chains.kRows; ++m) {
        PPO_UNROLL
        for (int i = 0; i < 4; ++i) {
          chains.low[m][u] = fma(in.low[m].x[i], w_low.x[i], chains.low[m][u]);
          chains.high[m][u] = fma(in.high[m].x[i], w_high.x[i], chains.high[m][u]);
        }
      }
    }
  });
  return chains.sum();
}

}  // namespace ppo
