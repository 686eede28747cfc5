// The error of each elementary function at every float of its domain, against the C++ library in double,
// whose own error is some 10^-9 of a float's ulp. Takes about two minutes on two cores.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <thread>

#include "ppo/numerics.hpp"

namespace {

constexpr std::uint32_t kSign = 0x80000000u;
constexpr std::uint32_t kInfinityBits = 0x7f800000u;

struct Extremes {
  double ulp = 0.0;  // the largest error
  float at = 0.0f;   // and where it is
  std::uint64_t arguments = 0;
  std::uint64_t wrong = 0;  // not the expected special value, sign or symmetry
};

void merge(Extremes& total, const Extremes& part) {
  if (part.ulp > total.ulp) {
    total.ulp = part.ulp;
    total.at = part.at;
  }
  total.arguments += part.arguments;
  total.wrong += part.wrong;
}

// One over the distance of neighbouring floats at y: 2^(23 - e) with e the exponent of y, at least -126.
double ulps_per_unit(double y) {
  const auto biased = (__builtin_bit_cast(std::uint64_t, y) >> 52) & 0x7ffu;
  return __builtin_bit_cast(double, (2046u + 23u - std::max<std::uint64_t>(biased, 1023u - 126u)) << 52);
}

// Compares f(x) = y with the exact result, which must be reproduced if it is no finite float.
void compare(Extremes& worst, float x, float y, double exact) {
  ++worst.arguments;
  const float rounded = static_cast<float>(exact);
  if (!std::isfinite(rounded)) {
    worst.wrong += std::isnan(exact) ? !std::isnan(y) : y != rounded;
    return;
  }
  const double ulp = std::abs(static_cast<double>(y) - exact) * ulps_per_unit(exact);
  if (!(ulp <= worst.ulp)) {  // also if y is NaN
    worst.ulp = std::isnan(ulp) ? std::numeric_limits<double>::infinity() : ulp;
    worst.at = x;
  }
}

// visit(worst, bits of x) for all 0 <= x <= last, infinity included if last is.
template <class Visit>
Extremes for_all_magnitudes(float last, Visit visit) {
  constexpr std::uint32_t kThreads = 2;
  const std::uint32_t end = ppo::bits(last) + 1;
  std::array<Extremes, kThreads> parts;
  std::array<std::thread, kThreads> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads[t] = std::thread([&visit, &part = parts[t], t, end] {
      Extremes worst;
      for (std::uint32_t b = t; b < end; b += kThreads) visit(worst, b);
      part = worst;
    });
  }
  Extremes total;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads[t].join();
    merge(total, parts[t]);
  }
  return total;
}

void expect_within(const char* name, const Extremes& worst, std::uint64_t arguments, double bound) {
  const auto at = static_cast<double>(worst.at);
  std::printf("%-4s  max %.4f ulp at x = %a (%.9g), %llu arguments\n", name, worst.ulp, at, at,
              static_cast<unsigned long long>(worst.arguments));
  EXPECT_EQ(worst.arguments, arguments);
  EXPECT_EQ(worst.wrong, 0u);
  EXPECT_LE(worst.ulp, bound);
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint64_t kAllFloats = 2ull * (kInfinityBits + 1ull);  // both signs, infinities but no NaN

TEST(ExhaustiveNumerics, Exp) {
  const auto worst = for_all_magnitudes(kInfinity, [](Extremes& w, std::uint32_t b) {
    for (const float x : {ppo::from_bits(b), ppo::from_bits(b | kSign)}) {
      const float y = ppo::exp(x);
      compare(w, x, y, std::exp(static_cast<double>(x)));
      w.wrong += y < 0.0f || (x > -87.0f && !(y > 0.0f));
    }
  });
  expect_within("exp", worst, kAllFloats, 0.91);
}

TEST(ExhaustiveNumerics, Log) {
  const auto worst = for_all_magnitudes(kInfinity, [](Extremes& w, std::uint32_t b) {
    const float x = ppo::from_bits(b);
    compare(w, x, ppo::log(x), std::log(static_cast<double>(x)));
    const float negative = ppo::log(-x);
    ++w.arguments;
    w.wrong += b == 0 ? negative != -kInfinity : !std::isnan(negative);
  });
  expect_within("log", worst, kAllFloats, 0.88);
}

TEST(ExhaustiveNumerics, Tanh) {
  const auto worst = for_all_magnitudes(kInfinity, [](Extremes& w, std::uint32_t b) {
    const float x = ppo::from_bits(b);
    const float y = ppo::tanh(x);
    compare(w, x, y, std::tanh(static_cast<double>(x)));
    ++w.arguments;
    w.wrong += ppo::bits(ppo::tanh(-x)) != (ppo::bits(y) | kSign) || !(y >= 0.0f && y <= 1.0f);
  });
  expect_within("tanh", worst, kAllFloats, 4.96);
}

constexpr float kTrigLimit = 0x1p20f;
constexpr std::uint64_t kTrigFloats = 2ull * (ppo::bits(kTrigLimit) + 1ull);

TEST(ExhaustiveNumerics, Sin) {
  const auto worst = for_all_magnitudes(kTrigLimit, [](Extremes& w, std::uint32_t b) {
    const float x = ppo::from_bits(b);
    const float y = ppo::sin(x);
    compare(w, x, y, std::sin(static_cast<double>(x)));
    ++w.arguments;
    w.wrong += ppo::bits(ppo::sin(-x)) != (ppo::bits(y) ^ kSign) || !(y >= -1.0f && y <= 1.0f);
  });
  expect_within("sin", worst, kTrigFloats, 1.59);
}

TEST(ExhaustiveNumerics, Cos) {
  const auto worst = for_all_magnitudes(kTrigLimit, [](Extremes& w, std::uint32_t b) {
    const float x = ppo::from_bits(b);
    const float y = ppo::cos(x);
    compare(w, x, y, std::cos(static_cast<double>(x)));
    ++w.arguments;
    w.wrong += ppo::bits(ppo::cos(-x)) != ppo::bits(y) || !(y >= -1.0f && y <= 1.0f);
  });
  expect_within("cos", worst, kTrigFloats, 1.58);
}

TEST(ExhaustiveNumerics, SinAndCosAreNaNBeyondTheirDomain) {
  const auto beyond = for_all_magnitudes(kInfinity, [](Extremes& w, std::uint32_t b) {
    if (b <= ppo::bits(kTrigLimit)) return;
    for (const float x : {ppo::from_bits(b), ppo::from_bits(b | kSign)}) {
      w.wrong += !std::isnan(ppo::sin(x)) || !std::isnan(ppo::cos(x));
    }
  });
  EXPECT_EQ(beyond.wrong, 0u);
}

}  // namespace
