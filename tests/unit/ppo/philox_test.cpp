// The generator itself: published answers, and which counter belongs to which key.
#include "ppo/philox.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ppo {
namespace {

void expect_block(PhiloxBlock counter, std::uint64_t key, PhiloxBlock want) {
  const PhiloxBlock got = philox4x32_10(counter, key);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(got.word[i], want.word[i]) << "word " << i;
}

// kat_vectors of Random123 1.14.
TEST(Philox, PublishedAnswers) {
  expect_block({{0, 0, 0, 0}}, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
  expect_block({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, 0xffffffffffffffff,
               {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
  expect_block({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0x299f31d0a4093822,
               {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});
}

TEST(Philox, IsKnownAtCompileTime) {
  static_assert(philox4x32_10({{0, 0, 0, 0}}, 0).word[0] == 0x6627e8d5);
}

// Which counter a draw comes from is part of the bit contract: a change here changes every run.
TEST(Draws, WordsOfTheirKeysCounter) {
  const DrawKey key{.seed = 0x0123456789abcdef,
                    .stream = Stream::evaluation,
                    .update = 0xaabbccdd,
                    .step = 0x11223344,
                    .environment = 0xfffffffe};
  Draws draws(key, Purpose::environment);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const PhiloxBlock want =
        philox4x32_10({{0xfffffffe, 0x11223344, 0xaabbccdd, 0x84000000 + block}}, 0x0123456789abcdef);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(draws.bits(), want.word[i]) << "block " << block << " word " << i;
  }
}

TEST(Draws, AreAFunctionOfKeyAndPurpose) {
  const DrawKey key{.seed = 7, .update = 3, .step = 2, .environment = 1};
  Draws first(key, Purpose::action);
  first.bits();
  const Draws copy = first;  // an interrupted sequence continues in the copy
  Draws second(copy);
  Draws fresh(key, Purpose::action);
  fresh.bits();
  for (int i = 0; i < 9; ++i) {
    const std::uint32_t word = first.bits();
    EXPECT_EQ(second.bits(), word);
    EXPECT_EQ(fresh.bits(), word);
  }
}

// Fields that shared counter bits, or were added up, would collide on a dense grid of small numbers. Of
// 393,216 random pairs of words two are equal with probability 4e-9.
TEST(Draws, DifferOnAGridOfKeys) {
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 42ULL, 1ULL << 32}) {
    for (const Stream stream : {Stream::training, Stream::evaluation}) {
      for (std::uint32_t purpose = 0; purpose < 6; ++purpose) {
        for (std::uint32_t i = 0; i < 16 * 16 * 16; ++i) {
          Draws draws({seed, stream, i / 256, i / 16 % 16, i % 16}, static_cast<Purpose>(purpose));
          for (int block = 0; block < 2; ++block) {
            const std::uint64_t high = draws.bits();
            seen.insert(high << 32 | draws.bits());
            draws.bits();
            draws.bits();
            ++count;
          }
        }
      }
    }
  }
  EXPECT_EQ(count, 393216U);
  EXPECT_EQ(seen.size(), count);
}

}  // namespace
}  // namespace ppo
