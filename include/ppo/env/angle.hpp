// What environments with rotating parts share.
#pragma once

#include <type_traits>

#include "ppo/numerics.hpp"

namespace ppo {

template <class Real>
inline constexpr auto kPi = static_cast<Real>(3.14159265358979323846);

/// `angle` less the whole turns in it, within [-pi, pi]; one that is there already stays as it is. All in
/// [rad]. Subtracts all turns at once, so that it takes the same time for every angle; what rounding adds is
/// less than the distance between neighbouring numbers at `angle`. NaN gives NaN, and so does an angle beyond
/// 2^20, where float's sin and cos end, too.
template <class Real>
PPO_HD Real wrapped(Real angle) {
  constexpr auto kTurn = 2 * kPi<Real>;
  // Adding and subtracting it rounds to the nearest integer, as in numerics.hpp.
  constexpr auto kRound = static_cast<Real>(std::is_same_v<Real, float> ? 0x1.8p23 : 0x1.8p52);
  const Real turns = fma(angle, 1 / kTurn, kRound) - kRound;
  // Just off an odd multiple of pi the nearest integer may be the other one: the remainder is then beyond pi,
  // but by no more than a rounding.
  const Real rest = clamp(fma(turns, -kTurn, angle), -kPi<Real>, kPi<Real>);
  const Real defined = select(abs(angle) <= Real(0x1p20), rest, static_cast<Real>(detail::kNaN));
  return select(abs(angle) <= kPi<Real>, angle, defined);
}

}  // namespace ppo
