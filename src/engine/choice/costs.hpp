// What training costs on either engine: the one table behind `--device auto`. Figures of this kind depend on
// the machine; a choice between engines that differ by factors can bear that.
#pragma once

#include <array>
#include <string_view>

namespace ppo::costs {

// The CPU engine. Measured with ppo_bench on a 2-core virtual machine (Intel Xeon of the Sapphire Rapids
// class, 3.4 GHz, g++ 12.2), in bench/results/2026-11-28-estimates.json. Other processors differ: a Zen 5
// core does 1.2 to 1.5 times as much. Fitted to the rates of one thread with 32, 64 and 128 hidden units.

/// What one thread makes of the products of the layers, as work.hpp counts them [FLOP/s]: 63 % of the peak in
/// fused multiply-adds with avx512, 71 % with avx2, 46 % with scalar. No ARM processor was measured.
struct LevelCost {
  std::string_view level;
  double flops_per_s;
};
inline constexpr auto kLevels =
    std::to_array<LevelCost>({{"avx512", 137e9},
                              {"avx2", 83e9},
                              {"neon", 42e9},  // half of avx2, which has twice the lanes
                              {"scalar", 10.2e9}});

/// What a sample costs beside the products, in the rollout and in each epoch [s]: the environment, the
/// gather, the loss. Scalar code for the most part, and so the same at every level.
inline constexpr double kSample = 60e-9;

/// Reduce and Adam, for each parameter and minibatch [s].
inline constexpr double kParameter = 0.7e-9;

/// What a minibatch takes longer if two threads share an agent [s]: barriers, and sums that lie in the other
/// core's cache. That it doubles with four threads, and so on, is an assumption.
inline constexpr double kSharing = 10e-6;

// The CUDA engine. Predictions: none of them has been measured on a card yet. Cycles of a multiprocessor.

/// From asking the driver to the first launch: driver, context, this program's kernels [s]. An assumption; it
/// takes seconds where no persistence daemon keeps the driver loaded.
inline constexpr double kCudaStart = 0.3;

/// A step of the rollout, one dependent chain: bench/gpu_model.py, which replays the machine code for sm_90,
/// has 900 where two warps share an environment, and more elsewhere.
inline constexpr double kRolloutStep = 1200;

/// What a minibatch takes with however little work: barriers, parameters to and from the level-2 cache, the
/// norm of the gradient. bench/gpu_model.py has 17,000 with the gradient of a leaf among it.
inline constexpr double kMinibatch = 15'000;

/// How much of the fp32 peak a full multiprocessor reaches: bench/gpu_model.py says 0.44 to 0.60.
inline constexpr double kOfCudaPeak = 0.4;

/// A card whose driver does not say its clock [GHz].
inline constexpr double kUnknownClock = 1.5;

}  // namespace ppo::costs
