// The elementary functions: special values, errors on a sample of all floats, and the bits of that sample.
#include "ppo/numerics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kMax = std::numeric_limits<float>::max();
constexpr float kDenormal = std::numeric_limits<float>::denorm_min();

void expect_bits(float actual, float expected) {
  EXPECT_EQ(ppo::bits(actual), ppo::bits(expected)) << actual;
}

// Calls visit(x) for every `stride`-th bit pattern, NaNs included.
template <class Visit>
void for_sample(std::uint64_t stride, Visit visit) {
  for (std::uint64_t b = 0; b < (1ull << 32); b += stride)
    visit(ppo::from_bits(static_cast<std::uint32_t>(b)));
}

double ulp_at(double exact) {
  return exact == 0.0 ? std::ldexp(1.0, -149) : std::ldexp(1.0, std::max(std::ilogb(exact), -126) - 23);
}

// FNV-1a over the bits of f at a sample of all floats. All NaNs count as the same one.
template <class F>
std::uint64_t fingerprint(F f) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for_sample(8191, [&](float x) {
    const float y = f(x);
    const std::uint32_t b = std::isnan(y) ? 0x7fc00000u : ppo::bits(y);
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((b >> shift) & 0xffu)) * 0x100000001b3u;
  });
  return hash;
}

template <class F, class G>
void expect_close(F f, G reference, double bound) {
  for_sample(9973, [&](float x) {
    const double exact = reference(static_cast<double>(x));
    const float y = f(x), rounded = static_cast<float>(exact);
    if (std::isnan(exact)) {
      EXPECT_TRUE(std::isnan(y)) << x;
    } else if (std::isinf(rounded)) {
      EXPECT_EQ(y, rounded) << x;
    } else {
      EXPECT_LE(std::abs(static_cast<double>(y) - exact), bound * ulp_at(exact)) << x;
    }
  });
}

constexpr auto kExp = [](auto x) { return ppo::exp(x); };
constexpr auto kLog = [](auto x) { return ppo::log(x); };
constexpr auto kTanh = [](auto x) { return ppo::tanh(x); };
constexpr auto kSin = [](auto x) { return ppo::sin(x); };
constexpr auto kCos = [](auto x) { return ppo::cos(x); };

TEST(Numerics, FmaRoundsOnce) {
  volatile float a =
      1.0f + 0x1p-12f;  // a * a = 1 + 2^-11 + 2^-24, of which a float product loses the last term
  volatile float product = a * a;
  expect_bits(product - 1.0f, 0x1p-11f);
  expect_bits(ppo::fma(a, a, -1.0f), 0x1p-11f + 0x1p-24f);
  volatile double b = 1.0 + 0x1p-27;
  EXPECT_EQ(ppo::fma(b, b, -1.0), 0x1p-26 + 0x1p-54);
}

TEST(Numerics, SelectMinMaxClamp) {
  EXPECT_EQ(ppo::select(true, 1.0f, 2.0f), 1.0f);
  EXPECT_EQ(ppo::select(false, 1.0, 2.0), 2.0);
  EXPECT_EQ(ppo::min(1.0f, 2.0f), 1.0f);
  EXPECT_EQ(ppo::max(1.0, 2.0), 2.0);
  expect_bits(ppo::min(0.0f, -0.0f), -0.0f);  // equal: the second operand
  expect_bits(ppo::max(-0.0f, 0.0f), 0.0f);
  EXPECT_EQ(ppo::min(kNaN, 1.0f), 1.0f);  // unordered: the second operand
  EXPECT_TRUE(std::isnan(ppo::min(1.0f, kNaN)));
  EXPECT_EQ(ppo::max(kNaN, 1.0f), 1.0f);
  EXPECT_TRUE(std::isnan(ppo::max(1.0f, kNaN)));
  EXPECT_EQ(ppo::clamp(3.0f, -1.0f, 1.0f), 1.0f);
  EXPECT_EQ(ppo::clamp(-3.0, -1.0, 1.0), -1.0);
  EXPECT_EQ(ppo::clamp(0.5f, -1.0f, 1.0f), 0.5f);
  EXPECT_TRUE(std::isnan(ppo::clamp(kNaN, -1.0f, 1.0f)));
}

