// The register tile that all dense layers are made of: rows of samples (or of weights) against lanes of
// hidden units.
#pragma once

#include <utility>

#include "engine/cpu/simd/lanes.hpp"

namespace ppo::simd {

/// Vectors of columns that a tile of H hidden units keeps in registers: with 6 rows, 24 of the 32 registers
/// of AVX-512 and NEON, or 12 of AVX2's 16.
template <int H>
inline constexpr int kTileVectors = Lanes::kRegisters == 32 && H % (4 * Lanes::kWidth) == 0 ? 4 : 2;
template <int H>
inline constexpr int kTileColumns = kTileVectors<H>* Lanes::kWidth;
inline constexpr int kTileRows = 6;

/// A matrix read element by element: entry (row, step) stands at data[row * row_stride + step * step_stride].
struct Strided {
  const float* data;
  int row_stride;
  int step_stride;
};

/// work(0) ... work(N - 1) with constant arguments, so that what they index can stay in registers.
template <int N, class Work>
[[gnu::always_inline]] inline void unrolled(Work work) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (work(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, N>());
}

/// M rows by V vectors of columns of a sum over steps of outer products.
template <int M, int V>
struct Tile {
  Lanes sum[M][V];

  [[gnu::always_inline]] void fill(Lanes value) {
    unrolled<M * V>([&](auto i) { sum[i / V][i % V] = value; });
  }

  [[gnu::always_inline]] void fill_rows(const float* row) {
    unrolled<V>([&](auto v) {
      const Lanes value = Lanes::load(row + v * Lanes::kWidth);
      unrolled<M>([&](auto m) { sum[m][v] = value; });
    });
  }

  [[gnu::always_inline]] void load(const float* from, int stride) {
    for_each([&](Lanes& entry, int m, int column) { entry = Lanes::load(from + m * stride + column); });
  }

  /// The products of a(m, step) and b[step][column], for `steps` steps in order.
  [[gnu::always_inline]] void chain(Strided a, const float* b, int b_stride, int steps) {
    for (int step = 0; step < steps; ++step, a.data += a.step_stride, b += b_stride) {
      Lanes columns[V];
      unrolled<V>([&](auto v) { columns[v] = Lanes::load(b + v * Lanes::kWidth); });
      unrolled<M>([&](auto m) {
        const Lanes scale(a.data[m * a.row_stride]);
        unrolled<V>([&](auto v) { sum[m][v] = fma(scale, columns[v], sum[m][v]); });
      });
    }
  }

  /// visit(sum, row, column) for each vector.
  template <class Visit>
  [[gnu::always_inline]] void for_each(Visit visit) {
    unrolled<M>([&](auto m) { unrolled<V>([&](auto v) { visit(sum[m][v], int{m}, v * Lanes::kWidth); }); });
  }
};

/// work<M>(first_row) for all rows, M = kTileRows at a time and then the rest.
template <class Work>
[[gnu::always_inline]] inline void for_row_tiles(int rows, Work work) {
  int row = 0;
  for (; row + kTileRows <= rows; row += kTileRows) work.template operator()<kTileRows>(row);
  unrolled<kTileRows>([&](auto m) {
    if constexpr (m > 0) {
      if (rows - row == m) work.template operator()<m>(row);
    }
  });
}

}  // namespace ppo::simd
