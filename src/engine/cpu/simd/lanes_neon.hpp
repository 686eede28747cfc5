// Four floats in a NEON register, with the operations that ppo/numerics.hpp asks of a value type.
#pragma once

#include <arm_neon.h>

#include <cstdint>

namespace ppo {

/// All bits of a lane set: true.
struct LaneMask {
  uint32x4_t v;
};

/// Four 32-bit patterns.
struct Bits {
  uint32x4_t v;
  friend Bits operator+(Bits a, Bits b) { return {vaddq_u32(a.v, b.v)}; }
  friend Bits operator-(Bits a, Bits b) { return {vsubq_u32(a.v, b.v)}; }
  friend Bits operator^(Bits a, Bits b) { return {veorq_u32(a.v, b.v)}; }
  friend Bits operator+(Bits a, std::uint32_t b) { return {vaddq_u32(a.v, vdupq_n_u32(b))}; }
  friend Bits operator&(Bits a, std::uint32_t b) { return {vandq_u32(a.v, vdupq_n_u32(b))}; }
  friend Bits operator<<(Bits a, int count) { return {a.v << count}; }  // the intrinsics want a literal
  friend Bits operator>>(Bits a, int count) { return {a.v >> count}; }
  friend LaneMask operator==(Bits a, std::uint32_t b) { return {vceqq_u32(a.v, vdupq_n_u32(b))}; }
};

struct Lanes {
  static constexpr int kWidth = 4;
  static constexpr int kRegisters = 32;
  using Mask = LaneMask;
  float32x4_t v;

  Lanes() = default;
  Lanes(float32x4_t vector) : v(vector) {}
  explicit Lanes(float value) : v(vdupq_n_f32(value)) {}
  static Lanes load(const float* from) { return vld1q_f32(from); }
  void store(float* to) const { vst1q_f32(to, v); }

  friend Lanes operator+(Lanes a, Lanes b) { return vaddq_f32(a.v, b.v); }
  friend Lanes operator-(Lanes a, Lanes b) { return vsubq_f32(a.v, b.v); }
  friend Lanes operator*(Lanes a, Lanes b) { return vmulq_f32(a.v, b.v); }
  friend Lanes operator/(Lanes a, Lanes b) { return vdivq_f32(a.v, b.v); }
  friend Lanes operator-(Lanes a) { return vnegq_f32(a.v); }
  friend Mask operator<(Lanes a, Lanes b) { return {vcltq_f32(a.v, b.v)}; }
  friend Mask operator>(Lanes a, Lanes b) { return {vcgtq_f32(a.v, b.v)}; }
  friend Mask operator<=(Lanes a, Lanes b) { return {vcleq_f32(a.v, b.v)}; }
  friend Mask operator>=(Lanes a, Lanes b) { return {vcgeq_f32(a.v, b.v)}; }
  friend Mask operator==(Lanes a, Lanes b) { return {vceqq_f32(a.v, b.v)}; }
  Lanes& operator+=(Lanes b) { return *this = *this + b; }
  Lanes& operator-=(Lanes b) { return *this = *this - b; }
  Lanes& operator*=(Lanes b) { return *this = *this * b; }
};

inline Lanes fma(Lanes a, Lanes b, Lanes c) {
  return vfmaq_f32(c.v, a.v, b.v);
}
inline Lanes sqrt(Lanes a) {
  return vsqrtq_f32(a.v);
}
inline Lanes select(LaneMask mask, Lanes a, Lanes b) {
  return vbslq_f32(mask.v, a.v, b.v);
}
// Not FMIN and FMAX, which make a NaN of any NaN and order the zeros: the bits would be others.
inline Lanes min(Lanes a, Lanes b) {
  return select(a < b, a, b);
}
inline Lanes max(Lanes a, Lanes b) {
  return select(a > b, a, b);
}
inline Bits bits(Lanes a) {
  return {vreinterpretq_u32_f32(a.v)};
}
inline Lanes from_bits(Bits b) {
  return vreinterpretq_f32_u32(b.v);
}

/// Lane 0 of a halving tree: lanes i and i + 2, then i and i + 1.
inline float halving_sum(Lanes a) {
  const float32x2_t two = vadd_f32(vget_low_f32(a.v), vget_high_f32(a.v));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

/// A square of 4 x 4: row k of `to` is column k of `from`.
inline void transpose_square(const float* from, int from_stride, float* to, int to_stride) {
  const float32x4_t row[4] = {vld1q_f32(from), vld1q_f32(from + from_stride),
                              vld1q_f32(from + 2 * from_stride), vld1q_f32(from + 3 * from_stride)};
  const float32x4x2_t even = vzipq_f32(row[0], row[2]);
  const float32x4x2_t odd = vzipq_f32(row[1], row[3]);
  for (int half = 0; half < 2; ++half) {
    const float32x4x2_t columns = vzipq_f32(even.val[half], odd.val[half]);
    vst1q_f32(to + 2 * half * to_stride, columns.val[0]);
    vst1q_f32(to + (2 * half + 1) * to_stride, columns.val[1]);
  }
}

}  // namespace ppo
