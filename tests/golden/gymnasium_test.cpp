// CartPole's single steps as Gymnasium 1.4.0 computes them in float64.
#include "golden/golden_file.hpp"
#include "ppo/env/cartpole.hpp"

namespace ppo {
namespace {

using golden::Json;

template <class Real>
class GoldenCartPole : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenCartPole, golden::Reals, golden::RealName);

TYPED_TEST(GoldenCartPole, SingleStepsAgreeWithGymnasium) {
  using Real = TypeParam;
  using Env = BasicCartPole<Real>;
  // One step adds tau times an acceleration of at most some 50 to each number: a few roundings of size 2^-24
  // (float) or 2^-53 (double), of the same formula in the same order.
  const double tolerance = std::is_same_v<Real, float> ? 1e-6 : 2e-15;
  const Json file = golden::read_or_own("gymnasium_1.4.0_single_steps.json");
  const Json& steps = file.at("CartPole-v1");
  ASSERT_FALSE(steps.empty());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    SCOPED_TRACE(i);
    const Json& step = steps[i];
    const std::vector<Real> before = golden::numbers<Real>(step.at("s"));
    const std::vector<double> after = golden::numbers(step.at("ns"));
    const std::vector<double> obs = golden::numbers(step.at("obs"));
    typename Env::State state{before[0], before[1], before[2], before[3]};
    Draws unused(DrawKey{}, Purpose::environment);
    const Transition<Real> transition = Env::step(state, step.at("a").get<int>(), unused);
    Real seen[Env::kObservationSize];
    Env::observe(state, seen);
    for (std::size_t k = 0; k < after.size(); ++k) {
      EXPECT_NEAR(static_cast<double>(seen[k]), after[k], tolerance * std::max(1.0, std::abs(after[k])))
          << "number " << k;
      EXPECT_NEAR(static_cast<double>(seen[k]), obs[k], 1e-6 * std::max(1.0, std::abs(obs[k])));
    }
    EXPECT_EQ(static_cast<double>(transition.reward), step.at("r").get<double>());
    EXPECT_EQ(transition.terminated, step.at("t").get<bool>());
  }
}

}  // namespace
}  // namespace ppo
