#include "config/sweep/logarithm.hpp"

#include <bit>
#include <cstdint>

namespace ppo {
namespace {

constexpr double kLog2E = 0x1.71547652b82fep+0;
constexpr double kLn2Hi = 0x1.62e42feep-1;  // with 32 bits: multiples by exponents are exact
constexpr double kLn2Lo = 0x1.a39ef35793c76p-33;

constexpr int kMantissaBits = 52;
constexpr std::int64_t kBias = 1023;

double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + kBias) << kMantissaBits);
}

}  // namespace

// x = 2^k m with m in [sqrt(1/2), sqrt(2)); log(m) = 2 artanh(s) with s = (m - 1) / (m + 1), |s| < 0.172.
double plain_log(double x) {
  constexpr double sqrt_half = 0x1.6a09e667f3bcdp-1;
  constexpr int terms = 12;  // s^24 / 25 < 2e-20
  auto exponent = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(x) >> kMantissaBits) - kBias;
  double m = x * power_of_two(-exponent);
  if (m >= 2 * sqrt_half) {
    m *= 0.5;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int i = terms; i >= 1; --i) sum = sum * square + 1.0 / (2 * i + 1);
  const auto k = static_cast<double>(exponent);
  return k * kLn2Hi + (2 * s + (2 * s * square * sum + k * kLn2Lo));
}

// x = n ln 2 + r with |r| <= 0.35; exp(r) by its series.
double plain_exp(double x) {
  constexpr int terms = 15;  // r^16 / 16! < 3e-21
  const auto n = static_cast<std::int64_t>(x * kLog2E + (x < 0 ? -0.5 : 0.5));
  const auto k = static_cast<double>(n);
  const double r = (x - k * kLn2Hi) - k * kLn2Lo;
  double sum = 1;
  for (int i = terms; i >= 1; --i) sum = 1 + r / i * sum;
  return sum * power_of_two(n);
}

}  // namespace ppo
