// Elementary functions whose float results are the same bits on every target.
//
// A maths library's exp may round differently in its next version, in its vector variant or on a GPU, and
// training feeds results back so often that a single different bit soon leads to a different run. exp, log,
// tanh, sin and cos are therefore defined here as fixed sequences of correctly rounded IEEE 754 operations:
// no library calls, no tables, no branches.
//
// Contract: a float result is the same bits on x86, with or without FMA instructions, and on AArch64, scalar
// or in SIMD lanes, and in CUDA device code, provided that the compiler computes what is written
// (-ffp-contract=off, no -ffast-math; nvcc -fmad=false, no --use_fast_math) and that denormals are not
// flushed. A NaN argument gives a NaN; its sign and payload differ between targets.
//
// Errors are in ulp, the distance between neighbouring floats at the exact result: the maxima over every
// float of the domain, as measured by tests/unit/ppo/numerics_exhaustive_test.cpp. Operations are the AVX2
// instructions of one evaluation other than loads of constants. docs/numerics_fit.sollya prints the
// coefficients, but for tanh's.
//
// The double overloads forward to the C++ library. They serve tests as an oracle; their bits are not fixed.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "ppo/arithmetic.hpp"
#include "ppo/platform.hpp"

#ifdef __FAST_MATH__
#error "numerics.hpp: -ffast-math lets the compiler compute something else than what is written here"
#endif

