// Forward pass of both networks and the policy's distribution, against another implementation in float64.
#include "golden/golden_networks.hpp"
#include "ppo/categorical.hpp"

namespace ppo {
namespace {

using golden::Json;

template <class Networks, class Real>
void expect_outputs(const Json& file) {
  using Net = typename Networks::Net;
  const std::vector<Real> params = golden::flatten<Net, Real>(file.at("params"));
  const std::vector<Real> obs = golden::numbers<Real>(file.at("obs"), file.at("value").size() * Networks::O);
  std::vector<Real> all_logits, all_logp, all_values, all_entropies;
  for (std::size_t i = 0; i < obs.size(); i += Networks::O) {
    Activations<typename Net::Actor, Real> actor;
    Activations<typename Net::Critic, Real> critic;
    Real logits[Networks::A];
    Real value;
    forward(params.data() + Net::actor, obs.data() + i, actor, logits);
    forward(params.data() + Net::critic, obs.data() + i, critic, &value);
    const auto policy = categorical<Networks::A>(static_cast<const Real*>(logits));
    all_logits.insert(all_logits.end(), logits, logits + Networks::A);
    all_logp.insert(all_logp.end(), policy.logp, policy.logp + Networks::A);
    all_values.push_back(value);
    all_entropies.push_back(entropy(policy));
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
    const auto policy = categorical<A>(logits.data() + i);
    all_logp.insert(all_logp.end(), policy.logp, policy.logp + A);
    all_entropies.push_back(entropy(policy));
  }
  golden::expect_close(file, "extreme.logp", all_logp, golden::numbers(extreme.at("logp")));
  golden::expect_close(file, "extreme.entropy", all_entropies, golden::numbers(extreme.at("entropy")));
}

template <class Real>
class GoldenForward : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenForward, golden::Reals, golden::RealName);

TYPED_TEST(GoldenForward, LogitsValuesAndDistribution) {
  const Json file = golden::read("ppo/forward.json");
  golden::with_networks(file.at("params"),
                        [&]<class Networks>(Networks) { expect_outputs<Networks, TypeParam>(file); });
}

TYPED_TEST(GoldenForward, ExtremeLogits) {
  const Json file = golden::read("ppo/forward.json");
  golden::with_networks(file.at("params"),
                        [&]<class Networks>(Networks) { expect_extremes<Networks::A, TypeParam>(file); });
}

}  // namespace
}  // namespace ppo
