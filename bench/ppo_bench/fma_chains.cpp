// Compiled once per level, with the flags of that level's stages: PPO_FMA_CHAINS names the function.
#include <cstdint>

#if PPO_SIMD
#include "cpu/simd/lanes.hpp"
#else
#include "ppo/numerics.hpp"
namespace ppo {
using Lanes = float;
}
#endif

namespace ppo {

/// Runs 12 chains of `steps` fused multiply-adds, enough to hide their latency: only the units' number
/// limits them. Returns the FLOPs.
extern "C" double PPO_FMA_CHAINS(std::int64_t steps) {
  constexpr int kChains = 12;
  const float factor = 0.999F;
  const float term = 0.001F;
  Lanes chain[kChains];
  for (int i = 0; i < kChains; ++i) chain[i] = Lanes(static_cast<float>(i));
  for (std::int64_t step = 0; step < steps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) chain[i] = fma(chain[i], Lanes(factor), Lanes(term));
  }
  for (Lanes& last : chain) asm volatile("" : : "m"(last));  // the chains are wanted
  return 2.0 * static_cast<double>(steps) * kChains * static_cast<double>(sizeof(Lanes) / sizeof(float));
}

}  // namespace ppo