namespace ppo {

PPO_HD inline double exp(double x) {
  return std::exp(x);
}
PPO_HD inline double log(double x) {
  return std::log(x);
}
PPO_HD inline double tanh(double x) {
  return std::tanh(x);
}
PPO_HD inline double sin(double x) {
  return std::sin(x);
}
PPO_HD inline double cos(double x) {
  return std::cos(x);
}

namespace detail {

// Adding 1.5 2^23 rounds any |y| < 2^22 to the nearest integer, ties to even: the low bits of the sum hold
// that integer modulo 2^22, and subtracting kRound again gives it as a float.
inline constexpr float kRound = 0x1.8p23f;

inline constexpr float kLog2E = 0x1.715476p+0f;
inline constexpr float kLn2Hi = 0x1.62e43p-1f, kLn2Lo = -0x1.05c61p-29f;  // ln 2 to 49 bits

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline constexpr std::uint32_t kSignBit = 0x80000000u;

// c[0] + c[1] x + c[2] x^2 + ... by Horner's rule.
template <class V, int n>
PPO_HD inline V polynomial(V x, const float (&c)[n]) {
  V sum = V(c[n - 1]);
  for (int k = n - 2; k >= 0; --k) sum = fma(sum, x, V(c[k]));
  return sum;
}

}  // namespace detail

// ---- exp -------------------------------------------------------------------------------------------------
//
// x = n ln 2 + r with n an integer and |r| <= ln 2 / 2, then exp(x) = 2^n (1 + r + r^2 q(r)).
// Two factors make up 2^n, which at either end is no float by itself: results decay through the denormals to
// 0 and end at infinity. Domain: every float.
// Error: 0.91 ulp (x = 5.1997986). 18 operations.

template <FloatLanes V>
PPO_HD inline V exp(V x) {
  using namespace detail;
  constexpr float kBiased = kRound + 254.0f;  // leaves n + 254, the sum of two exponent fields
  constexpr float kQ[] = {0x1.fffffep-2f, 0x1.5554bp-3f, 0x1.555716p-5f, 0x1.12279p-7f, 0x1.6b733ep-10f};

  x = clamp(x, V(-104.0f), V(89.0f));  // the results there are already 0 and infinity
  const V t = fma(x, V(kLog2E), V(kBiased));
  const V n = t - V(kBiased);
  const V r = fma(n, V(-kLn2Lo), fma(n, V(-kLn2Hi), x));
  const V y = fma(fma(polynomial(r, kQ), r, V(1.0f)), r, V(1.0f));

  const auto half = (bits(t) >> 1) << 23;
  return y * from_bits(half) * from_bits((bits(t) << 23) - half);
}

// ---- log -------------------------------------------------------------------------------------------------
//
// x = 2^k m with sqrt(1/2) <= m < sqrt(2) and f = m - 1, which is exact; log(x) = k ln 2 + f + f^2 q(f).
// Domain: every float; log(0) = -infinity and log(x < 0) = NaN.
// Error: 0.88 ulp (x = 1.2743293). 30 operations.

template <FloatLanes V>
PPO_HD inline V log(V x) {
  using namespace detail;
  constexpr float kQ[] = {-0x1.fffff8p-2f, 0x1.55555p-2f,   -0x1.000432p-2f, 0x1.99a41ap-3f, -0x1.5425c4p-3f,
                          0x1.226dfcp-3f,  -0x1.0f3fa6p-3f, 0x1.0860cep-3f,  -0x1.38472ap-4f};
  constexpr std::uint32_t kOne = 0x3f800000u, kSqrtHalf = 0x3f3504f3u;  // bits of 1 and of sqrt(1/2)

  const auto denormal = x < V(0x1p-126f);
  const auto b = bits(x * select(denormal, V(0x1p25f), V(1.0f))) + (kOne - kSqrtHalf);
  const V k = from_bits((b >> 23) + bits(kRound)) - select(denormal, V(kRound + 152.0f), V(kRound + 127.0f));
  const V f = from_bits((b & 0x007fffffu) + kSqrtHalf) - V(1.0f);
  V y = fma(k, V(kLn2Hi), f + fma(f * f, polynomial(f, kQ), k * V(kLn2Lo)));

  y = select(x < V(kInfinity), y, x);
  y = select(x == V(0.0f), V(-kInfinity), y);
  return select(x < V(0.0f), V(kNaN), y);
}

// ---- tanh ------------------------------------------------------------------------------------------------
//
// tanh(x) = x P(u) / Q(u) with u = x^2. From |x| = 7.906 on, where 1 - |tanh(x)| is below 5 ulp, the result
// is +-1: further out, rounding could carry the quotient beyond 1. P and Q begin with 1, which leaves tiny x
// as they are. docs/tanh_fit.py prints the coefficients. Domain: every float. Odd to the bit, never beyond
// +-1. Error: 4.96 ulp (|x| = 6.0277319). 15 operations, one of them the division.

template <FloatLanes V>
PPO_HD inline V tanh(V x) {
  using namespace detail;
  constexpr float kP[] = {1.0f, 0x1.137dd4p-3f, 0x1.d54c9cp-9f, 0x1.720a0cp-16f, 0x1.0a32a6p-26f};
  constexpr float kQ[] = {1.0f, 0x1.df143cp-2f, 0x1.ad37fep-6f, 0x1.6748c8p-12f, 0x1.ceda2p-21f};

  const V u = x * x;
  const V quotient = x * polynomial(u, kP) / polynomial(u, kQ);  // not a number where u overflows
  const V one = from_bits(bits(V(1.0f)) ^ (bits(x) & kSignBit));
  return select(u > V(62.5f), one, quotient);
}

// ---- sin, cos --------------------------------------------------------------------------------------------
//
// |x| = n pi/2 + r with n an integer and |r| little above pi/4; n mod 4 selects sin(r) or cos(r) and the
// sign. pi/2 is taken to 72 bits in three parts, so that sin(r) keeps its relative accuracy however close x
// comes to a multiple of pi/2. The first part leaves an exact remainder and the second rounds it once. What
// the third takes away, at most 4e-9, is left to the sum that ends sin(r), and hardly touches cos(r).
// Domain: |x| <= 2^20. Beyond it the result is NaN, which is noticed, instead of a wrong number.
// Error: 1.59 ulp for sin (|x| = 331510.031), 1.58 for cos (|x| = 340970.938). 26 and 25 operations.

namespace detail {

// sin(x + quarters pi/2) for x >= 0.
template <std::uint32_t quarters, class V>
PPO_HD inline V sine(V x) {
  constexpr float kTwoOverPi = 0x1.45f306p-1f;
  constexpr float kHalfPi1 = 0x1.921fb4p+0f, kHalfPi2 = 0x1.4442dp-24f, kHalfPi3 = 0x1.84698ap-48f;
  constexpr float kSin[] = {-0x1.55553ep-3f, 0x1.110482p-7f, -0x1.9860c2p-13f};  // sin(r) = r + r^3 S(r^2)
  constexpr float kCos[] = {0x1.555544p-5f, -0x1.6c08ccp-10f, 0x1.990368p-16f};  // 1 - r^2/2 + r^4 C(r^2)

  const V t = fma(x, V(kTwoOverPi), V(kRound));
  const V n = t - V(kRound);
  const V r = fma(n, V(-kHalfPi2), fma(n, V(-kHalfPi1), x));
  const V rest = n * V(-kHalfPi3);
  const V u = r * r;
  const V sin_r = r + fma(r * u, polynomial(u, kSin), rest);
  const V cos_r = fma(u, fma(u, polynomial(u, kCos), V(-0.5f)), V(1.0f));

  const auto quadrant = bits(t) + quarters;
  const V y = select((quadrant & 1u) == 0u, sin_r, cos_r);
  return select(x <= V(0x1p20f), from_bits(bits(y) ^ ((quadrant & 2u) << 30)), V(kNaN));
}

}  // namespace detail

template <FloatLanes V>
PPO_HD inline V sin(V x) {
  return from_bits(bits(detail::sine<0>(abs(x))) ^ (bits(x) & detail::kSignBit));
}

template <FloatLanes V>
PPO_HD inline V cos(V x) {
  return detail::sine<1>(abs(x));
}

}  // namespace ppo
