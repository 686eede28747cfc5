// The kernels' division inside tanh: right for the quotients that tanh forms, whatever a card's estimate of
// the reciprocal is within its ulp.
#pragma once

#include <initializer_list>

#include "kernels/quick.hpp"

namespace ppo::testing {

/// A float that counts the divisions behind it that quotient() would get wrong, from any of three estimates.
/// One of the value types that numerics.hpp is written for, as far as tanh needs it.
struct Judged {
  float value;
  std::uint32_t wrong;

  Judged(float x, std::uint32_t count = 0) : value(x), wrong(count) {}  // NOLINT: a Judged is a float
};

inline Judged operator*(Judged a, Judged b) {
  return {a.value * b.value, a.wrong + b.wrong};
}
inline Judged fma(Judged a, Judged b, Judged c) {
  return {ppo::fma(a.value, b.value, c.value), a.wrong + b.wrong + c.wrong};
}
inline bool operator>(Judged a, Judged b) {
  return a.value > b.value;
}
inline std::uint32_t bits(Judged x) {
  return ppo::bits(x.value);
}
inline Judged operator/(Judged a, Judged b) {
  const float right = a.value / b.value;
  const std::uint32_t nearest = ppo::bits(1.0F / b.value);
  Judged result(right, a.wrong + b.wrong);
  for (const std::uint32_t estimate : {nearest - 1, nearest, nearest + 1}) {
    result.wrong += ppo::bits(quotient(a.value, b.value, from_bits(estimate))) != ppo::bits(right) ? 1 : 0;
  }
  return result;
}

/// Of the quotients that tanh(x) forms of every `stride`-th float x >= 0 and of -x, and keeps (none of large
/// numbers), how many are not the nearest float.
inline std::uint64_t wrong_quotients(std::uint32_t stride) {
  std::uint64_t wrong = 0;
  for (std::uint32_t b = 0; b <= 0x7f800000U; b += stride) {
    wrong += tanh(Judged(from_bits(b))).wrong + tanh(Judged(-from_bits(b))).wrong;
  }
  return wrong;
}

}  // namespace ppo::testing
