// The operations that ppo/numerics.hpp and the maths of training are written in, for float and for SIMD
// lanes.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "ppo/platform.hpp"

namespace ppo {

// Everything that numerics.hpp needs of its value type V. It is defined here for float; a type with one
// float per SIMD lane provides the same, lane by lane:
//
//   V(float)                       a constant in every lane
//   + - * /  fma(a, b, c)          correctly rounded; fma rounds once
//   < > <= ==                      a mask (bool for float), false where an operand is NaN
//   select(mask, a, b)             mask ? a : b
//   bits(V), from_bits(bits)       the pattern as 32-bit unsigned integers, and back; on those integers
//   + - & ^ << >> ==               modulo 2^32, logical shifts, with each other or a std::uint32_t constant
//
// sqrt is not used there but belongs to the same set: correctly rounded everywhere.

PPO_HD inline float fma(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}
PPO_HD inline double fma(double a, double b, double c) {
  return __builtin_fma(a, b, c);
}

PPO_HD inline float sqrt(float x) {
  return __builtin_sqrtf(x);
}
PPO_HD inline double sqrt(double x) {
  return __builtin_sqrt(x);
}

PPO_HD constexpr std::uint32_t bits(float x) {
  return __builtin_bit_cast(std::uint32_t, x);
}
PPO_HD constexpr float from_bits(std::uint32_t b) {
  return __builtin_bit_cast(float, b);
}

template <class T>
PPO_HD constexpr T select(bool mask, T a, T b) {
  return mask ? a : b;
}

// Returns the second operand if the two are equal or one is NaN, like MINPS and MAXPS, but unlike fmin, the
// IEEE 754 minimum and the GPU's instruction.
template <class V>
PPO_HD constexpr V min(V a, V b) {
  return select(a < b, a, b);
}
template <class V>
PPO_HD constexpr V max(V a, V b) {
  return select(a > b, a, b);
}

// x limited to [lo, hi]; NaN stays NaN. The same as max(lo, min(hi, x)), in a form that g++ vectorises.
template <class V>
PPO_HD constexpr V clamp(V x, V lo, V hi) {
  return select(x < lo, lo, select(x > hi, hi, x));
}

// float or a lanes type. Integers go to the double overloads.
template <class V>
concept FloatLanes = std::same_as<V, float> || !std::is_arithmetic_v<V>;

template <FloatLanes V>
PPO_HD constexpr V abs(V x) {
  return from_bits(bits(x) & 0x7fffffffu);
}

PPO_HD inline double abs(double x) {
  return __builtin_fabs(x);
}

PPO_HD constexpr bool is_finite(float x) {
  return abs(x) <= 3.4028234664e38F;  // the largest float; a NaN compares false
}

}  // namespace ppo
