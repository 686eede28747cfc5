// Statistics of episodes whose right answers are known.
#include "engine/episode_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace ppo {
namespace {

TEST(EpisodeStatistics, OfFourEpisodes) {
  const std::vector<EpisodeResult> episodes{{3, 30, true}, {-1, 10, false}, {2, 25, true}, {8, 11, false}};
  const EpisodeStatistics statistics = summarise(episodes);
  EXPECT_EQ(statistics.mean, 3);
  EXPECT_DOUBLE_EQ(statistics.std, std::sqrt((0 + 16 + 1 + 25) / 4.0));
  EXPECT_EQ(statistics.min, -1);
  EXPECT_EQ(statistics.max, 8);
  EXPECT_EQ(statistics.mean_length, 19);
  EXPECT_EQ(statistics.median_length, 18);  // between 11 and 25
  EXPECT_EQ(statistics.capped, 2);
}

TEST(EpisodeStatistics, OfOneEpisode) {
  const EpisodeStatistics statistics = summarise(std::vector<EpisodeResult>{{-7.5, 3, true}});
  EXPECT_EQ(statistics.mean, -7.5);
  EXPECT_EQ(statistics.std, 0);
  EXPECT_EQ(statistics.min, -7.5);
  EXPECT_EQ(statistics.max, -7.5);
  EXPECT_EQ(statistics.mean_length, 3);
  EXPECT_EQ(statistics.median_length, 3);
  EXPECT_EQ(statistics.capped, 0);
}

TEST(EpisodeStatistics, TheMedianOfAnOddNumberIsTheMiddleOne) {
  EXPECT_EQ(summarise(std::vector<EpisodeResult>{{0, 9}, {0, 1}, {0, 5}}).median_length, 5);
}

// Of any number of equal returns: 1/30 of 500, added up 30 times, would be less.
TEST(EpisodeStatistics, TheMeanOfEqualReturnsIsTheReturn) {
  for (std::size_t count = 1; count <= 200; ++count) {
    const EpisodeStatistics statistics = summarise(std::vector<EpisodeResult>(count, {500, 500, false}));
    EXPECT_EQ(statistics.mean, 500) << count;
    EXPECT_EQ(statistics.std, 0) << count;
    EXPECT_EQ(statistics.capped, static_cast<std::int64_t>(count));
  }
}

TEST(EpisodeStatistics, OfTheLongestEpisodes) {
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(summarise(std::vector<EpisodeResult>{{0, kMost}, {0, kMost - 1}}).median_length, kMost - 0.5);
}

}  // namespace
}  // namespace ppo
