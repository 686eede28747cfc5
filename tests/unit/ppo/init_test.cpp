// First parameters: orthogonal, uniformly distributed, the right gain in every layer.
#include "ppo/init.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "unit/ppo/statistics.hpp"

namespace ppo {
namespace {

struct Matrix {
  const char* name;
  int offset;
  int rows;
  int cols;
  double gain;
};

std::vector<Matrix> weights(const Layout& layout) {
  const Mlp actor = layout.actor();
  const Mlp critic = layout.critic();
  const int critic_begin = layout.critic_begin();
  const double root2 = std::sqrt(2.0);
  return {{"actor l1", actor.l1_w(), actor.O, actor.H, root2},
          {"actor l2", actor.l2_w(), actor.H, actor.H, root2},
          {"actor head", actor.head_w(), actor.H, actor.Out, 0.01},
          {"critic l1", critic_begin + critic.l1_w(), critic.O, critic.H, root2},
          {"critic l2", critic_begin + critic.l2_w(), critic.H, critic.H, root2},
          {"critic head", critic_begin + critic.head_w(), critic.H, critic.Out, 1.0}};
}

template <class Real>
std::vector<Real> first_params(const Layout& layout, std::uint64_t seed, Real log_std_init = 0) {
  std::vector<Real> params(static_cast<std::size_t>(layout.size()), static_cast<Real>(7));
  init_params(layout, seed, log_std_init, params.data());
  return params;
}

/// The largest |<u, v> / gain^2 - [u = v]| over the rows, or the columns when they are fewer.
template <class Real>
double orthogonality_error(const Real* w, const Matrix& m) {
  const bool by_rows = m.rows <= m.cols;
  const int count = by_rows ? m.rows : m.cols;
  const int length = by_rows ? m.cols : m.rows;
  const auto entry = [&](int vector, int e) {
    return static_cast<double>(by_rows ? w[vector * m.cols + e] : w[e * m.cols + vector]);
  };
  double worst = 0;
  for (int u = 0; u < count; ++u) {
    for (int v = 0; v <= u; ++v) {
      double dot = 0;
      for (int e = 0; e < length; ++e) dot += entry(u, e) * entry(v, e);
      worst = std::max(worst, std::abs(dot / (m.gain * m.gain) - (u == v ? 1 : 0)));
    }
  }
  return worst;
}

template <class Real>
void expect_orthogonal(const Layout& layout, std::uint64_t seed, double tolerance) {
  const std::vector<Real> params = first_params<Real>(layout, seed);
  std::vector<bool> is_weight(params.size());
  for (const Matrix& matrix : weights(layout)) {
    EXPECT_LT(orthogonality_error(params.data() + matrix.offset, matrix), tolerance)
        << matrix.name << ", seed " << seed;
    std::fill_n(is_weight.begin() + matrix.offset, matrix.rows * matrix.cols, true);
  }
  for (std::size_t p = 0; p < params.size(); ++p) {
    if (is_weight[p]) continue;
    EXPECT_EQ(params[p], Real(0)) << "bias " << p;
  }
}

// To a few ulp, in both precisions: nothing but rounding is left.
TEST(Init, EveryLayerIsOrthogonalAndEveryBiasZero) {
  for (const std::uint64_t seed : {0ULL, 1ULL, 42ULL, 0xffffffffffffffffULL}) {
    expect_orthogonal<float>({4, 2, 64, 0}, seed, 0x1p-21);
    expect_orthogonal<double>({4, 2, 64, 0}, seed, 0x1p-49);
    expect_orthogonal<float>({3, 3, 16, 0}, seed, 0x1p-21);
    expect_orthogonal<float>({40, 5, 16, 0}, seed, 0x1p-21);  // more inputs than units
    expect_orthogonal<float>({5, 2, 256, 2}, seed, 0x1p-20);
  }
}

TEST(Init, LayersNetworksAndSeedsDiffer) {
  const Layout layout{4, 2, 64, 0};
  const std::vector<double> params = first_params<double>(layout, 42);
  const std::vector<double> other = first_params<double>(layout, 43);
  const auto correlation = [](const double* a, const double* b, int count) {
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < count; ++i) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return std::abs(ab / std::sqrt(aa * bb));
  };
  const std::vector<Matrix> all = weights(layout);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i; j < all.size(); ++j) {
      if (all[i].rows != all[j].rows) continue;
      const int count = all[i].rows * std::min(all[i].cols, all[j].cols);
      const double limit = testing::kSigmas / std::sqrt(count);
      const double* a = params.data() + all[i].offset;
      EXPECT_LT(correlation(a, other.data() + all[j].offset, count), limit) << all[i].name << ", other seed";
      if (i == j) continue;
      EXPECT_LT(correlation(a, params.data() + all[j].offset, count), limit) << all[i].name;
    }
  }
}

