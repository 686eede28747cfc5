// A float that divides without a branch: what the kernels hand to tanh.
#pragma once

#include "kernels/device.hpp"
#include "ppo/numerics.hpp"

namespace ppo {

/// One of the value types that numerics.hpp is written for, as far as tanh needs it. All operations are
/// float's own but `/`, which takes an estimate of the reciprocal, one Newton step, the product, and one
/// correction by its exact remainder (Markstein 1990, "Computation of elementary functions on the IBM RISC
/// System/6000"): six instructions, where IEEE division has a branch for the operands that could overflow on
/// the way.
///
/// Contract: tanh<Quick> is tanh<float> to the bit for every float, whatever an estimate within 1 ulp
/// returns. tests/unit/kernels/quick_test.cpp holds it; other quotients carry no such promise.
struct Quick {
  float value;

  PPO_DEVICE Quick(float x) : value(x) {}  // NOLINT: a Quick is a float
};

PPO_DEVICE Quick operator*(Quick a, Quick b) {
  return a.value * b.value;
}
PPO_DEVICE bool operator>(Quick a, Quick b) {
  return a.value > b.value;
}
PPO_DEVICE Quick fma(Quick a, Quick b, Quick c) {
  return fma(a.value, b.value, c.value);
}
PPO_DEVICE std::uint32_t bits(Quick x) {
  return bits(x.value);
}

/// a / b from an estimate of 1 / b within 1 ulp. With the remainder the other way round, -0 would become 0.
PPO_DEVICE float quotient(float a, float b, float estimate) {
  const float reciprocal = fma(fma(-b, estimate, 1.0F), estimate, estimate);
  const float q = a * reciprocal;
  return fma(fma(b, q, -a), -reciprocal, q);
}
PPO_DEVICE Quick operator/(Quick a, Quick b) {
  return quotient(a.value, b.value, device::reciprocal_estimate(b.value));
}

/// The hyperbolic tangent, as ppo::tanh(float) to the bit.
PPO_DEVICE float quick_tanh(float x) {
  return tanh(Quick(x)).value;
}

}  // namespace ppo
