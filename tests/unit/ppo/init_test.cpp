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

template <class Layout>
std::vector<Matrix> weights() {
  using Actor = typename Layout::Actor;
  using Critic = typename Layout::Critic;
  const double root2 = std::sqrt(2.0);
  return {{"actor l1", Layout::actor + Actor::l1_w, Actor::O, Actor::H, root2},
          {"actor l2", Layout::actor + Actor::l2_w, Actor::H, Actor::H, root2},
          {"actor head", Layout::actor + Actor::head_w, Actor::H, Actor::Out, 0.01},
          {"critic l1", Layout::critic + Critic::l1_w, Critic::O, Critic::H, root2},
          {"critic l2", Layout::critic + Critic::l2_w, Critic::H, Critic::H, root2},
          {"critic head", Layout::critic + Critic::head_w, Critic::H, Critic::Out, 1.0}};
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

template <class Layout, class Real>
void expect_orthogonal(std::uint64_t seed, double tolerance) {
  std::vector<Real> params(Layout::size, static_cast<Real>(7));
  init_params<Layout>(seed, params.data());
  std::vector<bool> is_weight(params.size());
  for (const Matrix& matrix : weights<Layout>()) {
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
    expect_orthogonal<Layout<4, 2, 64>, float>(seed, 0x1p-21);
    expect_orthogonal<Layout<4, 2, 64>, double>(seed, 0x1p-49);
    expect_orthogonal<Layout<3, 3, 16>, float>(seed, 0x1p-21);
    expect_orthogonal<Layout<40, 5, 16>, float>(seed, 0x1p-21);  // more inputs than units
  }
}

TEST(Init, LayersNetworksAndSeedsDiffer) {
  using Net = Layout<4, 2, 64>;
  std::vector<double> params(Net::size), other(Net::size);
  init_params<Net>(42, params.data());
  init_params<Net>(43, other.data());
  const auto correlation = [](const double* a, const double* b, int count) {
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < count; ++i) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return std::abs(ab / std::sqrt(aa * bb));
  };
  const std::vector<Matrix> all = weights<Net>();
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
  using Net = Layout<4, 2, 64>;
  std::vector<float> first(Net::size), second(Net::size, 5.0F);
  init_params<Net>(42, first.data());
  init_params<Net>(42, second.data());
  EXPECT_EQ(first, second);
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
