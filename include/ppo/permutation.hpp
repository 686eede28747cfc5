// The shuffle of an epoch, computed element by element. Nothing is stored, and any worker can ask for any
// index.
#pragma once

#include <cstdint>

#include "ppo/philox.hpp"

namespace ppo {

/// A pseudo-random permutation of [0, size): an alternating Feistel network on the next power of two, and
/// cycle walking back into the range (Black & Rogaway 2002, "Ciphers with arbitrary finite domains").
class Permutation {
 public:
  Permutation() = default;  // empty

  /// key.step is the epoch; size is in [1, 2^31].
  PPO_HD Permutation(const DrawKey& key, std::uint32_t size) : size_(size) {
    // Small ranges use a domain of 64 values: a smaller Feistel network reaches too few permutations.
    int bits = 6;
    while (bits < 32 && (std::uint64_t{1} << bits) < size) ++bits;
    right_bits_ = bits / 2;
    right_mask_ = (1U << right_bits_) - 1U;
    left_mask_ = (1U << (bits - right_bits_)) - 1U;
    Draws draws(key, Purpose::shuffle);
    for (std::uint32_t& round_key : round_keys_) round_key = draws.bits();
  }

  PPO_HD std::uint32_t operator()(std::uint32_t index) const {
    do index = encrypt(index);
    while (index >= size_);
    return index;
  }

  /// The same for positions [first, first + count), written so that compilers vectorise it.
  PPO_HD void positions(std::uint32_t first, int count, std::uint32_t* to) const {
    for (int k = 0; k < count; ++k) to[k] = encrypt(first + static_cast<std::uint32_t>(k));
    for (int k = 0; k < count; ++k) {
      while (to[k] >= size_) to[k] = encrypt(to[k]);
    }
  }

 private:
  // 4 fail chi-square tests by far; even, so that both halves are mixed alike.
  static constexpr int kRounds = 8;

  PPO_HD static std::uint32_t mix(std::uint32_t half, std::uint32_t key) {
    std::uint32_t hash = (half ^ key) * 0x9E3779B1U;
    hash = (hash ^ hash >> 15) * 0x85EBCA77U;
    return hash ^ hash >> 16;
  }

  PPO_HD std::uint32_t encrypt(std::uint32_t index) const {
    std::uint32_t left = index >> right_bits_;
    std::uint32_t right = index & right_mask_;
    for (int round = 0; round < kRounds; round += 2) {
      left ^= mix(right, round_keys_[round]) & left_mask_;
      right ^= mix(left, round_keys_[round + 1]) & right_mask_;
    }
    return left << right_bits_ | right;
  }

  std::uint32_t size_;
  int right_bits_;
  std::uint32_t left_mask_;
  std::uint32_t right_mask_;
  std::uint32_t round_keys_[kRounds];
};

}  // namespace ppo
