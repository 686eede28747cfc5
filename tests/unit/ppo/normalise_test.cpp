// What running statistics make of a number, and the order in which they are merged.
#include "ppo/normalise.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "ppo/philox.hpp"

namespace ppo {
namespace {

/// Of a pair of numbers, `mean` less and more `deviation`.
Moments<double> pair_around(double mean, double deviation) {
  Moments<double> moments;
  add(moments, mean - deviation);
  add(moments, mean + deviation);
  return moments;
}

TEST(Moments, AddingOneByOneIsWelfords) {
  Moments<double> moments;
  for (const double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) add(moments, x);
  EXPECT_EQ(moments.count, 8);
  EXPECT_DOUBLE_EQ(moments.mean, 5);
  EXPECT_DOUBLE_EQ(moments.m2, 32);
  EXPECT_DOUBLE_EQ(variance(moments), 4);
}

TEST(Moments, MergingIntoNoneIsTheOther) {
  const Moments<double> some = pair_around(-3e30, 2e30);
  const Moments<double> all = merge(Moments<double>{}, some);
  EXPECT_EQ(all.count, some.count);
  EXPECT_EQ(all.mean, some.mean);
  EXPECT_EQ(all.m2, some.m2);
}

TEST(NormScale, IsOneOverTheDeviation) {
  EXPECT_EQ(norm_scale({}), 1.0F);
  EXPECT_FLOAT_EQ(norm_scale(pair_around(7, 4)), 0.25F);
  EXPECT_FLOAT_EQ(norm_scale(pair_around(7, 1e-4)), static_cast<float>(1 / std::sqrt(2e-8)));
  EXPECT_FLOAT_EQ(norm_scale(pair_around(7, 0)), 1e4F);
}

TEST(ObservationNorm, ShiftsScalesAndClips) {
  const Moments<double> moments[] = {pair_around(1, 2), pair_around(-100, 8), pair_around(3, 0)};
  const ObservationNorm<3> norm(true, moments);
  float obs[] = {2, -104, 3};
  norm(obs);
  EXPECT_FLOAT_EQ(obs[0], 0.5F);
  EXPECT_FLOAT_EQ(obs[1], -0.5F);
  EXPECT_EQ(obs[2], 0.0F);
  float far[] = {1e30F, -200, 2.99F};
  norm(far);
  EXPECT_EQ(far[0], 10.0F);
  EXPECT_EQ(far[1], -10.0F);
  EXPECT_EQ(far[2], -10.0F);
  float unknown[] = {__builtin_nanf(""), __builtin_inff(), 3};
  norm(unknown);
  EXPECT_TRUE(std::isnan(unknown[0]));
  EXPECT_EQ(unknown[1], 10.0F);
}

TEST(ObservationNorm, WithoutStatisticsOnlyClips) {
  const Moments<double> none[2];
  float obs[] = {-9.75F, 11};
  ObservationNorm<2>(true, none)(obs);
  EXPECT_EQ(obs[0], -9.75F);
  EXPECT_EQ(obs[1], 10.0F);
}

TEST(ObservationNorm, OffChangesNothing) {
  const Moments<double> moments[] = {pair_around(1, 2)};
  float obs[] = {-1234.5F};
  ObservationNorm<1>(false, moments)(obs);
  EXPECT_EQ(obs[0], -1234.5F);
}

TEST(RewardNorm, ScalesAndClipsWithoutAShift) {
  const Clipped<float> norm = reward_norm(true, pair_around(50, 4));
  EXPECT_FLOAT_EQ(norm(6), 1.5F);
  EXPECT_EQ(norm(1000), 10.0F);
  EXPECT_EQ(norm(-1000), -10.0F);
  const Clipped<float> off = reward_norm(false, pair_around(50, 4));
  EXPECT_EQ(off(-1000), -1000.0F);
  EXPECT_EQ(off(3e38F), 3e38F);
  const Clipped<float> first = reward_norm(true, {});
  EXPECT_EQ(first(-3), -3.0F);
}

/// Moments [N][2] of a few numbers each.
std::vector<Moments<double>> moments_of_environments(int N) {
  Draws draws({.seed = 14}, Purpose::environment);
  std::vector<Moments<double>> moments(static_cast<std::size_t>(2 * N));
  for (Moments<double>& each : moments) {
    for (int i = 0; i < 5; ++i) add(each, static_cast<double>(draws.normal()));
  }
  return moments;
}

// Environments of a chunk of 16 in order, then the chunks in order, then what came before: to the bit.
TEST(MergeEnvironments, IsInTheContractsOrder) {
  const Moments<double> before = pair_around(0.3, 0.7);
  for (const std::size_t N : {1U, 2U, 16U, 17U, 40U}) {
    const auto moments = moments_of_environments(static_cast<int>(N));
    Moments<double> want = before;
    for (std::size_t begin = 0; begin < N; begin += 16) {
      Moments<double> chunk = moments[begin * 2 + 1];
      for (std::size_t n = begin + 1; n < std::min<std::size_t>(begin + 16, N); ++n) {
        chunk = merge(chunk, moments[n * 2 + 1]);
      }
      want = merge(want, chunk);
    }
    const auto got = merge_environments(before, moments.data(), static_cast<std::int64_t>(N), 2, 1);
    EXPECT_EQ(got.count, static_cast<std::int64_t>(2 + 5 * N));
    EXPECT_EQ(got.mean, want.mean) << N;
    EXPECT_EQ(got.m2, want.m2) << N;
  }
}

}  // namespace
}  // namespace ppo
