// Backpropagation through both networks: every parameter's derivative by central differences in double, for
// each kind of policy and activation.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ppo/gradient.hpp"
#include "ppo/init.hpp"

namespace ppo {
namespace {

constexpr LossCoefs<double> kCoefs{0.2, 0.05, 0.6, true};
constexpr double kStep = 1e-5;  // of the differences

template <class Head>
struct Case {
  std::vector<double> obs;
  Sample<double, Head::kNumbers> sample;
};

/// The least distance of a hidden unit's sum from 0, where relu has its kink: |x| = relu(x) + relu(-x).
double kink_distance(const Mlp& net, const double* params, const double* obs) {
  std::vector<double> negated(params, params + net.size());
  for (double& param : negated) param = -param;
  Activations<double> kept, mirrored;
  input_layer(net, Activation::relu, params, obs, kept.h1);
  hidden_layer(net, Activation::relu, params, static_cast<const double*>(kept.h1), kept.h2);
  input_layer(net, Activation::relu, static_cast<const double*>(negated.data()), obs, mirrored.h1);
  hidden_layer(net, Activation::relu, static_cast<const double*>(negated.data()),
               static_cast<const double*>(kept.h1), mirrored.h2);
  double least = 1;
  for (int j = 0; j < net.H; ++j) {
    least = std::min({least, kept.h1[j] + mirrored.h1[j], kept.h2[j] + mirrored.h2[j]});
  }
  return least;
}

/// An agent of this head, activation and size, with biases and a policy with opinions.
template <class Head>
struct Networks {
  Layout layout;
  Activation activation;
  std::vector<double> params;

  Networks(int O, int H, Activation activation_)
      : layout{O, Head::kOutputs, H, Head::kExtra},
        activation(activation_),
        params(static_cast<std::size_t>(layout.size())) {
    init_params(layout, 3, -0.3, params.data());
    Draws draws({.seed = 4}, Purpose::environment);
    for (double& param : params) param += draws.uniform(-0.3, 0.3);
  }

  /// A sample, so that ratios and values of several fall inside and outside their ranges.
  Case<Head> make_case(int i, Draws& draws) const {
    Case<Head> now;
    const double* actor = params.data();
    const double* critic = actor + layout.critic_begin();
    do {
      now.obs.clear();
      for (int o = 0; o < layout.O; ++o) now.obs.push_back(draws.uniform(-1.5, 1.5));
    } while (std::min(kink_distance(layout.actor(), actor, now.obs.data()),
                      kink_distance(layout.critic(), critic, now.obs.data())) < 10 * kStep);
    Activations<double> kept;
    double outputs[Head::kOutputs];
    double value;
    forward(layout.actor(), activation, actor, now.obs.data(), kept, outputs);
    forward(layout.critic(), activation, critic, now.obs.data(), kept, &value);
    const auto policy =
        Head::policy(static_cast<const double*>(outputs), params.data() + layout.extra_begin());
    double noise[Head::kNoise];
    for (double& x : noise) x = draws.uniform(0.05, 0.95);
    Sample<double, Head::kNumbers>& sample = now.sample;
    Head::sample(policy, static_cast<const double*>(noise), sample.action);
    const double log_ratio = 0.5 * (i % 3) - 0.5 + draws.uniform(-0.1, 0.1);
    sample.logp = Head::log_prob(policy, static_cast<const double*>(sample.action)) - log_ratio;
    sample.value = value - (0.5 * (i / 3 % 3) - 0.5 + draws.uniform(-0.1, 0.1));
    sample.advantage = draws.uniform(-2.0, 2.0);
    sample.ret = value + draws.uniform(-2.0, 2.0);
    return now;
  }

  std::vector<Case<Head>> make_cases() const {
    std::vector<Case<Head>> cases;
    Draws draws({.seed = 11}, Purpose::environment);
    for (int i = 0; i < 12; ++i) cases.push_back(make_case(i, draws));
    return cases;
  }

  void add(const Case<Head>& now, std::vector<double>& sums) const {
    add_sample<Head>(layout, activation, params.data(), kCoefs, now.obs.data(), now.sample, sums.data());
  }

  /// The gradient [P], and the loss terms behind it.
  std::vector<double> sums_over(const std::vector<Case<Head>>& cases) const {
    std::vector<double> sums(static_cast<std::size_t>(sums_size(layout)));
    for (const auto& now : cases) add(now, sums);
    return sums;
  }