TEST(Init, IsAFunctionOfTheSeed) {
  const Layout layout{4, 2, 64, 0};
  EXPECT_EQ(first_params<float>(layout, 42), first_params<float>(layout, 42));
}

TEST(Init, ExtraParametersStartAtLogStdInitAndChangeNoOther) {
  const Layout layout{3, 2, 16, 2};
  const std::vector<float> plain = first_params<float>({3, 2, 16, 0}, 42);
  std::vector<float> params = first_params<float>(layout, 42, -0.75F);
  ASSERT_EQ(params.size(), plain.size() + 2);
  EXPECT_EQ(params[static_cast<std::size_t>(layout.extra_begin())], -0.75F);
  EXPECT_EQ(params.back(), -0.75F);
  params.resize(plain.size());
  EXPECT_EQ(params, plain);
}

// A uniformly distributed orthogonal matrix: each row is uniform on the sphere, where each coordinate is
// uniform on [-1, 1] (Archimedes), and a turn is as likely as a reflection. Both distinguish it from the QR
// routines that leave signs as they fall.
TEST(Init, OrthogonalIsUniformlyDistributed) {
  constexpr int kSeeds = 20000;
  constexpr int kBins = 40;
  std::vector<std::vector<std::int64_t>> counts(9, std::vector<std::int64_t>(kBins));
  int turns = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    double w[9];
    orthogonal(Draws({.seed = seed}, Purpose::parameters), 3, 3, 1.0, w);
    for (std::size_t i = 0; i < 9; ++i) {
      const auto bin = static_cast<int>((w[i] + 1) / 2 * kBins);
      ++counts[i][static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))];
    }
    const double determinant = w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) +
                               w[2] * (w[3] * w[7] - w[4] * w[6]);
    turns += determinant > 0 ? 1 : 0;
  }
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_LT(testing::chi_square(counts[i], static_cast<double>(kSeeds) / kBins),
              testing::chi_square_limit(kBins - 1))
        << "entry " << i;
  }
  EXPECT_LT(std::abs(testing::binomial_sigmas(turns, kSeeds, 0.5)), testing::kSigmas);
}

// Of unit vectors in d dimensions: E w^2 = 1 / d and E w^4 = 3 / (d (d + 2)).
TEST(Init, EntriesHaveTheMomentsOfUnitVectors) {
  constexpr int kRows = 4;
  constexpr int kCols = 64;
  constexpr int kSeeds = 2000;
  double mean = 0, square = 0, fourth = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    float w[kRows * kCols];
    orthogonal(Draws({.seed = seed}, Purpose::parameters), kRows, kCols, 1.0F, w);
    for (const float entry : w) {
      const double x = static_cast<double>(entry);
      mean += x;
      square += x * x;
      fourth += x * x * x * x;
    }
  }
  constexpr double kCount = kSeeds * kRows * kCols;
  EXPECT_NEAR(mean / kCount, 0, testing::kSigmas * std::sqrt(1.0 / kCols / kCount));
  EXPECT_NEAR(square / kCount, 1.0 / kCols, 1e-7);
  EXPECT_NEAR(fourth / kCount * kCols * (kCols + 2), 3, testing::kSigmas * std::sqrt(96 / kCount));
}

}  // namespace
}  // namespace ppo
