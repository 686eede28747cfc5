// Sixteen floats in an AVX-512 register, with the operations that ppo/numerics.hpp asks of a value type.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "engine/cpu/simd/transpose_x86.hpp"

namespace ppo {

/// Sixteen 32-bit patterns.
struct Bits {
  __m512i v;
  friend Bits operator+(Bits a, Bits b) { return {_mm512_add_epi32(a.v, b.v)}; }
  friend Bits operator-(Bits a, Bits b) { return {_mm512_sub_epi32(a.v, b.v)}; }
  friend Bits operator^(Bits a, Bits b) { return {_mm512_xor_si512(a.v, b.v)}; }
  friend Bits operator+(Bits a, std::uint32_t b) {
    return {_mm512_add_epi32(a.v, _mm512_set1_epi32(int(b)))};
  }
  friend Bits operator&(Bits a, std::uint32_t b) {
    return {_mm512_and_si512(a.v, _mm512_set1_epi32(int(b)))};
  }
  friend Bits operator<<(Bits a, int count) { return {_mm512_slli_epi32(a.v, unsigned(count))}; }
  friend Bits operator>>(Bits a, int count) { return {_mm512_srli_epi32(a.v, unsigned(count))}; }
  friend __mmask16 operator==(Bits a, std::uint32_t b) {
    return _mm512_cmpeq_epi32_mask(a.v, _mm512_set1_epi32(int(b)));
  }
};

struct Lanes {
  static constexpr int kWidth = 16;
  static constexpr int kRegisters = 32;
  using Mask = __mmask16;
  __m512 v;

  Lanes() = default;
  Lanes(__m512 vector) : v(vector) {}
  explicit Lanes(float value) : v(_mm512_set1_ps(value)) {}
  static Lanes load(const float* from) { return _mm512_loadu_ps(from); }
  void store(float* to) const { _mm512_storeu_ps(to, v); }

  friend Lanes operator+(Lanes a, Lanes b) { return _mm512_add_ps(a.v, b.v); }
  friend Lanes operator-(Lanes a, Lanes b) { return _mm512_sub_ps(a.v, b.v); }
  friend Lanes operator*(Lanes a, Lanes b) { return _mm512_mul_ps(a.v, b.v); }
  friend Lanes operator/(Lanes a, Lanes b) { return _mm512_div_ps(a.v, b.v); }
  friend Lanes operator-(Lanes a) {
    return _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(a.v), _mm512_set1_epi32(INT32_MIN)));
  }
  friend Mask operator<(Lanes a, Lanes b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ); }
  friend Mask operator>(Lanes a, Lanes b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ); }
  friend Mask operator<=(Lanes a, Lanes b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ); }
  friend Mask operator>=(Lanes a, Lanes b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_GE_OQ); }
  friend Mask operator==(Lanes a, Lanes b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ); }
  Lanes& operator+=(Lanes b) { return *this = *this + b; }
  Lanes& operator-=(Lanes b) { return *this = *this - b; }
  Lanes& operator*=(Lanes b) { return *this = *this * b; }
};

inline Lanes fma(Lanes a, Lanes b, Lanes c) {
  return _mm512_fmadd_ps(a.v, b.v, c.v);
}
inline Lanes sqrt(Lanes a) {
  return _mm512_sqrt_ps(a.v);
}
inline Lanes select(__mmask16 mask, Lanes a, Lanes b) {
  return _mm512_mask_blend_ps(mask, b.v, a.v);
}
inline Lanes min(Lanes a, Lanes b) {
  return _mm512_min_ps(a.v, b.v);
}
inline Lanes max(Lanes a, Lanes b) {
  return _mm512_max_ps(a.v, b.v);
}
inline Bits bits(Lanes a) {
  return {_mm512_castps_si512(a.v)};
}
inline Lanes from_bits(Bits b) {
  return _mm512_castsi512_ps(b.v);
}

/// Lane 0 of a halving tree: lanes i and i + 8, then i and i + 4, ...
inline float halving_sum(Lanes a) {
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

}  // namespace ppo
