// Advantages, returns and the batch's normalisation, against another implementation in float64: the functions
// in double, the stage in float.
#include "engine/cpu/reference/stages.hpp"
#include "golden/golden_file.hpp"
#include "ppo/env/cartpole.hpp"
#include "unit/ppo/agent_block.hpp"

namespace ppo {
namespace {

using golden::Json;

/// A golden trajectory in our layout: one flag a step, and each environment's final values in time order.
struct Given {
  explicit Given(const Json& file)
      : T(file.at("T").get<int>()),
        N(file.at("N").get<int>()),
        gamma(file.at("hyper").at("gamma").get<double>()),
        gae_lambda(file.at("hyper").at("gae_lambda").get<double>()),
        reward(golden::numbers(file.at("rewards"), static_cast<std::size_t>(T * N))),
        value(golden::numbers(file.at("values"), reward.size())),
        ended(reward.size()),
        final_value(reward.size()),
        truncated(static_cast<std::size_t>(N)) {
    const std::vector<double> last = golden::numbers(file.at("next_value"), truncated.size());
    value.insert(value.end(), last.begin(), last.end());
    const bool has_limit = file.contains("truncated");
    const Json& terminations = file.at(has_limit ? "terminated" : "dones");
    for (std::size_t i = 0; i < ended.size(); ++i) {
      if (terminations[i] == 1) {
        ended[i] = kTerminated;
      } else if (has_limit && file.at("truncated")[i] == 1) {
        const std::size_t n = i % static_cast<std::size_t>(N);
        ended[i] = kTruncated;
        final_value[static_cast<std::size_t>(truncated[n]++ * N) + n] =
            file.at("final_value")[i].get<double>();
      }
    }
  }

  int T;
  int N;
  double gamma;
  double gae_lambda;
  std::vector<double> reward, value;
  std::vector<std::uint8_t> ended;
  std::vector<double> final_value;
  std::vector<std::int32_t> truncated;
};

template <class Real>
void expect_outputs(const Json& file, const Given& given, const std::vector<Real>& advantage,
                    const Normaliser<Real>& to_unit) {
  std::vector<Real> returns, normalised;
  for (std::size_t i = 0; i < advantage.size(); ++i) {
    returns.push_back(advantage[i] + static_cast<Real>(given.value[i]));
    normalised.push_back((advantage[i] - to_unit.shift) * to_unit.scale);
  }
  golden::expect_close(file, "advantages", advantage, golden::numbers(file.at("advantages")));
  golden::expect_close(file, "returns", returns, golden::numbers(file.at("returns")));
  golden::expect_close(file, "adv_norm", normalised, golden::numbers(file.at("adv_norm")));
}

class GoldenGae : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenGae, FunctionsInDouble) {
  const Json file = golden::read(std::string("ppo/") + GetParam() + ".json");
  const Given given(file);
  std::vector<double> advantage(given.reward.size());
  const Trajectories<double> data{given.T,
                                  given.N,
                                  given.reward.data(),
                                  given.ended.data(),
                                  given.value.data(),
                                  given.final_value.data(),
                                  given.truncated.data(),
                                  advantage.data(),
                                  {}};
  for (int n = 0; n < given.N; ++n) advantages_of_environment(data, n, given.gamma, given.gae_lambda);
  const auto moments = chunk_moments<double>(
      given.T, given.N, 0, given.N, [&](std::int64_t i) { return advantage[static_cast<std::size_t>(i)]; });
  expect_outputs(file, given, advantage, normaliser(moments, true));
}

TEST_P(GoldenGae, StageInFloat) {
  const Json file = golden::read(std::string("ppo/") + GetParam() + ".json");
  const Given given(file);
  // With room for a truncation at every step.
  const Hyper hyper{
      {.num_envs = given.N, .num_steps = given.T, .max_episode_steps = 1},
      {.gamma = static_cast<float>(given.gamma), .gae_lambda = static_cast<float>(given.gae_lambda)}};
  testing::AgentBlock<CartPole> agent(hyper);
  const auto narrow = [](double x) { return static_cast<float>(x); };
  std::transform(given.reward.begin(), given.reward.end(), agent->rollout.reward.get(), narrow);
  std::transform(given.value.begin(), given.value.end(), agent->rollout.value.get(), narrow);
  std::transform(given.final_value.begin(), given.final_value.end(), agent->rollout.final_value.get(),
                 narrow);
  std::copy(given.ended.begin(), given.ended.end(), agent->rollout.ended.get());
  std::copy(given.truncated.begin(), given.truncated.end(), agent->rollout.truncated.get());
  reference::advantages(hyper, *agent);
  const ChunkSums batch = merge_chunks(agent->rollout.chunks, chunk_count(hyper));
  const float* begin = agent->rollout.advantage;
  expect_outputs(file, given, std::vector<float>(begin, begin + batch_size(hyper)),
                 normaliser(batch.advantage, true));
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenGae, ::testing::Values("gae", "gae_truncation"),
                         [](const auto& file) { return std::string(file.param); });

}  // namespace
}  // namespace ppo
