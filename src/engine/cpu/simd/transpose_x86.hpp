// What AVX2 and AVX-512 do alike.
#pragma once

#include <immintrin.h>

namespace ppo {

/// A square of 4 x 4: row k of `to` is column k of `from`.
inline void transpose_square(const float* from, int from_stride, float* to, int to_stride) {
  __m128 row[4];
  for (int k = 0; k < 4; ++k) row[k] = _mm_loadu_ps(from + k * from_stride);
  _MM_TRANSPOSE4_PS(row[0], row[1], row[2], row[3]);
  for (int k = 0; k < 4; ++k) _mm_store_ps(to + k * to_stride, row[k]);
}

}  // namespace ppo
