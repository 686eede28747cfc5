// Random numbers as a pure function of their purpose and position. There is no generator state, so any worker
// can draw any number.
#pragma once

#include <cstdint>

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

#ifdef __CUDACC__
#include "ppo/curand_philox.hpp"
#endif

namespace ppo {

struct PhiloxBlock {
  std::uint32_t word[4];
};

/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): 128 counter bits to 128
/// random bits under a 64-bit key.
PPO_HD constexpr PhiloxBlock philox4x32_10(PhiloxBlock counter, std::uint64_t key) {
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter.word[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter.word[2];
    counter = {{static_cast<std::uint32_t>(product1 >> 32) ^ counter.word[1] ^ key0,
                static_cast<std::uint32_t>(product1),
                static_cast<std::uint32_t>(product0 >> 32) ^ counter.word[3] ^ key1,
                static_cast<std::uint32_t>(product0)}};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return counter;
}

/// The same; on a GPU cuRAND computes it.
PPO_HD inline PhiloxBlock random_block(const PhiloxBlock& counter, std::uint64_t key) {
#ifdef __CUDACC__
  return curand_philox4x32_10(counter, key);
#else
  return philox4x32_10(counter, key);
#endif
}

/// The purpose of a draw. The values are part of the bit contract.
enum class Purpose : std::uint32_t {
  parameters = 0,   // initial weights; step = layer
  first_reset = 1,  // states before the first update
  reset = 2,        // auto-reset after a step
  action = 3,       // the policy's choice
  environment = 4,  // the environment's own noise within a step
  shuffle = 5,      // keys of a permutation; step = epoch
};

/// Training and evaluation never share a random number.
enum class Stream : std::uint32_t { training = 0, evaluation = 1 };

/// Where in a run a draw happens.
struct DrawKey {
  std::uint64_t seed = 0;
  Stream stream = Stream::training;
  std::uint32_t update = 0;
  std::uint32_t step = 0;
  std::uint32_t environment = 0;
};

/// The sequence of draws for one key and purpose.
class Draws {
 public:
  PPO_HD Draws(const DrawKey& key, Purpose purpose)
      : counter_{{key.environment, key.step, key.update,
                  static_cast<std::uint32_t>(key.stream) << 31 | static_cast<std::uint32_t>(purpose) << 24}},
        seed_(key.seed) {}

  /// 32 random bits.
  PPO_HD std::uint32_t bits() {
    const std::uint32_t word = index_ & 3;
    if (word == 0) {
      PhiloxBlock counter = counter_;
      counter.word[3] += index_ >> 2;  // below 2^24 blocks the purpose stays untouched
      block_ = random_block(counter, seed_);
    }
    ++index_;
    // Select instead of indexing: an array indexed at run time would not stay in a GPU's registers.
    return word < 2 ? (word == 0 ? block_.word[0] : block_.word[1])
                    : (word == 2 ? block_.word[2] : block_.word[3]);
  }

  /// Uniform on [0, 1): a multiple of 2^-24.
  PPO_HD float uniform() { return static_cast<float>(bits() >> 8) * 0x1p-24F; }

  /// Uniform on [low, high]; rounding can produce `high` itself.
  template <class Real>
  PPO_HD Real uniform(Real low, Real high) {
    return fma(static_cast<Real>(uniform()), high - low, low);
  }

  /// Standard normal (Box & Muller 1958), from two uniforms.
  PPO_HD float normal() {
    const float radius = sqrt(-2.0F * log(1.0F - uniform()));
    return radius * cos(6.28318530717958647692F * uniform());
  }

 private:
  PhiloxBlock counter_;
  std::uint64_t seed_;
  std::uint32_t index_ = 0;
  PhiloxBlock block_{};
};

}  // namespace ppo
