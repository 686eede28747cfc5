// Two loops that only the machine limits, compiled once per level with the flags of that level's stages.
// PPO_FMA_CHAINS and PPO_TOUCH name the functions.
#include <cstddef>
#include <cstdint>

#if PPO_SIMD
#include "engine/cpu/simd/lanes.hpp"
#else
#include "ppo/numerics.hpp"
namespace ppo {
using Lanes = float;
}
#endif

namespace ppo {

// Chains of fused multiply-adds that hide their latency, of 4 cycles and more: x86-64 has at most two units
// for them and 16 registers without AVX-512, AArch64 up to four units and 32 registers.
#if defined(__aarch64__)
constexpr int kChains = 24;
#else
constexpr int kChains = 12;
#endif

/// Runs so many chains of `steps` fused multiply-adds: only the units' number limits them. Returns the FLOPs.
extern "C" double PPO_FMA_CHAINS(std::int64_t steps) {
  const float factor = 0.999F;
  const float term = 0.001F;
  Lanes chain[kChains];
  for (int i = 0; i < kChains; ++i) chain[i] = Lanes(static_cast<float>(i));
  for (std::int64_t step = 0; step < steps; ++step) {
#pragma GCC unroll 24
    for (int i = 0; i < kChains; ++i) chain[i] = fma(chain[i], Lanes(factor), Lanes(term));
  }
  for (Lanes& last : chain) asm volatile("" : : "m"(last));  // the chains are wanted
  return 2.0 * static_cast<double>(steps) * kChains * static_cast<double>(sizeof(Lanes) / sizeof(float));
}

/// Reads and writes each of `count` floats once. Returns the bytes moved.
extern "C" double PPO_TOUCH(float* data, std::size_t count) {
  constexpr std::size_t kWidth = sizeof(Lanes) / sizeof(float);
  for (std::size_t i = 0; i + kWidth <= count; i += kWidth) {
#if PPO_SIMD
    (Lanes::load(data + i) + Lanes(1.0F)).store(data + i);
#else
    data[i] += 1.0F;
#endif
  }
  asm volatile("" : : "r"(data) : "memory");
  return 2.0 * sizeof(float) * static_cast<double>(count);
}

}  // namespace ppo
