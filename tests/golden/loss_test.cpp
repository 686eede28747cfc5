// Loss and all gradients of one minibatch, with every clip branch, against another implementation in float64.
// A golden sample's return is independent of its advantage, which the stages never see (there it is advantage
// + value): this goes through add_sample, in leaves as the contract sums them.
#include "golden/golden_networks.hpp"
#include "ppo/gradient.hpp"

namespace ppo {
namespace {

using golden::Json;
using golden::Tensor;

/// Mean gradient [Layout::size] and mean loss terms behind it.
template <class Networks, class Real>
std::vector<Real> mean_gradient(const Json& file, bool clip_vloss) {
  using Net = typename Networks::Net;
  const Json& hyper = file.at("hyper");
  const LossCoefs<Real> coefs{static_cast<Real>(hyper.at("clip_coef").get<double>()),
                              static_cast<Real>(hyper.at("ent_coef").get<double>()),
                              static_cast<Real>(hyper.at("vf_coef").get<double>()), clip_vloss};
  const std::vector<Real> params = golden::flatten<Net, Real>(file.at("params"));
  const std::vector<int> action = file.at("act").get<std::vector<int>>();
  const std::size_t M = action.size();
  const std::vector<Real> obs = golden::numbers<Real>(file.at("obs"), M * Networks::O);
  const std::vector<Real> logp = golden::numbers<Real>(file.at("logp_old"), M);
  const std::vector<Real> value = golden::numbers<Real>(file.at("val_old"), M);
  const std::vector<Real> advantage = golden::numbers<Real>(file.at("adv"), M);
  const std::vector<Real> ret = golden::numbers<Real>(file.at("ret"), M);

  constexpr std::size_t kSums = GradientSums<Net>::size;
  const auto leaf_size = static_cast<std::size_t>(leaf_samples(static_cast<std::int64_t>(M)));
  std::vector<Real> sums(kSums);
  for (std::size_t begin = 0; begin < M; begin += leaf_size) {
    std::vector<Real> leaf(kSums);
    for (std::size_t i = begin; i < std::min(begin + leaf_size, M); ++i) {
      const Sample<Real> sample{action[i], logp[i], value[i], advantage[i], ret[i]};
      add_sample<Net, Networks::A>(params.data(), coefs, obs.data() + i * Networks::O, sample, leaf.data());
    }
    for (std::size_t p = 0; p < kSums; ++p) sums[p] += leaf[p];
  }
  for (Real& sum : sums) sum /= static_cast<Real>(M);
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

template <class Net, class Real>
void expect_losses(const Json& file, const Json& want, const std::vector<Real>& got) {
  const Json& hyper = file.at("hyper");
  const Real* terms = got.data() + Net::size;
  const double total = static_cast<double>(terms[kPolicyTerm]) +
                       hyper.at("vf_coef").get<double>() * static_cast<double>(terms[kValueTerm]) -
                       hyper.at("ent_coef").get<double>() * static_cast<double>(terms[kEntropyTerm]);
  const double norm = l2_norm(std::span(got).first(Net::size));
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
template <class Net, class Real>
void expect_ratio_statistics(const Json& file, const std::vector<Real>& got) {
  const Json& stated = file.at("doc").at("tolerance");
  const double clip_coef = file.at("hyper").at("clip_coef").get<double>();
  const bool is_float = std::is_same_v<Real, float>;
  const double rounding = is_float ? 0x1p-22 : 0x1p-51;  // two ulps
  double kl = 0, kl_error = 0, clipped = 0, undecided = 0;
  const std::vector<double> ratios = golden::numbers(file.at("ratio"), file.at("act").size());
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
  EXPECT_NEAR(static_cast<double>(got[Net::size + kApproxKlTerm]), kl / count, kl_error / count);
  EXPECT_NEAR(static_cast<double>(got[Net::size + kClipFractionTerm]), clipped / count,
              undecided / count + rounding);
}

/// A gradient that the file states whole.
template <class Real>
void expect_gradient(const Json& file, const std::string& name, const std::vector<Real>& grad,
                     const Json& want, double scale) {
  golden::expect_close(file, name, grad, golden::numbers(want), scale);
}

/// One that it states at some places, with the sum and the norm of all.
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

template <class Networks, class Real>
void expect_cases(const Json& file) {
  using Net = typename Networks::Net;
  ASSERT_FALSE(file.at("cases").empty());
  for (const Json& want : file.at("cases")) {
    const bool clip_vloss = want.at("clip_vloss").get<bool>();
    SCOPED_TRACE(clip_vloss ? "with value clipping" : "without value clipping");
    const std::vector<Real> got = mean_gradient<Networks, Real>(file, clip_vloss);
    expect_losses<Net>(file, want, got);
    expect_ratio_statistics<Net>(file, got);
    // Small tensors are sums of what makes up the large ones: all are as close as the largest entry allows.
    const double scale = golden::largest(std::vector<double>(got.begin(), got.begin() + Net::size));
    for (const Tensor& tensor : golden::tensors<Net>()) {
      const Json& stated = want.at("grads").at(tensor.name);
      const auto expect = stated.is_array() ? expect_gradient<Real> : expect_sampled_gradient<Real>;
      expect(file, "grads." + tensor.name, golden::slice(got, tensor), stated, scale);
    }
  }
}

template <class Real>
class GoldenLoss : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenLoss, golden::Reals, golden::RealName);

TYPED_TEST(GoldenLoss, AllGradientsWithHidden8) {
  const Json file = golden::read("ppo/loss_grad_h8.json");
  golden::with_networks(file.at("params"),
                        [&]<class Networks>(Networks) { expect_cases<Networks, TypeParam>(file); });
}

TYPED_TEST(GoldenLoss, SampledGradientsWithHidden64) {
  const Json file = golden::read("ppo/loss_grad_h64.json");
  golden::with_networks(file.at("params"),
                        [&]<class Networks>(Networks) { expect_cases<Networks, TypeParam>(file); });
}

}  // namespace
}  // namespace ppo
