// The moments that normalise the advantages: chunks merged in order against a direct sum in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ppo/gae.hpp"
#include "ppo/philox.hpp"

namespace ppo {
namespace {

template <class Real>
Moments<Real> merged(const std::vector<Real>& x, int steps, int envs, int chunk_envs) {
  const auto entry = [&](std::int64_t i) { return x[static_cast<std::size_t>(i)]; };
  Moments<Real> all = chunk_moments<Real>(steps, envs, 0, std::min(chunk_envs, envs), entry);
  for (int begin = chunk_envs; begin < envs; begin += chunk_envs) {
    all = merge(all, chunk_moments<Real>(steps, envs, begin, std::min(begin + chunk_envs, envs), entry));
  }
  return all;
}

struct Exact {
  double mean;
  double variance;
};

template <class Real>
Exact exact(const std::vector<Real>& x) {
  long double sum = 0, square = 0;
  for (const Real entry : x) sum += static_cast<long double>(entry);
  const long double mean = sum / static_cast<long double>(x.size());
  for (const Real entry : x)
    square += (static_cast<long double>(entry) - mean) * (static_cast<long double>(entry) - mean);
  return {static_cast<double>(mean), static_cast<double>(square / static_cast<long double>(x.size()))};
}

template <class Real>
std::vector<Real> noise(int count, Real mean, Real spread) {
  Draws draws({.seed = 23}, Purpose::environment);
  std::vector<Real> x;
  for (int i = 0; i < count; ++i) x.push_back(mean + spread * static_cast<Real>(draws.normal()));
  return x;
}

TEST(Moments, MergedChunksAgreeWithADirectSum) {
  for (const int envs : {1, 5, 16, 17, 64, 100}) {
    SCOPED_TRACE(envs);
    const std::vector<double> x = noise(37 * envs, 0.3, 2.0);
    const Moments<double> got = merged(x, 37, envs, kChunkEnvs);
    const Exact want = exact(x);
    EXPECT_EQ(got.count, 37 * envs);
    EXPECT_NEAR(got.mean, want.mean, 1e-14);
    EXPECT_NEAR(variance(got), want.variance, 1e-13);
  }
}

// Where E x^2 - (E x)^2 would have lost all digits: 1e6 has 4 bits for the spread of 1 in its square.
TEST(Moments, KeepTheirDigitsFarFromZero) {
  const std::vector<float> x = noise(128 * 64, 1000.0F, 1.0F);
  const Moments<float> got = merged(x, 128, 64, kChunkEnvs);
  const Exact want = exact(x);
  EXPECT_NEAR(static_cast<double>(got.mean), want.mean, 1000 * 0x1p-21);
  EXPECT_NEAR(static_cast<double>(variance(got)), want.variance, 1e-4);
}

TEST(Moments, NormalisedNumbersHaveMeanZeroAndDeviationOne) {
  const std::vector<float> x = noise(128 * 40, 7.0F, 3.0F);
  const Normaliser<float> to_unit = normaliser(merged(x, 128, 40, kChunkEnvs), true);
  std::vector<float> y;
  for (const float entry : x) y.push_back((entry - to_unit.shift) * to_unit.scale);
  const Exact got = exact(y);
  EXPECT_NEAR(got.mean, 0, 1e-6);
  EXPECT_NEAR(got.variance, 1, 1e-6);  // the population's: a sample's would be 2e-4 off
}

TEST(Moments, EqualNumbersHaveNoVariance) {
  const std::vector<float> x(128 * 48, 3.25F);  // whose sums are exact
  const Moments<float> got = merged(x, 128, 48, kChunkEnvs);
  EXPECT_EQ(got.mean, 3.25F);
  EXPECT_EQ(variance(got), 0.0F);
  const Normaliser<float> to_unit = normaliser(got, true);
  EXPECT_EQ((x[0] - to_unit.shift) * to_unit.scale, 0.0F);
  EXPECT_FLOAT_EQ(to_unit.scale, 1e8F);
}

TEST(Moments, OneNumber) {
  const std::vector<float> x{-2.5F};
  const Moments<float> got = merged(x, 1, 1, kChunkEnvs);
  EXPECT_EQ(got.count, 1);
  EXPECT_EQ(got.mean, -2.5F);
  EXPECT_EQ(variance(got), 0.0F);
}

TEST(Moments, WithoutNormalisationNothingChanges) {
  const Normaliser<float> none = normaliser(Moments<float>{10, 4.0F, 90.0F}, false);
  EXPECT_EQ((7.5F - none.shift) * none.scale, 7.5F);
}

}  // namespace
}  // namespace ppo
