// The elementary functions of a vector of floats, with the least that such a type has to provide.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "unit/ppo/numerics_sample.hpp"

namespace {

using ppo::test::for_sample;
using ppo::test::kCos;
using ppo::test::kExp;
using ppo::test::kLog;
using ppo::test::kSin;
using ppo::test::kTanh;

// In a namespace of its own: the functions must find these operations by their arguments.
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
