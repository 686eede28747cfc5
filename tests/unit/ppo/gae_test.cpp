// Advantages against their definition as sums over the rest of an episode.
#include "ppo/gae.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "ppo/philox.hpp"

namespace ppo {
namespace {

constexpr int T = 40;
constexpr int N = 3;

/// Random rewards, values and ends; environment 2 never ends.
struct Scene {
  std::vector<double> reward, value, final_value, advantage;
  std::vector<std::uint8_t> ended;
  std::vector<std::int32_t> truncated;

  Scene() : value((T + 1) * N), final_value(T * N, std::nan("")), advantage(T * N), truncated(N) {
    Draws draws({.seed = 17}, Purpose::environment);
    for (double& entry : value) entry = draws.uniform(-3.0, 3.0);
    for (std::size_t i = 0; i < T * N; ++i) {
      reward.push_back(draws.uniform(-1.0, 2.0));
      const std::size_t n = i % N;
      const std::uint32_t kind = draws.bits() % 10;
      ended.push_back(n == 2 || kind > 2 ? kRunning : kind == 0 ? kTerminated : kTruncated);
      if (ended[i] == kTruncated) {
        final_value[static_cast<std::size_t>(truncated[n]++) * N + n] = draws.uniform(5.0, 9.0);
      }
    }
  }

  void run(double gamma, double gae_lambda) {
    const Trajectories<double> data{T,
                                    N,
                                    reward.data(),
                                    ended.data(),
                                    value.data(),
                                    final_value.data(),
                                    truncated.data(),
                                    advantage.data(),
                                    {}};
    for (int n = 0; n < N; ++n) advantages_of_environment(data, n, gamma, gae_lambda);
  }

  /// V(s_{t+1}) as the step that led there sees it, counting the truncations from the front.
  double next_value(std::size_t t, std::size_t n) const {
    const std::size_t i = t * N + n;
    if (ended[i] == kTerminated) return 0;
    if (ended[i] == kRunning) return value[i + N];
    std::size_t earlier = 0;
    for (std::size_t s = 0; s < t; ++s) earlier += ended[s * N + n] == kTruncated ? 1 : 0;
    return final_value[earlier * N + n];
  }

  double td_error(std::size_t t, std::size_t n, double gamma) const {
    return reward[t * N + n] + gamma * next_value(t, n) - value[t * N + n];
  }
};

template <class Want>
void expect_each(const Scene& scene, Want want) {
  int ends[3] = {};
  for (std::size_t t = 0; t < T; ++t) {
    for (std::size_t n = 0; n < N; ++n) {
      EXPECT_NEAR(scene.advantage[t * N + n], want(t, n), 1e-12) << "t " << t << " n " << n;
      ++ends[scene.ended[t * N + n]];
    }
  }
  EXPECT_GT(ends[kTerminated], 3);
  EXPECT_GT(ends[kTruncated], 3);
}

TEST(Gae, WithLambdaZeroIsTheTdError) {
  Scene scene;
  scene.run(0.9, 0);
  expect_each(scene, [&](std::size_t t, std::size_t n) { return scene.td_error(t, n, 0.9); });
}

TEST(Gae, WithLambdaAndGammaOneIsThePlainSumOfRewardsMinusTheValue) {
  Scene scene;
  scene.run(1, 1);
  expect_each(scene, [&](std::size_t t, std::size_t n) {
    double sum = 0;
    std::size_t s = t;
    for (;; ++s) {
      sum += scene.reward[s * N + n];
      if (s == T - 1 || scene.ended[s * N + n] != kRunning) break;
    }
    return sum + scene.next_value(s, n) - scene.value[t * N + n];
  });
}

TEST(Gae, IsTheDiscountedSumOfTdErrorsUpToTheEnd) {
  Scene scene;
  scene.run(0.97, 0.8);
  expect_each(scene, [&](std::size_t t, std::size_t n) {
    double sum = 0;
    double weight = 1;
    for (std::size_t s = t; s < T; ++s) {
      sum += weight * scene.td_error(s, n, 0.97);
      if (scene.ended[s * N + n] != kRunning) break;
      weight *= 0.97 * 0.8;
    }
    return sum;
  });
}

// Whatever happens after an end, the episode before it does not see: not the values, not the rewards.
TEST(Gae, NothingPassesAnEnd) {
  for (const std::uint8_t kind : {kTerminated, kTruncated}) {
    Scene scene;
    scene.ended.assign(scene.ended.size(), kRunning);
    scene.truncated.assign(N, kind == kTruncated ? 1 : 0);
    constexpr std::size_t kEnd = 20;
    for (std::size_t n = 0; n < N; ++n) {
      scene.ended[kEnd * N + n] = kind;
      scene.final_value[n] = 4;
    }
    scene.run(0.99, 0.95);
    const std::vector<double> before = scene.advantage;
    for (std::size_t i = (kEnd + 1) * N; i < T * N; ++i) scene.reward[i] += 100;
    for (std::size_t i = (kEnd + 1) * N; i < (T + 1) * N; ++i) scene.value[i] -= 50;
    scene.run(0.99, 0.95);
    for (std::size_t i = 0; i < (kEnd + 1) * N; ++i) EXPECT_EQ(scene.advantage[i], before[i]) << i;
    for (std::size_t i = (kEnd + 1) * N; i < T * N; ++i) EXPECT_NE(scene.advantage[i], before[i]) << i;
  }
}

TEST(Gae, ATruncatedLastStepUsesTheFinalValueAndNotTheResetObservations) {
  Scene scene;
  scene.ended.assign(scene.ended.size(), kRunning);
  scene.ended[(T - 1) * N + 1] = kTruncated;
  scene.truncated = {0, 1, 0};
  scene.final_value[1] = 123;
  scene.run(0.5, 0.5);
  EXPECT_DOUBLE_EQ(scene.advantage[(T - 1) * N + 1],
                   scene.reward[(T - 1) * N + 1] + 0.5 * 123 - scene.value[(T - 1) * N + 1]);
  EXPECT_DOUBLE_EQ(scene.advantage[(T - 1) * N],
                   scene.reward[(T - 1) * N] + 0.5 * scene.value[T * N] - scene.value[(T - 1) * N]);
}

}  // namespace
}  // namespace ppo
