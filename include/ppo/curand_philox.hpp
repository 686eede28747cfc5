// cuRAND's Philox4x32-10 without its generator state. The only header that uses cuRAND.
#pragma once

#define QUALIFIERS static inline __host__ __device__
#include <curand_philox4x32_x.h>
#undef QUALIFIERS

#include <cstdint>

namespace ppo {

/// Same as philox4x32_10 in ppo/philox.hpp; Block is its PhiloxBlock.
template <class Block>
__host__ __device__ Block curand_philox4x32_10(const Block& counter, std::uint64_t key) {
  const uint4 words = curand_Philox4x32_10(
      make_uint4(counter.word[0], counter.word[1], counter.word[2], counter.word[3]),
      make_uint2(static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)));
  return {{words.x, words.y, words.z, words.w}};
}

}  // namespace ppo