  double loss(const std::vector<Case<Head>>& cases) const {
    const std::vector<double> sums = sums_over(cases);
    const double* terms = sums.data() + layout.size();
    return terms[kPolicyTerm] + kCoefs.vf_coef * terms[kValueTerm] - kCoefs.ent_coef * terms[kEntropyTerm];
  }
};

template <class Head>
void expect_gradient(int O, int H, Activation activation) {
  SCOPED_TRACE(::testing::Message() << "H " << H << ", activation " << static_cast<int>(activation));
  Networks<Head> networks(O, H, activation);
  const auto cases = networks.make_cases();
  const std::vector<double> gradient = networks.sums_over(cases);
  const double clipped = gradient[networks.params.size() + kClipFractionTerm];
  EXPECT_GT(clipped, 2);   // samples beyond the ratio's range
  EXPECT_LT(clipped, 10);  // and inside
  for (std::size_t p = 0; p < networks.params.size(); ++p) {
    double& param = networks.params[p];
    const double kept = param;
    param = kept + kStep;
    const double up = networks.loss(cases);
    param = kept - kStep;
    const double down = networks.loss(cases);
    param = kept;
    const double difference = (up - down) / (2 * kStep);
    ASSERT_NEAR(gradient[p], difference, 1e-8 * std::max(1.0, std::abs(difference))) << "parameter " << p;
  }
}

TEST(NetworkGradient, OfACategoricalPolicy) {
  for (const Activation activation : {Activation::tanh, Activation::relu}) {
    for (const int H : {8, 32}) expect_gradient<CategoricalHead<2>>(4, H, activation);
  }
}

TEST(NetworkGradient, OfAGaussianPolicy) {
  for (const Activation activation : {Activation::tanh, Activation::relu}) {
    expect_gradient<GaussianHead<1>>(3, 8, activation);
    for (const int H : {8, 32}) expect_gradient<GaussianHead<3>>(4, H, activation);
  }
}

TEST(NetworkGradient, OtherSizes) {
  expect_gradient<CategoricalHead<3>>(3, 16, Activation::tanh);
  expect_gradient<CategoricalHead<5>>(1, 4, Activation::tanh);
  expect_gradient<CategoricalHead<2>>(7, 2, Activation::tanh);
}

// The derivative is added to what is there, one sample after the other: a leaf is nothing but that.
TEST(NetworkGradient, AddsToTheSum) {
  const Networks<GaussianHead<2>> networks(4, 8, Activation::relu);
  const auto cases = networks.make_cases();
  std::vector<double> both(static_cast<std::size_t>(sums_size(networks.layout))), first = both, second = both;
  networks.add(cases[0], both);
  networks.add(cases[1], both);
  networks.add(cases[0], first);
  networks.add(cases[1], second);
  for (std::size_t p = 0; p < both.size(); ++p) {
    EXPECT_NEAR(both[p], first[p] + second[p], 1e-14 * std::max(1.0, std::abs(both[p])));
  }
}

TEST(Relu, IsZeroBelowZeroAndKeepsWhatIsNoNumber) {
  EXPECT_EQ(relu(-2.0F), 0.0F);
  EXPECT_EQ(relu(3.5F), 3.5F);
  EXPECT_EQ(bits(relu(0.0F)), bits(0.0F));
  EXPECT_EQ(bits(relu(-0.0F)), bits(-0.0F));  // is not below 0
  EXPECT_EQ(relu(__builtin_inff()), __builtin_inff());
  EXPECT_EQ(relu(-__builtin_inff()), 0.0F);
  EXPECT_TRUE(std::isnan(relu(__builtin_nanf(""))));
  EXPECT_TRUE(std::isnan(activate(Activation::relu, __builtin_nan(""))));
}

TEST(Slope, OfReluIsOneAboveZeroOnly) {
  EXPECT_EQ(slope(Activation::relu, 0x1p-149F), 1.0F);
  EXPECT_EQ(slope(Activation::relu, 7.0F), 1.0F);
  EXPECT_EQ(slope(Activation::relu, 0.0F), 0.0F);
  EXPECT_EQ(slope(Activation::relu, -0.0F), 0.0F);
  EXPECT_EQ(slope(Activation::relu, __builtin_nanf("")), 0.0F);
}

TEST(Slope, OfTanhIsOneMinusItsSquare) {
  EXPECT_EQ(slope(Activation::tanh, 0.0F), 1.0F);
  EXPECT_EQ(slope(Activation::tanh, 0.5F), 0.75F);
  EXPECT_EQ(slope(Activation::tanh, -1.0F), 0.0F);
  EXPECT_TRUE(std::isnan(slope(Activation::tanh, __builtin_nanf(""))));
}

}  // namespace
}  // namespace ppo
