// What the tests of the elementary functions share: the functions by name, for numbers of any type, and a
// sample of all floats.
#pragma once

#include <cstdint>

#include "ppo/numerics.hpp"

namespace ppo::test {

/// Calls visit(x) for every `stride`-th bit pattern, NaNs included.
template <class Visit>
void for_sample(std::uint64_t stride, Visit visit) {
  for (std::uint64_t b = 0; b < (1ull << 32); b += stride) visit(from_bits(static_cast<std::uint32_t>(b)));
}

inline constexpr auto kExp = [](auto x) { return ppo::exp(x); };
inline constexpr auto kLog = [](auto x) { return ppo::log(x); };
inline constexpr auto kTanh = [](auto x) { return ppo::tanh(x); };
inline constexpr auto kSin = [](auto x) { return ppo::sin(x); };
inline constexpr auto kCos = [](auto x) { return ppo::cos(x); };

}  // namespace ppo::test
