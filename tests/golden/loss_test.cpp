// Loss and all gradients of one minibatch, with every clip branch, against another implementation in float64.
// A golden sample's return is independent of its advantage, which the stages never see (there it is advantage
// + value): this goes through add_sample, in leaves as the contract sums them.
#include "golden/golden_networks.hpp"
#include "ppo/gradient.hpp"

namespace ppo {
namespace {

using golden::Json;
using golden::Tensor;

/// A file's samples in one precision.
template <class Head, class Real>
struct Batch {
  explicit Batch(const Json& file)
      : layout(golden::layout_of(file.at("params"))),
        params(golden::flatten<Real>(layout, file.at("params"))),
        M(file.at("adv").size()),
        obs(golden::numbers<Real>(file.at("obs"), M * static_cast<std::size_t>(layout.O))),
        action(golden::numbers<Real>(file.at("act"), M * Head::kNumbers)),
        logp(golden::numbers<Real>(file.at("logp_old"), M)),
        value(golden::numbers<Real>(file.at("val_old"), M)),
        advantage(golden::numbers<Real>(file.at("adv"), M)),
        ret(golden::numbers<Real>(file.at("ret"), M)) {}

  const Real* obs_of(std::size_t i) const { return obs.data() + i * static_cast<std::size_t>(layout.O); }
  const Real* action_of(std::size_t i) const { return action.data() + i * Head::kNumbers; }

  Sample<Real, Head::kNumbers> sample(std::size_t i) const {
    Sample<Real, Head::kNumbers> sample{{}, logp[i], value[i], advantage[i], ret[i]};
    std::copy_n(action_of(i), Head::kNumbers, sample.action);
    return sample;
  }

