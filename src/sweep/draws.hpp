// The random numbers of a sweep: a function of its seed and of what they are for.
#pragma once

#include <cstdint>

#include "ppo/philox.hpp"

namespace ppo {

/// The values follow on those of Purpose, so that no number is drawn twice.
enum class SweepPurpose : std::uint32_t { scramble = 64, control = 65, origin = 66, explore = 67 };

/// 32 random bits for that place of a purpose.
inline std::uint32_t sweep_bits(std::uint64_t seed, SweepPurpose purpose, std::uint32_t first,
                                std::uint32_t second = 0, std::uint32_t third = 0) {
  return philox4x32_10({{first, second, third, static_cast<std::uint32_t>(purpose) << 24}}, seed).word[0];
}

}  // namespace ppo
