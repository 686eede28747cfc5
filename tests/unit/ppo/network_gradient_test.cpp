// Backpropagation through both networks: every parameter's derivative by central differences in double.
#include <gtest/gtest.h>

#include <vector>

#include "ppo/gradient.hpp"
#include "ppo/init.hpp"

namespace ppo {
namespace {

constexpr LossCoefs<double> kCoefs{0.2, 0.05, 0.6, true};

template <int O>
struct Case {
  double obs[O];
  Sample<double> sample;
};

/// Samples spread so that ratios and values fall inside and outside their ranges.
template <int O, int A, int H>
std::vector<Case<O>> make_cases(const std::vector<double>& params) {
  using Net = Layout<O, A, H>;
  std::vector<Case<O>> cases;
  for (std::uint32_t i = 0; i < 12; ++i) {
    Draws draws({.seed = 11, .environment = i}, Purpose::environment);
    Case<O>& now = cases.emplace_back();
    for (double& x : now.obs) x = draws.uniform(-1.5, 1.5);
    Activations<typename Net::Actor, double> actor;
    Activations<typename Net::Critic, double> critic;
    double logits[A];
    double value;
    forward(params.data() + Net::actor, now.obs, actor, logits);
    forward(params.data() + Net::critic, now.obs, critic, &value);
    now.sample.action = static_cast<int>(draws.bits() % A);
    const double log_ratio = 0.5 * (i % 3) - 0.5 + draws.uniform(-0.1, 0.1);
    now.sample.logp =
        log_prob(categorical<A>(static_cast<const double*>(logits)), now.sample.action) - log_ratio;
    now.sample.value = value - (0.5 * (i / 3 % 3) - 0.5 + draws.uniform(-0.1, 0.1));
    now.sample.advantage = draws.uniform(-2.0, 2.0);
    now.sample.ret = value + draws.uniform(-2.0, 2.0);
  }
  return cases;
}

/// Summed gradient [Net::size], and the loss terms behind it.
template <class Net, int O, int A>
std::vector<double> sums_over(const std::vector<double>& params, const std::vector<Case<O>>& cases) {
  std::vector<double> sums(GradientSums<Net>::size);
  for (const auto& now : cases) add_sample<Net, A>(params.data(), kCoefs, now.obs, now.sample, sums.data());
  return sums;
}

template <int O, int A, int H>
void expect_gradient() {
  using Net = Layout<O, A, H>;
  std::vector<double> params(Net::size);
  init_params<Net>(3, params.data());
  Draws draws({.seed = 4}, Purpose::environment);
  for (double& param : params) param += draws.uniform(-0.3, 0.3);  // biases, and a policy with opinions
  const std::vector<Case<O>> cases = make_cases<O, A, H>(params);
  const auto loss = [&] {
    const std::vector<double> sums = sums_over<Net, O, A>(params, cases);
    return sums[Net::size + kPolicyTerm] + kCoefs.vf_coef * sums[Net::size + kValueTerm] -
           kCoefs.ent_coef * sums[Net::size + kEntropyTerm];
  };
  const std::vector<double> gradient = sums_over<Net, O, A>(params, cases);
  EXPECT_GT(gradient[Net::size + kClipFractionTerm], 2);   // samples beyond the ratio's range
  EXPECT_LT(gradient[Net::size + kClipFractionTerm], 10);  // and inside
  constexpr double kStep = 1e-5;
  for (std::size_t p = 0; p < params.size(); ++p) {
    const double kept = params[p];
    params[p] = kept + kStep;
    const double up = loss();
    params[p] = kept - kStep;
    const double down = loss();
    params[p] = kept;
    ASSERT_NEAR(gradient[p], (up - down) / (2 * kStep), 1e-8) << "parameter " << p;
  }
}

TEST(NetworkGradient, CartPoleSizes) {
  expect_gradient<4, 2, 8>();
}

TEST(NetworkGradient, OtherSizes) {
  expect_gradient<3, 3, 16>();
  expect_gradient<1, 5, 4>();
  expect_gradient<7, 2, 2>();
}

// The derivative is added to what is there, one sample after the other: a leaf is nothing but that.
TEST(NetworkGradient, AddsToTheSum) {
  using Net = Layout<4, 2, 8>;
  std::vector<double> params(Net::size);
  init_params<Net>(3, params.data());
  const auto cases = make_cases<4, 2, 8>(params);
  std::vector<double> both(GradientSums<Net>::size), first = both, second = both;
  add_sample<Net, 2>(params.data(), kCoefs, cases[0].obs, cases[0].sample, both.data());
  add_sample<Net, 2>(params.data(), kCoefs, cases[1].obs, cases[1].sample, both.data());
  add_sample<Net, 2>(params.data(), kCoefs, cases[0].obs, cases[0].sample, first.data());
  add_sample<Net, 2>(params.data(), kCoefs, cases[1].obs, cases[1].sample, second.data());
  for (std::size_t p = 0; p < both.size(); ++p) EXPECT_NEAR(both[p], first[p] + second[p], 1e-15);
}

}  // namespace
}  // namespace ppo
