// Forward pass of both networks and the policy's distribution, against another implementation in float64.
#include "golden/golden_networks.hpp"

namespace ppo {
namespace {

using golden::Json;

template <int A, class Real>
void append_distribution(const Real* logits, std::vector<Real>& logp, std::vector<Real>& entropies) {
  const auto policy = categorical<A>(logits);
  logp.insert(logp.end(), policy.logp, policy.logp + A);
  entropies.push_back(entropy(policy));
}

template <int A, class Real>
void expect_outputs(const Json& file, const Layout& layout) {
  const std::vector<Real> params = golden::flatten<Real>(layout, file.at("params"));
  const auto O = static_cast<std::size_t>(layout.O);
  const std::vector<Real> obs = golden::numbers<Real>(file.at("obs"), file.at("value").size() * O);
  std::vector<Real> all_logits, all_logp, all_values, all_entropies;
  for (std::size_t i = 0; i < obs.size(); i += O) {
    Activations<Real> unused;
    Real logits[A];
    Real value;
    forward(layout.actor(), Activation::tanh, params.data(), obs.data() + i, unused, logits);
    forward(layout.critic(), Activation::tanh, params.data() + layout.critic_begin(), obs.data() + i, unused,
            &value);
    all_logits.insert(all_logits.end(), logits, logits + A);
    append_distribution<A>(static_cast<const Real*>(logits), all_logp, all_entropies);
    all_values.push_back(value);
  }
  golden::expect_close(file, "logits", all_logits, golden::numbers(file.at("logits")));
  golden::expect_close(file, "logp", all_logp, golden::numbers(file.at("logp")));
  golden::expect_close(file, "value", all_values, golden::numbers(file.at("value")));
  golden::expect_close(file, "entropy", all_entropies, golden::numbers(file.at("entropy")));
}

template <int A, class Real>
void expect_extremes(const Json& file) {
  const Json& extreme = file.at("extreme");
  const std::vector<Real> logits =
      golden::numbers<Real>(extreme.at("logits"), extreme.at("entropy").size() * A);
  std::vector<Real> all_logp, all_entropies;
  for (std::size_t i = 0; i < logits.size(); i += A) {
    append_distribution<A>(logits.data() + i, all_logp, all_entropies);
  }
  golden::expect_close(file, "extreme.logp", all_logp, golden::numbers(extreme.at("logp")));
  golden::expect_close(file, "extreme.entropy", all_entropies, golden::numbers(extreme.at("entropy")));
}

template <class Real>
class GoldenForward : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenForward, golden::Reals, golden::RealName);

TYPED_TEST(GoldenForward, LogitsValuesAndDistribution) {
  const Json file = golden::read("ppo/forward.json");
  const Layout layout = golden::layout_of(file.at("params"));
  golden::with_head<CategoricalHead>(
      layout.outputs, [&]<class Head>() { expect_outputs<Head::kOutputs, TypeParam>(file, layout); });
}

TYPED_TEST(GoldenForward, ExtremeLogits) {
  const Json file = golden::read("ppo/forward.json");
  golden::with_head<CategoricalHead>(golden::layout_of(file.at("params")).outputs,
                                     [&]<class Head>() { expect_extremes<Head::kOutputs, TypeParam>(file); });
}

}  // namespace
}  // namespace ppo
