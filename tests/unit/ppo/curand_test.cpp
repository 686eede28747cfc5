// cuRAND's Philox4x32-10, compiled for the host, is ours.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "ppo/curand_philox.hpp"
#include "ppo/philox.hpp"

namespace ppo {
namespace {

void expect_same(const PhiloxBlock& counter, std::uint64_t key, const PhiloxBlock& wanted) {
  const PhiloxBlock got = curand_philox4x32_10(counter, key);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(got.word[i], wanted.word[i]) << "word " << i << ", key " << key;
}

// kat_vectors of Random123 1.14.
TEST(CurandPhilox, PublishedAnswers) {
  expect_same({{0, 0, 0, 0}}, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
  expect_same({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, 0xffffffffffffffff,
              {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
  expect_same({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0x299f31d0a4093822,
              {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});
}

TEST(CurandPhilox, IsOurs) {
  PhiloxBlock counter{{1, 2, 3, 4}};
  std::uint64_t key = 42;
  for (int i = 0; i < 100000; ++i) {
    const PhiloxBlock wanted = philox4x32_10(counter, key);
    expect_same(counter, key, wanted);
    counter = wanted;  // as good as any
    key = key * 0x5851f42d4c957f2d + 1;
  }
}

}  // namespace
}  // namespace ppo
