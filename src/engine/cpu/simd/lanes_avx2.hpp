// Eight floats in an AVX2 register, with the operations that ppo/numerics.hpp asks of a value type.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "engine/cpu/simd/transpose_x86.hpp"

namespace ppo {

/// All bits of a lane set: true.
struct LaneMask {
  __m256 v;
};

/// Eight 32-bit patterns.
struct Bits {
  __m256i v;
  friend Bits operator+(Bits a, Bits b) { return {_mm256_add_epi32(a.v, b.v)}; }
  friend Bits operator-(Bits a, Bits b) { return {_mm256_sub_epi32(a.v, b.v)}; }
  friend Bits operator^(Bits a, Bits b) { return {_mm256_xor_si256(a.v, b.v)}; }
  friend Bits operator+(Bits a, std::uint32_t b) {
    return {_mm256_add_epi32(a.v, _mm256_set1_epi32(int(b)))};
  }
  friend Bits operator&(Bits a, std::uint32_t b) {
    return {_mm256_and_si256(a.v, _mm256_set1_epi32(int(b)))};
  }
  friend Bits operator<<(Bits a, int count) { return {_mm256_slli_epi32(a.v, count)}; }
  friend Bits operator>>(Bits a, int count) { return {_mm256_srli_epi32(a.v, count)}; }
  friend LaneMask operator==(Bits a, std::uint32_t b) {
    return {_mm256_castsi256_ps(_mm256_cmpeq_epi32(a.v, _mm256_set1_epi32(int(b))))};
  }
};

struct Lanes {
  static constexpr int kWidth = 8;
  static constexpr int kRegisters = 16;
  using Mask = LaneMask;
  __m256 v;

  Lanes() = default;
  Lanes(__m256 vector) : v(vector) {}
  explicit Lanes(float value) : v(_mm256_set1_ps(value)) {}
  static Lanes load(const float* from) { return _mm256_loadu_ps(from); }
  void store(float* to) const { _mm256_storeu_ps(to, v); }

  friend Lanes operator+(Lanes a, Lanes b) { return _mm256_add_ps(a.v, b.v); }
  friend Lanes operator-(Lanes a, Lanes b) { return _mm256_sub_ps(a.v, b.v); }
  friend Lanes operator*(Lanes a, Lanes b) { return _mm256_mul_ps(a.v, b.v); }
  friend Lanes operator/(Lanes a, Lanes b) { return _mm256_div_ps(a.v, b.v); }
  friend Lanes operator-(Lanes a) { return _mm256_xor_ps(a.v, _mm256_set1_ps(-0.0F)); }
  friend Mask operator<(Lanes a, Lanes b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
  friend Mask operator>(Lanes a, Lanes b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
  friend Mask operator<=(Lanes a, Lanes b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
  friend Mask operator>=(Lanes a, Lanes b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)}; }
  friend Mask operator==(Lanes a, Lanes b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }
  Lanes& operator+=(Lanes b) { return *this = *this + b; }
  Lanes& operator-=(Lanes b) { return *this = *this - b; }
  Lanes& operator*=(Lanes b) { return *this = *this * b; }
};

inline Lanes fma(Lanes a, Lanes b, Lanes c) {
  return _mm256_fmadd_ps(a.v, b.v, c.v);
}
inline Lanes sqrt(Lanes a) {
  return _mm256_sqrt_ps(a.v);
}
inline Lanes select(LaneMask mask, Lanes a, Lanes b) {
  return _mm256_blendv_ps(b.v, a.v, mask.v);
}
inline Lanes min(Lanes a, Lanes b) {
  return _mm256_min_ps(a.v, b.v);
}
inline Lanes max(Lanes a, Lanes b) {
  return _mm256_max_ps(a.v, b.v);
}
inline Bits bits(Lanes a) {
  return {_mm256_castps_si256(a.v)};
}
inline Lanes from_bits(Bits b) {
  return _mm256_castsi256_ps(b.v);
}

/// Lane 0 of a halving tree: lanes i and i + 4, then i and i + 2, ...
inline float halving_sum(Lanes a) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

}  // namespace ppo
