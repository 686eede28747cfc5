// Loss and all gradients of one minibatch, with every clip branch, against JAX in float64. A golden sample's
// return is independent of its advantage, which the stages never see (there it is advantage + value): this
// goes through add_sample, in leaves as the contract sums them.
#include "golden/golden_params.hpp"
#include "ppo/gradient.hpp"

namespace ppo {
namespace {

using golden::Json;
using golden::Tensor;

constexpr int O = 4;
constexpr int A = 2;

/// Mean gradient [Layout::size] and mean loss terms behind it.
template <class Net, class Real>
std::vector<Real> mean_gradient(const Json& file, bool clip_vloss) {
  const Json& hyper = file.at("hyper");
  const LossCoefs<Real> coefs{static_cast<Real>(hyper.at("clip_coef").get<double>()),
                              static_cast<Real>(hyper.at("ent_coef").get<double>()),
                              static_cast<Real>(hyper.at("vf_coef").get<double>()), clip_vloss};
  const std::vector<Real> params = golden::flatten<Net, Real>(file.at("params"));
  const std::vector<Real> obs = golden::numbers<Real>(file.at("obs"));
  const std::vector<Real> logp = golden::numbers<Real>(file.at("logp_old"));
  const std::vector<Real> value = golden::numbers<Real>(file.at("val_old"));
  const std::vector<Real> advantage = golden::numbers<Real>(file.at("adv"));
  const std::vector<Real> ret = golden::numbers<Real>(file.at("ret"));
  const std::vector<int> action = file.at("act").get<std::vector<int>>();

  constexpr std::size_t kSums = GradientSums<Net>::size;
  const auto leaf_size = static_cast<std::size_t>(leaf_samples(static_cast<std::int64_t>(action.size())));
  std::vector<Real> sums(kSums);
  for (std::size_t begin = 0; begin < action.size(); begin += leaf_size) {
    std::vector<Real> leaf(kSums);
    for (std::size_t i = begin; i < std::min(begin + leaf_size, action.size()); ++i) {
      const Sample<Real> sample{action[i], logp[i], value[i], advantage[i], ret[i]};
      add_sample<Net, A>(params.data(), coefs, obs.data() + i * O, sample, leaf.data());
    }
    for (std::size_t p = 0; p < kSums; ++p) sums[p] += leaf[p];
  }
  for (Real& sum : sums) sum /= static_cast<Real>(action.size());
  return sums;
}

template <class Net, class Real>
void expect_losses(const Json& file, const Json& want, const std::vector<Real>& got) {
  const Json& hyper = file.at("hyper");
  const Real* terms = got.data() + Net::size;
  const Real total = terms[kPolicyTerm] +
                     static_cast<Real>(hyper.at("vf_coef").get<double>()) * terms[kValueTerm] -
                     static_cast<Real>(hyper.at("ent_coef").get<double>()) * terms[kEntropyTerm];
  Real square = 0;
  for (int p = 0; p < Net::size; ++p)
    square += got[static_cast<std::size_t>(p)] * got[static_cast<std::size_t>(p)];
  golden::expect_close(file, "loss_actor", terms[kPolicyTerm], want.at("loss_actor"));
  golden::expect_close(file, "loss_critic", terms[kValueTerm], want.at("loss_critic"));
  golden::expect_close(file, "entropy", terms[kEntropyTerm], want.at("entropy"));
  golden::expect_close(file, "total", total, want.at("total"), 1.0);
  golden::expect_close(file, "grad_norm", static_cast<Real>(std::sqrt(square)), want.at("grad_norm"));
}

/// KL and clip fraction are not in the file, but follow from its ratios.
template <class Net, class Real>
void expect_ratio_statistics(const Json& file, const std::vector<Real>& got) {
  double kl = 0;
  double clipped = 0;
  const std::vector<double> ratios = golden::numbers(file.at("ratio"));
  for (const double ratio : ratios) {
    kl += ratio - 1 - std::log(ratio);
    clipped += std::abs(ratio - 1) > file.at("hyper").at("clip_coef").get<double>() ? 1 : 0;
  }
  const auto count = static_cast<double>(ratios.size());
  const double tolerance = std::is_same_v<Real, float> ? 1e-6 : 1e-12;
  EXPECT_NEAR(static_cast<double>(got[Net::size + kApproxKlTerm]), kl / count, tolerance);
  EXPECT_NEAR(static_cast<double>(got[Net::size + kClipFractionTerm]), clipped / count, tolerance);
}

template <class Real>
class GoldenLoss : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenLoss, golden::Reals, golden::RealName);

TYPED_TEST(GoldenLoss, AllGradientsWithHidden8) {
  using Net = Layout<O, A, 8>;
  const Json file = golden::read("ppo/loss_grad_h8.json");
  ASSERT_EQ(file.at("cases").size(), 2U);
  for (const Json& want : file.at("cases")) {
    const bool clip_vloss = want.at("clip_vloss").get<bool>();
    SCOPED_TRACE(clip_vloss ? "with value clipping" : "without value clipping");
    const std::vector<TypeParam> got = mean_gradient<Net, TypeParam>(file, clip_vloss);
    expect_losses<Net>(file, want, got);
    expect_ratio_statistics<Net>(file, got);
    for (const Tensor& tensor : golden::tensors<Net>()) {
      golden::expect_close(file, "grads." + tensor.name, golden::slice(got, tensor),
                           golden::numbers(want.at("grads").at(tensor.name)));
    }
  }
}

TYPED_TEST(GoldenLoss, SampledGradientsWithHidden64) {
  using Net = Layout<O, A, 64>;
  const Json file = golden::read("ppo/loss_grad_h64.json");
  ASSERT_EQ(file.at("cases").size(), 2U);
  for (const Json& want : file.at("cases")) {
    const bool clip_vloss = want.at("clip_vloss").get<bool>();
    SCOPED_TRACE(clip_vloss ? "with value clipping" : "without value clipping");
    const std::vector<TypeParam> got = mean_gradient<Net, TypeParam>(file, clip_vloss);
    expect_losses<Net>(file, want, got);
    expect_ratio_statistics<Net>(file, got);
    for (const Tensor& tensor : golden::tensors<Net>()) {
      const std::vector<TypeParam> grad = golden::slice(got, tensor);
      const Json& stated = want.at("grads").at(tensor.name);
      std::vector<TypeParam> picked;
      for (const Json& index : stated.at("index")) picked.push_back(grad.at(index.get<std::size_t>()));
      double sum = 0;
      double square = 0;
      for (const TypeParam entry : grad) {
        sum += static_cast<double>(entry);
        square += static_cast<double>(entry) * static_cast<double>(entry);
      }
      const std::string name = "grads." + tensor.name;
      golden::expect_close(file, name + ".value", picked, golden::numbers(stated.at("value")));
      // Entries of size l2 cancel in the sum, so that its error is one of theirs.
      const double scale = std::sqrt(static_cast<double>(tensor.size) * square);
      golden::expect_close(file, name + ".sum", static_cast<TypeParam>(sum), stated.at("sum"), scale);
      golden::expect_close(file, name + ".l2", static_cast<TypeParam>(std::sqrt(square)), stated.at("l2"));
    }
  }
}

}  // namespace
}  // namespace ppo
