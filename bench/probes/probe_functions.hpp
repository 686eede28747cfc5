// What a probe evaluates, so that host and device compute the same thing: the elementary functions of
// ppo/numerics.hpp, and a fingerprint of their results over many floats.
#pragma once

#include <cstdint>

#include "ppo/numerics.hpp"

namespace ppo::probes {

/// Functions of a float given by its bits.
struct Exp {
  PPO_HD static float of(std::uint32_t b) { return exp(from_bits(b)); }
};
struct Log {
  PPO_HD static float of(std::uint32_t b) { return log(from_bits(b)); }
};
struct Tanh {
  PPO_HD static float of(std::uint32_t b) { return tanh(from_bits(b)); }
};
struct Sin {
  PPO_HD static float of(std::uint32_t b) { return sin(from_bits(b)); }
};
struct Cos {
  PPO_HD static float of(std::uint32_t b) { return cos(from_bits(b)); }
};
struct Sqrt {
  PPO_HD static float of(std::uint32_t b) { return sqrt(from_bits(b)); }
};
struct Divide {
  /// By another float, as far away as any.
  PPO_HD static float of(std::uint32_t b) { return from_bits(b) / from_bits(b * 0x9e3779b1u + 0x7f4a7c15u); }
};

/// Arguments that share a fingerprint. Argument number i is the float with the bits i * stride (modulo 2^32).
inline constexpr std::uint32_t kChunkSize = std::uint32_t{1} << 18;

/// What a result adds (modulo 2^32) to its chunk's fingerprint: a bijection of its bits for each argument, so
/// that one wrong bit always shows. All NaNs count as one.
PPO_HD inline std::uint32_t fingerprint_term(std::uint32_t argument, float result) {
  std::uint32_t mixed = bits(result);
  if ((mixed & 0x7fffffffu) > 0x7f800000u) mixed = 0x7fc00000u;
  mixed ^= argument * 0x9e3779b1u;
  mixed = (mixed ^ mixed >> 15) * 0x85ebca6bu;
  return mixed ^ mixed >> 13;
}

/// The bits of `value` that `kept` names, moved together: the place of a lane among those that differ in
/// them.
PPO_HD constexpr std::uint32_t packed_bits(std::uint32_t value, std::uint32_t kept) {
  std::uint32_t packed = 0;
  for (std::uint32_t bit = 1, place = 1; bit != 0 && bit <= kept; bit <<= 1) {
    if ((kept & bit) == 0) continue;
    if ((value & bit) != 0) packed |= place;
    place <<= 1;
  }
  return packed;
}

}  // namespace ppo::probes