TEST(Numerics, SqrtAbs) {
  EXPECT_EQ(ppo::sqrt(2.0f), 0x1.6a09e6p+0f);
  expect_bits(ppo::sqrt(-0.0f), -0.0f);
  EXPECT_TRUE(std::isnan(ppo::sqrt(-1.0f)));
  EXPECT_EQ(ppo::sqrt(9.0), 3.0);
  expect_bits(ppo::abs(-0.0f), 0.0f);
  expect_bits(ppo::abs(-kInf), kInf);
  EXPECT_EQ(ppo::abs(-1.5), 1.5);
}

TEST(Numerics, ExpSpecialValues) {
  expect_bits(ppo::exp(0.0f), 1.0f);
  expect_bits(ppo::exp(-0.0f), 1.0f);
  expect_bits(ppo::exp(kDenormal), 1.0f);
  expect_bits(ppo::exp(kInf), kInf);
  expect_bits(ppo::exp(-kInf), 0.0f);
  expect_bits(ppo::exp(kMax), kInf);
  expect_bits(ppo::exp(-kMax), 0.0f);
  EXPECT_TRUE(std::isnan(ppo::exp(kNaN)));
  EXPECT_TRUE(std::isnan(ppo::exp(-kNaN)));
  EXPECT_EQ(ppo::exp(0x1.62e43p+6f), kInf);   // the first float above log(2^128)
  EXPECT_LT(ppo::exp(0x1.62e42ep+6f), kInf);  // and the last one below
  expect_bits(ppo::exp(-103.0f), 0x1p-149f);  // the smallest denormal
  EXPECT_GT(ppo::exp(-87.5f), 0.0f);          // denormal
  EXPECT_LT(ppo::exp(-87.5f), 0x1p-126f);
}

TEST(Numerics, LogSpecialValues) {
  expect_bits(ppo::log(1.0f), 0.0f);
  expect_bits(ppo::log(0.0f), -kInf);
  expect_bits(ppo::log(-0.0f), -kInf);
  expect_bits(ppo::log(kInf), kInf);
  EXPECT_TRUE(std::isnan(ppo::log(-kInf)));
  EXPECT_TRUE(std::isnan(ppo::log(-1.0f)));
  EXPECT_TRUE(std::isnan(ppo::log(-kDenormal)));
  EXPECT_TRUE(std::isnan(ppo::log(kNaN)));
  expect_bits(ppo::log(kDenormal), static_cast<float>(std::log(0x1p-149)));
}

TEST(Numerics, TanhSpecialValues) {
  for (const float x : {0.0f, kDenormal, 0x1.8p-130f, 0x1p-126f, 0x1.fffffep-100f, 0x1.234567p-20f}) {
    expect_bits(ppo::tanh(x), x);
    expect_bits(ppo::tanh(-x), -x);
  }
  for (const float x : {9.011f, 10.0f, 20.0f, 1e10f, kMax, kInf}) {
    expect_bits(ppo::tanh(x), 1.0f);
    expect_bits(ppo::tanh(-x), -1.0f);
  }
  EXPECT_TRUE(std::isnan(ppo::tanh(kNaN)));
  EXPECT_TRUE(std::isnan(ppo::tanh(-kNaN)));
}

TEST(Numerics, SinCosSpecialValues) {
  for (const float x : {0.0f, kDenormal, 0x1p-126f, 0x1.fffffep-100f}) {
    expect_bits(ppo::sin(x), x);
    expect_bits(ppo::sin(-x), -x);
    expect_bits(ppo::cos(x), 1.0f);
    expect_bits(ppo::cos(-x), 1.0f);
  }
  EXPECT_FALSE(std::isnan(ppo::sin(0x1p20f)) || std::isnan(ppo::cos(0x1p20f)));
  for (const float x : {0x1.000002p20f, kMax, kInf, kNaN}) {
    EXPECT_TRUE(std::isnan(ppo::sin(x)) && std::isnan(ppo::sin(-x))) << x;
    EXPECT_TRUE(std::isnan(ppo::cos(x)) && std::isnan(ppo::cos(-x))) << x;
  }
}

TEST(Numerics, ErrorOnASampleOfAllFloats) {
  expect_close(kExp, kExp, 0.91);
  expect_close(kLog, kLog, 0.88);
  expect_close(kTanh, kTanh, 2.57);
  const auto inside = [](double x) {
    return std::abs(x) <= 0x1p20 ? x : std::numeric_limits<double>::quiet_NaN();
  };
  expect_close(
      kSin, [&](double x) { return ppo::sin(inside(x)); }, 1.59);
  expect_close(
      kCos, [&](double x) { return ppo::cos(inside(x)); }, 1.58);
}

