// The elementary functions on a sample of all floats: their errors, and their bits.
#include "unit/ppo/numerics_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ppo::test {
namespace {

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

TEST(Numerics, ErrorOnASampleOfAllFloats) {
  expect_close(kExp, kExp, 0.91);
  expect_close(kLog, kLog, 0.88);
  expect_close(kTanh, kTanh, 4.96);
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
  EXPECT_EQ(fingerprint(kTanh), 0x0a4b182e0127da6bu);
  EXPECT_EQ(fingerprint(kSin), 0xa6d6f5d9e9b483dbu);
  EXPECT_EQ(fingerprint(kCos), 0x126247ed562e437fu);
}

}  // namespace
}  // namespace ppo::test
