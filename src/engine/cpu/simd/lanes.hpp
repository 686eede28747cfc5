// `Lanes`: the widest vector of floats of the level that this translation unit is compiled for; and the name
// of what the level's network.cpp exports.
#pragma once

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include "engine/cpu/simd/lanes_avx512.hpp"
#define PPO_NETWORK ppo_network_avx512
#elif defined(__AVX2__) && defined(__FMA__)
#include "engine/cpu/simd/lanes_avx2.hpp"
#define PPO_NETWORK ppo_network_avx2
#elif defined(__aarch64__)
#include "engine/cpu/simd/lanes_neon.hpp"
#define PPO_NETWORK ppo_network_neon
#else
#error "the SIMD stages need AVX2 and FMA, AVX-512 or NEON"
#endif

// Before numerics.hpp's templates are instantiated: they find the operations above.
#include "ppo/numerics.hpp"

namespace ppo {

/// x limited to [lo, hi]; a NaN stays one, as in the scalar clamp.
inline Lanes clamp(Lanes x, Lanes lo, Lanes hi) {
  return max(lo, min(hi, x));
}

}  // namespace ppo