// The contract: these constants hold for every compiler, instruction set and optimisation level.
TEST(Numerics, BitsOnASampleOfAllFloats) {
  EXPECT_EQ(fingerprint(kExp), 0xf9d88a1457a6fa9du);
  EXPECT_EQ(fingerprint(kLog), 0xd5c34c3cd6c33cc6u);
  EXPECT_EQ(fingerprint(kTanh), 0x41aedfbc8d2bba84u);
  EXPECT_EQ(fingerprint(kSin), 0xa6d6f5d9e9b483dbu);
  EXPECT_EQ(fingerprint(kCos), 0x126247ed562e437fu);
}

TEST(Numerics, DoubleIsTheLibrary) {
  static_assert(std::is_same_v<decltype(ppo::exp(1.0)), double> &&
                std::is_same_v<decltype(ppo::exp(1)), double>);
  static_assert(std::is_same_v<decltype(ppo::exp(1.0f)), float>);
  EXPECT_EQ(ppo::exp(1.5), std::exp(1.5));
  EXPECT_EQ(ppo::log(1.5), std::log(1.5));
  EXPECT_EQ(ppo::tanh(1.5), std::tanh(1.5));
  EXPECT_EQ(ppo::sin(1.5), std::sin(1.5));
  EXPECT_EQ(ppo::cos(1.5), std::cos(1.5));
}

// The least that a lanes type has to provide, in a namespace of its own.
namespace two_lanes {

template <class T>
struct Pair {
  explicit Pair(T value) : a(value), b(value) {}
  Pair(T first, T second) : a(first), b(second) {}
  T a, b;
};
using V = Pair<float>;
using Bits = Pair<std::uint32_t>;
using Mask = Pair<bool>;

V operator+(V x, V y) {
  return {x.a + y.a, x.b + y.b};
}
V operator-(V x, V y) {
  return {x.a - y.a, x.b - y.b};
}
V operator*(V x, V y) {
  return {x.a * y.a, x.b * y.b};
}
V operator/(V x, V y) {
  return {x.a / y.a, x.b / y.b};
}
Mask operator<(V x, V y) {
  return {x.a < y.a, x.b < y.b};
}
Mask operator>(V x, V y) {
  return {x.a > y.a, x.b > y.b};
}
Mask operator<=(V x, V y) {
  return {x.a <= y.a, x.b <= y.b};
}
Mask operator==(V x, V y) {
  return {x.a == y.a, x.b == y.b};
}
V fma(V x, V y, V z) {
  return {ppo::fma(x.a, y.a, z.a), ppo::fma(x.b, y.b, z.b)};
}
V select(Mask m, V x, V y) {
  return {m.a ? x.a : y.a, m.b ? x.b : y.b};
}

Bits bits(V x) {
  return {ppo::bits(x.a), ppo::bits(x.b)};
}
V from_bits(Bits x) {
  return {ppo::from_bits(x.a), ppo::from_bits(x.b)};
}
Bits operator+(Bits x, std::uint32_t y) {
  return {x.a + y, x.b + y};
}
Bits operator-(Bits x, Bits y) {
  return {x.a - y.a, x.b - y.b};
}
Bits operator&(Bits x, std::uint32_t y) {
  return {x.a & y, x.b & y};
}
Bits operator^(Bits x, Bits y) {
  return {x.a ^ y.a, x.b ^ y.b};
}
Bits operator<<(Bits x, int n) {
  return {x.a << n, x.b << n};
}
Bits operator>>(Bits x, int n) {
  return {x.a >> n, x.b >> n};
}
Mask operator==(Bits x, std::uint32_t y) {
  return {x.a == y, x.b == y};
}

template <class F>
void expect_same_bits_as_float(F f) {
  for_sample(999983, [&](float x) {
    const V y = f(V(x, -x));
    const float first = f(x), second = f(-x);
    EXPECT_TRUE(ppo::bits(y.a) == ppo::bits(first) || (std::isnan(y.a) && std::isnan(first))) << x;
    EXPECT_TRUE(ppo::bits(y.b) == ppo::bits(second) || (std::isnan(y.b) && std::isnan(second))) << x;
  });
}

TEST(Numerics, LanesGiveTheBitsOfFloat) {
  expect_same_bits_as_float(kExp);
  expect_same_bits_as_float(kLog);
  expect_same_bits_as_float(kTanh);
  expect_same_bits_as_float(kSin);
  expect_same_bits_as_float(kCos);
}

}  // namespace two_lanes

}  // namespace
