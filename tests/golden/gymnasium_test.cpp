// Single steps of the classic control environments as Gymnasium 1.4.0 computes them in float64.
#include <cstring>

#include "golden/golden_file.hpp"
#include "ppo/env/acrobot.hpp"
#include "ppo/env/cartpole.hpp"
#include "ppo/env/mountain_car.hpp"
#include "ppo/env/mountain_car_continuous.hpp"
#include "ppo/env/pendulum.hpp"

namespace ppo {
namespace {

using golden::Json;

/// How the steps of an environment compare.
struct Steps {
  const char* key;          // in the file
  std::size_t angles = 0;   // the first numbers of the state, which are equal if whole turns apart
  double roundings = 2;     // see expect_steps
  double term = 1;          // size of the terms that are added up
  bool in_float32 = false;  // Gymnasium itself rounds to float32
};

/// What a step gives.
struct Outcome {
  std::vector<double> numbers;  // the state, the observation, the reward
  bool terminated;
};

template <class Env, class Real>
Outcome outcome(const std::vector<double>& before, double action) {
  typename Env::State state{};
  const std::vector<Real> numbers(before.begin(), before.end());
  static_assert(std::is_trivially_copyable_v<typename Env::State> && sizeof(state) % sizeof(Real) == 0);
  EXPECT_LE(numbers.size() * sizeof(Real), sizeof(state));
  std::memcpy(&state, numbers.data(), numbers.size() * sizeof(Real));  // a state is numbers of this type
  Draws unused(DrawKey{}, Purpose::environment);
  Transition<Real> transition;
  if constexpr (requires { Env::action_range(0); }) {
    const auto force = static_cast<Real>(action);
    transition = Env::step(state, &force, unused);
  } else {
    transition = Env::step(state, static_cast<int>(action), unused);
  }
  std::vector<Real> after(numbers.size());
  std::memcpy(after.data(), &state, after.size() * sizeof(Real));
  Real obs[Env::kObservationSize];
  Env::observe(state, obs);
  Outcome result{{after.begin(), after.end()}, transition.terminated};
  result.numbers.insert(result.numbers.end(), std::begin(obs), std::end(obs));
  result.numbers.push_back(static_cast<double>(transition.reward));
  return result;
}

std::vector<double> differences(const Steps& steps, const std::vector<double>& a,
                                const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double difference = a[k] - b[k];
    result[k] = std::abs(k < steps.angles ? std::remainder(difference, 2 * kPi<double>) : difference);
  }
  return result;
}

/// How much a relative change of 1 of every number of the state before the step changes each number after it,
/// by small changes in double.
template <class Env>
std::vector<double> magnified(const Steps& steps, const std::vector<double>& before, double action) {
  constexpr double kShare = 0x1p-26;
  const std::vector<double> plain = outcome<Env, double>(before, action).numbers;
  std::vector<double> sum(plain.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    std::vector<double> changed = before;
    changed[i] *= 1 + kShare;
    const auto shift = differences(steps, outcome<Env, double>(changed, action).numbers, plain);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += shift[k] / kShare;
  }
  return sum;
}

/// The state before a step is rounded when it becomes float, and the step magnifies that: a hundredfold in
/// Acrobot, when it spins fast. Roundings within the step are magnified likewise, or by less. So each number
/// may be off by as much as if the state had been rounded `roundings` times before the step, and the number
/// itself, or a term of it where that is more, as often behind it. The same holds in double with its
/// own rounding. Observations are float32 in the file, which adds a rounding of them.
template <template <class> class Env, class Real>
void expect_steps(const Steps& steps) {
  constexpr double kFloat = 0x1p-24;
  const double rounding = std::is_same_v<Real, float> || steps.in_float32 ? kFloat : 0x1p-53;
  const Json file = golden::read_or_own("gymnasium_1.4.0_single_steps.json");
  const Json& all = file.at(steps.key);
  ASSERT_FALSE(all.empty());
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(i);
    const Json& step = all[i];
    const std::vector<double> before = golden::numbers(step.at("s"));
    const double action = step.at("a").get<double>();
    std::vector<double> want = golden::numbers(step.at("ns"));
    const std::size_t state_size = want.size();
    const std::vector<double> obs = golden::numbers(step.at("obs"));
    want.insert(want.end(), obs.begin(), obs.end());
    want.push_back(step.at("r").get<double>());

    const Outcome got = outcome<Env<Real>, Real>(before, action);
    ASSERT_EQ(got.numbers.size(), want.size());
    const std::vector<double> error = differences(steps, got.numbers, want);
    const std::vector<double> magnification = magnified<Env<double>>(steps, before, action);
    for (std::size_t k = 0; k < want.size(); ++k) {
      const double scale = magnification[k] + std::max(steps.term, std::abs(want[k]));
      const bool in_obs = k >= state_size && k + 1 < want.size();
      const double bound = steps.roundings * rounding * scale + (in_obs ? kFloat * std::abs(want[k]) : 0.0);
      EXPECT_LE(error[k], bound) << "number " << k << ": got " << got.numbers[k] << ", want " << want[k];
    }
    EXPECT_EQ(got.terminated, step.at("t").get<bool>());
  }
}

template <class Real>
class GoldenGymnasium : public ::testing::Test {};
TYPED_TEST_SUITE(GoldenGymnasium, golden::Reals, golden::RealName);

TYPED_TEST(GoldenGymnasium, CartPole) {
  expect_steps<BasicCartPole, TypeParam>({.key = "CartPole-v1"});
}

TYPED_TEST(GoldenGymnasium, Acrobot) {
  expect_steps<BasicAcrobot, TypeParam>({.key = "Acrobot-v1", .angles = 2, .roundings = 6});
}

TYPED_TEST(GoldenGymnasium, MountainCar) {
  expect_steps<BasicMountainCar, TypeParam>({.key = "MountainCar-v0", .term = 0.1});
}

// NumPy 2 keeps the float32 that its actions and states are.
TYPED_TEST(GoldenGymnasium, MountainCarContinuous) {
  expect_steps<BasicMountainCarContinuous, TypeParam>(
      {.key = "MountainCarContinuous-v0", .term = 0.1, .in_float32 = true});
}

TYPED_TEST(GoldenGymnasium, Pendulum) {
  expect_steps<BasicPendulum, TypeParam>({.key = "Pendulum-v1", .angles = 1});
}

}  // namespace
}  // namespace ppo
