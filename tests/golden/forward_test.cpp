// Forward pass of both networks and the policy's distribution, against JAX in float64.
#include "golden/golden_params.hpp"
#include "ppo/categorical.hpp"

namespace ppo {
namespace {

using golden::Json;

constexpr int O = 4;
constexpr int A = 2;

template <class Real>
class GoldenForward : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenForward, golden::Reals, golden::RealName);

TYPED_TEST(GoldenForward, LogitsValuesAndDistribution) {
  using Real = TypeParam;
  using Net = Layout<O, A, 64>;
  const Json file = golden::read("ppo/forward.json");
  const std::vector<Real> params = golden::flatten<Net, Real>(file.at("params"));
  const std::vector<Real> obs = golden::numbers<Real>(file.at("obs"));
  std::vector<Real> all_logits, all_logp, all_values, all_entropies;
  for (std::size_t i = 0; i < obs.size(); i += O) {
    Activations<typename Net::Actor, Real> actor;
    Activations<typename Net::Critic, Real> critic;
    Real logits[A];
    Real value;
    forward(params.data() + Net::actor, obs.data() + i, actor, logits);
    forward(params.data() + Net::critic, obs.data() + i, critic, &value);
    const auto policy = categorical<A>(static_cast<const Real*>(logits));
    all_logits.insert(all_logits.end(), logits, logits + A);
    all_logp.insert(all_logp.end(), policy.logp, policy.logp + A);
    all_values.push_back(value);
    all_entropies.push_back(entropy(policy));
  }
  golden::expect_close(file, "logits", all_logits, golden::numbers(file.at("logits")));
  golden::expect_close(file, "logp", all_logp, golden::numbers(file.at("logp")));
  golden::expect_close(file, "value", all_values, golden::numbers(file.at("value")));
  golden::expect_close(file, "entropy", all_entropies, golden::numbers(file.at("entropy")));
}

TYPED_TEST(GoldenForward, ExtremeLogits) {
  using Real = TypeParam;
  const Json file = golden::read("ppo/forward.json");
  const Json& extreme = file.at("extreme");
  const std::vector<Real> logits = golden::numbers<Real>(extreme.at("logits"));
  std::vector<Real> all_logp, all_entropies;
  for (std::size_t i = 0; i < logits.size(); i += A) {
    const auto policy = categorical<A>(logits.data() + i);
    all_logp.insert(all_logp.end(), policy.logp, policy.logp + A);
    all_entropies.push_back(entropy(policy));
  }
  golden::expect_close(file, "extreme.logp", all_logp, golden::numbers(extreme.at("logp")));
  golden::expect_close(file, "extreme.entropy", all_entropies, golden::numbers(extreme.at("entropy")));
}

}  // namespace
}  // namespace ppo
