// The register tile that all dense layers are made of: rows of samples (or of weights) against lanes of
// hidden units.
#pragma once

#include <utility>

#include "cpu/simd/lanes.hpp"

namespace ppo::simd {

/// Vectors of columns that a tile keeps in registers: with 6 rows, 24 of AVX-512's 32 registers, or 12 of
/// AVX2's 16.
inline constexpr int kTileVectors = Lanes::kWidth == 16 ? 4 : 2;
inline constexpr int kTileColumns = kTileVectors * Lanes::kWidth;
inline constexpr int kTileRows = 6;

/// A matrix read element by element: entry (row, step) stands at data[row * row_stride + step * step_stride].
struct Strided {
  const float* data;
  int row_stride;
  int step_stride;
};

/// An M x kTileColumns part of a sum over steps of outer products.
template <int M>
struct Tile {
  Lanes sum[M][kTileVectors];

  [[gnu::always_inline]] void fill(Lanes value) {
    for (int m = 0; m < M; ++m) {
      for (int v = 0; v < kTileVectors; ++v) sum[m][v] = value;
    }
  }

  [[gnu::always_inline]] void fill_rows(const float* row) {
    for (int v = 0; v < kTileVectors; ++v) {
      const Lanes value = Lanes::load(row + v * Lanes::kWidth);
      for (int m = 0; m < M; ++m) sum[m][v] = value;
    }
  }

  [[gnu::always_inline]] void load(const float* from, int stride) {
    for (int m = 0; m < M; ++m) {
      for (int v = 0; v < kTileVectors; ++v) sum[m][v] = Lanes::load(from + m * stride + v * Lanes::kWidth);
    }
  }

  /// sum[m][column] = fma(a(m, step), b[step][column], sum[m][column]) for `steps` steps in order.
  [[gnu::always_inline]] void chain(Strided a, const float* b, int b_stride, int steps) {
    for (int step = 0; step < steps; ++step) {
      Lanes columns[kTileVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kTileVectors; ++v)
        columns[v] = Lanes::load(b + step * b_stride + v * Lanes::kWidth);
#pragma GCC unroll 6
      for (int m = 0; m < M; ++m) {
        const Lanes scale(a.data[m * a.row_stride + step * a.step_stride]);
#pragma GCC unroll 4
        for (int v = 0; v < kTileVectors; ++v) sum[m][v] = fma(scale, columns[v], sum[m][v]);
      }
    }
  }

  /// visit(value, row, column) for each vector.
  template <class Visit>
  [[gnu::always_inline]] void for_each(Visit visit) const {
#pragma GCC unroll 6
    for (int m = 0; m < M; ++m) {
#pragma GCC unroll 4
      for (int v = 0; v < kTileVectors; ++v) visit(sum[m][v], m, v * Lanes::kWidth);
    }
  }
};

/// work(Tile<M>&, first_row) for all rows, kTileRows at a time and then the rest.
template <class Work>
[[gnu::always_inline]] inline void for_row_tiles(int rows, Work work) {
  int row = 0;
  for (; row + kTileRows <= rows; row += kTileRows) {
    Tile<kTileRows> tile;
    work(tile, row);
  }
  const auto rest = [&]<int M>() {
    if (rows - row != M) return;
    Tile<M> tile;
    work(tile, row);
  };
  [&]<int... I>(std::integer_sequence<int, I...>) {
    (rest.template operator()<I + 1>(), ...);
  }
  (std::make_integer_sequence<int, kTileRows - 1>());
}

}  // namespace ppo::simd
