// 64-bit FNV-1a (Fowler, Noll & Vo): the fingerprint under which results are compared.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ppo/platform.hpp"

namespace ppo {

inline constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325;

/// Continues `hash` with the bytes of an array (little-endian on all supported platforms).
PPO_HD inline std::uint64_t fnv1a(const void* data, std::size_t bytes, std::uint64_t hash = kFnvOffset) {
  const auto* byte = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < bytes; ++i) hash = (hash ^ byte[i]) * 0x100000001b3;
  return hash;
}

}  // namespace ppo
