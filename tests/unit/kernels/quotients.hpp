// The kernels' division inside tanh: right for the quotients that tanh forms, whatever a card's estimate of
// the reciprocal is within its ulp.
#pragma once

#include "kernels/quick.hpp"

namespace ppo::testing {

/// Of the quotients e / (e + 2), 0 <= e <= 5e8 (tanh forms them of e = exp(2|x|) - 1 < 4.9e8), every
/// `stride`-th float e, each from three estimates: how many are not the nearest float.
inline std::uint64_t wrong_quotients(std::uint32_t stride) {
  const std::uint32_t last = bits(5e8F);
  std::uint64_t wrong = 0;
  for (std::uint32_t b = 0; b <= last; b += stride) {
    const float e = from_bits(b);
    const float divisor = e + 2.0F;
    const float nearest = 1.0F / divisor;
    const std::uint32_t right = bits(e / divisor);
    wrong += bits(quotient(e, divisor, nearest)) != right ? 1 : 0;
    wrong += bits(quotient(e, divisor, from_bits(bits(nearest) - 1))) != right ? 1 : 0;
    wrong += bits(quotient(e, divisor, from_bits(bits(nearest) + 1))) != right ? 1 : 0;
  }
  return wrong;
}

}  // namespace ppo::testing