  Layout layout;
  std::vector<Real> params;
  std::size_t M;
  std::vector<Real> obs, action, logp, value, advantage, ret;
};

/// What a file states of each sample.
template <class Head, class Real>
void expect_samples(const Json& file) {
  const Batch<Head, Real> batch(file);
  const Layout& layout = batch.layout;
  const Real* params = batch.params.data();
  std::vector<Real> means, logps, ratios, values;
  for (std::size_t i = 0; i < batch.M; ++i) {
    Activations<Real> unused;
    Real outputs[Head::kOutputs];
    forward(layout.actor(), Activation::tanh, params, batch.obs_of(i), unused, outputs);
    const auto policy = Head::policy(static_cast<const Real*>(outputs), params + layout.extra_begin());
    means.insert(means.end(), outputs, outputs + Head::kOutputs);
    logps.push_back(Head::log_prob(policy, batch.action_of(i)));
    ratios.push_back(exp(logps.back() - batch.logp[i]));
    forward(layout.critic(), Activation::tanh, params + layout.critic_begin(), batch.obs_of(i), unused,
            &values.emplace_back());
  }
  golden::expect_close(file, "ratio", ratios, golden::numbers(file.at("ratio")));
  golden::expect_close(file, "value", values, golden::numbers(file.at("value")));
  if (!file.contains("mean")) return;
  golden::expect_close(file, "mean", means, golden::numbers(file.at("mean")));
  golden::expect_close(file, "logp", logps, golden::numbers(file.at("logp")));
}

/// Mean gradient [P] and mean loss terms behind it.
template <class Head, class Real>
std::vector<Real> mean_gradient(const Json& file, bool clip_vloss) {
  const Json& hyper = file.at("hyper");
  const LossCoefs<Real> coefs{static_cast<Real>(hyper.at("clip_coef").get<double>()),
                              static_cast<Real>(hyper.at("ent_coef").get<double>()),
                              static_cast<Real>(hyper.at("vf_coef").get<double>()), clip_vloss};
  const Batch<Head, Real> batch(file);
  const auto leaf_size = static_cast<std::size_t>(leaf_samples(static_cast<std::int64_t>(batch.M)));
  std::vector<Real> sums(static_cast<std::size_t>(sums_size(batch.layout)));
  for (std::size_t begin = 0; begin < batch.M; begin += leaf_size) {
    std::vector<Real> leaf(sums.size());
    for (std::size_t i = begin; i < std::min(begin + leaf_size, batch.M); ++i) {
      add_sample<Head>(batch.layout, Activation::tanh, batch.params.data(), coefs, batch.obs_of(i),
                       batch.sample(i), leaf.data());
    }
    for (std::size_t p = 0; p < sums.size(); ++p) sums[p] += leaf[p];
  }
  for (Real& sum : sums) sum /= static_cast<Real>(batch.M);
  return sums;
}

/// Added up in double: a plain sum of some thousand squares in float is off by more than the files allow, and
/// says nothing of the gradient.
template <class Real>
double l2_norm(std::span<const Real> grad) {
  double square = 0;
  for (const Real entry : grad) square += static_cast<double>(entry) * static_cast<double>(entry);
  return std::sqrt(square);
}

template <class Real>
void expect_losses(const Json& file, const Json& want, std::span<const Real> grad, const Real* terms) {
  const Json& hyper = file.at("hyper");
  const double total = static_cast<double>(terms[kPolicyTerm]) +
                       hyper.at("vf_coef").get<double>() * static_cast<double>(terms[kValueTerm]) -
                       hyper.at("ent_coef").get<double>() * static_cast<double>(terms[kEntropyTerm]);
  const double norm = l2_norm(grad);
  // Terms of size 1 cancel in each, so that a small one is no closer than a large one.
  const auto expect = [&](const std::string& name, Real loss) {
    golden::expect_close(file, name, loss, want.at(name),
                         std::max(1.0, std::abs(want.at(name).get<double>())));
  };
  expect("loss_actor", terms[kPolicyTerm]);
  expect("loss_critic", terms[kValueTerm]);
  expect("entropy", terms[kEntropyTerm]);
  expect("total", static_cast<Real>(total));
  expect("grad_norm", static_cast<Real>(norm));
}

/// KL and clip fraction are not in the file, but follow from its ratios, and their tolerances from that of a
/// ratio: KL's derivative by it is 1 - 1 / ratio, and a ratio that may lie on either side of the limit may
/// count or not. The rest is the rounding of a mean of terms of about that size.
template <class Real>
void expect_ratio_statistics(const Json& file, const Real* terms) {
  const Json& stated = file.at("doc").at("tolerance");
  const double clip_coef = file.at("hyper").at("clip_coef").get<double>();
  const bool is_float = std::is_same_v<Real, float>;
  const double rounding = is_float ? 0x1p-22 : 0x1p-51;  // two ulps
  double kl = 0, kl_error = 0, clipped = 0, undecided = 0;
  const std::vector<double> ratios = golden::numbers(file.at("ratio"), file.at("adv").size());
  for (const double ratio : ratios) {
    const double error =
        is_float ? stated.at("atol").at("ratio").get<double>() + stated.at("rtol").get<double>() * ratio
                 : golden::kDoubleAgreement * golden::largest(ratios);
    const double beyond = std::abs(ratio - 1) - clip_coef;
    kl += ratio - 1 - std::log(ratio);
    kl_error += error * std::abs(1 - 1 / ratio) + rounding * (ratio + 1);
    clipped += beyond > 0 ? 1 : 0;
    undecided += std::abs(beyond) <= error ? 1 : 0;
  }
  const auto count = static_cast<double>(ratios.size());
  EXPECT_NEAR(static_cast<double>(terms[kApproxKlTerm]), kl / count, kl_error / count);
  EXPECT_NEAR(static_cast<double>(terms[kClipFractionTerm]), clipped / count, undecided / count + rounding);
}

/// A gradient that the file states at some places, with the sum and the norm of all.
template <class Real>
void expect_sampled_gradient(const Json& file, const std::string& name, const std::vector<Real>& grad,
                             const Json& want, double scale) {
  std::vector<Real> picked;
  for (const Json& index : want.at("index")) picked.push_back(grad.at(index.get<std::size_t>()));
  golden::expect_close(file, name + ".value", picked, golden::numbers(want.at("value")), scale);
  double sum = 0;
  for (const Real entry : grad) sum += static_cast<double>(entry);
  // The errors of n entries add up to n times one at most; their norm's to sqrt(n) times.
  const auto size = static_cast<double>(grad.size());
  golden::expect_close(file, name + ".sum", static_cast<Real>(sum), want.at("sum"), size * scale);
  golden::expect_close(file, name + ".l2", static_cast<Real>(l2_norm(std::span<const Real>(grad))),
                       want.at("l2"), std::sqrt(size) * scale);
}

template <class Head, class Real>
void expect_cases(const Json& file) {
  const Layout layout = golden::layout_of(file.at("params"));
  ASSERT_FALSE(file.at("cases").empty());
  for (const Json& want : file.at("cases")) {
    const bool clip_vloss = want.at("clip_vloss").get<bool>();
    SCOPED_TRACE(clip_vloss ? "with value clipping" : "without value clipping");
    const std::vector<Real> got = mean_gradient<Head, Real>(file, clip_vloss);
    const auto grad = std::span(got).first(static_cast<std::size_t>(layout.size()));
    expect_losses<Real>(file, want, grad, got.data() + layout.size());
    expect_ratio_statistics(file, got.data() + layout.size());
    // Small tensors are sums of what makes up the large ones: all are as close as the largest entry allows.
    const double scale = golden::largest(std::vector<double>(grad.begin(), grad.end()));
    for (const Tensor& tensor : golden::tensors(layout)) {
      const Json& stated = want.at("grads").at(tensor.name);
      const std::string name = "grads." + tensor.name;
      if (stated.is_array()) {
        golden::expect_close(file, name, golden::slice(got, tensor), golden::numbers(stated), scale);
      } else {
        expect_sampled_gradient(file, name, golden::slice(got, tensor), stated, scale);
      }
    }
  }
}

template <class Real>
class GoldenLoss : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenLoss, golden::Reals, golden::RealName);

template <template <int> class Head, class Real>
void expect_file(const std::string& name) {
  const Json file = golden::read("ppo/" + name + ".json");
  golden::with_head<Head>(golden::layout_of(file.at("params")).outputs, [&]<class Sized>() {
    expect_samples<Sized, Real>(file);
    expect_cases<Sized, Real>(file);
  });
}

TYPED_TEST(GoldenLoss, AllGradientsWithHidden8) {
  expect_file<CategoricalHead, TypeParam>("loss_grad_h8");
}

TYPED_TEST(GoldenLoss, SampledGradientsWithHidden64) {
  expect_file<CategoricalHead, TypeParam>("loss_grad_h64");
}

TYPED_TEST(GoldenLoss, AllGradientsOfAGaussianPolicy) {
  expect_file<GaussianHead, TypeParam>("loss_grad_gaussian");
}

}  // namespace
}  // namespace ppo
