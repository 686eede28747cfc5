// The elementary functions: special values, and those of double.
#include "ppo/numerics.hpp"

#include <gtest/gtest.h>

#include <cmath>
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
  for (const float x : {7.906f, 9.0f, 20.0f, 1e10f, 1e20f, kMax, kInf}) {
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

}  // namespace
