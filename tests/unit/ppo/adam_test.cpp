// Adam's first steps and the clipping by the global norm, from their definitions.
#include "ppo/adam.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "ppo/philox.hpp"

namespace ppo {
namespace {

struct Parameter {
  double param = 0.5;
  double moment1 = 0;
  double moment2 = 0;
};

// With its bias corrected the first step is lr * g / (|g| + eps): the sign, unless g is as small as eps.
TEST(Adam, FirstStepIsTheLearningRateInTheGradientsDirection) {
  for (const double g : {3.0, -0.02, 1e-4, -1e-8, 1e-12, 0.0}) {
    AdamPowers powers;
    Parameter p;
    adam(next_adam_step(powers, 1.0, 0.01), g, p.param, p.moment1, p.moment2);
    EXPECT_NEAR(p.param, 0.5 - 0.01 * g / (std::abs(g) + 1e-8), 1e-13) << g;
    EXPECT_DOUBLE_EQ(p.moment1, 0.1 * g);
    EXPECT_DOUBLE_EQ(p.moment2, 0.001 * g * g);
  }
}

// A constant gradient's corrected moments are g and g^2 at every step, so that every step is the first again.
TEST(Adam, BiasIsCorrectedAtEveryStep) {
  AdamPowers powers;
  Parameter p;
  for (int t = 1; t <= 2000; ++t) {
    const double before = p.param;
    adam(next_adam_step(powers, 1.0, 0.01), -0.3, p.param, p.moment1, p.moment2);
    ASSERT_NEAR(p.param - before, 0.01, 1e-9) << "step " << t;
    ASSERT_NEAR(powers.beta1, std::pow(0.9, t), 1e-12);
    ASSERT_NEAR(powers.beta2, std::pow(0.999, t), 1e-12);
  }
}

TEST(Adam, ClipScaleEntersBothMoments) {
  AdamPowers powers, same;
  Parameter clipped, plain;
  for (const double g : {4.0, -1.0, 0.5}) {
    adam(next_adam_step(powers, 0.25, 0.01), g, clipped.param, clipped.moment1, clipped.moment2);
    adam(next_adam_step(same, 1.0, 0.01), 0.25 * g, plain.param, plain.moment1, plain.moment2);
    EXPECT_EQ(clipped.param, plain.param);
    EXPECT_EQ(clipped.moment1, plain.moment1);
    EXPECT_EQ(clipped.moment2, plain.moment2);
  }
}

TEST(GradientClipping, LeavesSmallGradientsAndShortensLargeOnes) {
  EXPECT_EQ(clip_scale(0.0, 0.5), 1.0);
  EXPECT_EQ(clip_scale(0.3F, 0.5F), 1.0F);
  EXPECT_EQ(clip_scale(0.5, 0.5), 0.5 / (0.5 + 1e-6));
  EXPECT_DOUBLE_EQ(clip_scale(8.0, 0.5), 0.5 / (8 + 1e-6));
  EXPECT_LE(clip_scale(8.0F, 0.5F) * 8.0F, 0.5F);
}

class NormOfSize : public ::testing::TestWithParam<int> {};

double norm_by_slices(const std::vector<double>& grad) {
  const int size = static_cast<int>(grad.size());
  std::vector<double> squares;
  for (int begin = 0; begin < size; begin += kSliceSize) {
    squares.push_back(slice_square(grad.data() + begin, min(kSliceSize, size - begin)));
  }
  EXPECT_EQ(static_cast<int>(squares.size()), slice_count(size));
  return global_norm(static_cast<const double*>(squares.data()), slice_count(size));
}

TEST_P(NormOfSize, CountsEveryEntryOnce) {
  std::vector<double> grad(static_cast<std::size_t>(GetParam()));
  Draws draws({.seed = 1}, Purpose::environment);
  for (double& g : grad) g = static_cast<double>(draws.normal());
  const double square = std::inner_product(grad.begin(), grad.end(), grad.begin(), 0.0);
  EXPECT_NEAR(norm_by_slices(grad), std::sqrt(square), 1e-13 * std::sqrt(square));
  // An entry by itself, at every place: the sum has no other.
  for (std::size_t i = 0; i < grad.size(); ++i) {
    std::vector<double> one(grad.size());
    one[i] = -3;
    ASSERT_EQ(norm_by_slices(one), 3.0) << "entry " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, NormOfSize,
                         ::testing::Values(1, 2, 31, 32, 33, 255, 256, 257, 511, 512, 1000),
                         ::testing::PrintToStringParamName());

// The order is part of the bit contract: 32 chains with stride 32, then a halving tree.
TEST(SliceSquare, AddsInTheContractsOrder) {
  float grad[kSliceSize];
  Draws draws({.seed = 2}, Purpose::environment);
  for (float& g : grad) g = draws.normal();
  for (const int size : {256, 200, 40, 7}) {
    float chain[32] = {};
    for (int i = 0; i < size; ++i) chain[i % 32] = std::fma(grad[i], grad[i], chain[i % 32]);
    for (const int half : {16, 8, 4, 2, 1}) {
      for (int i = 0; i < half; ++i) chain[i] += chain[i + half];
    }
    EXPECT_EQ(slice_square(static_cast<const float*>(grad), size), chain[0]) << size;
  }
}

}  // namespace
}  // namespace ppo
