// policy.safetensors: what is written reads back to the same bits, and its header says what it is.
#include "run/policy.hpp"

#include <gtest/gtest.h>

#include "unit/engine/engine_runs.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {
namespace {

std::vector<TrainedPolicy> trained(const Config& config) {
  CpuEngine engine = engine_for(config);
  engine.run(2);
  std::vector<TrainedPolicy> policies;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    const AgentState state = engine.save(k);
    policies.push_back({config.hyper, state.params, {}});
    if (normalises(config.hyper)) policies.back().moments = state.moments;
  }
  return policies;
}

SafeTensorsImage file_of(const Config& config, const std::vector<TrainedPolicy>& policies) {
  const auto policy_of = [&](std::int64_t k) { return policies[static_cast<std::size_t>(k)]; };
  return parse_image(policy_file(config, policy_of), "file", "policy");
}

TEST(PolicyFile, OfEveryKindReadsBackToTheSameBits) {
  for (const std::int64_t agents : {1, 3}) {
    for (const Config& config : configs_of_every_kind(agents)) {
      SCOPED_TRACE(config.env);
      const std::vector<TrainedPolicy> policies = trained(config);
      const std::vector<TrainedPolicy> back = parse_policy(file_of(config, policies), "file", config);
      ASSERT_EQ(back.size(), policies.size());
      for (std::size_t k = 0; k < back.size(); ++k) {
        EXPECT_TRUE(testing::same_bytes(back[k].params, policies[k].params));
        EXPECT_TRUE(testing::same_bytes(back[k].moments, policies[k].moments));
        EXPECT_EQ(back[k].hyper.activation, config.hyper.activation);
      }
    }
  }
}

TEST(PolicyFile, HoldsOnlyTheStatisticsThatItsAgentUses) {
  Config config = small_config();
  config.hyper.norm_reward = true;
  std::vector<TrainedPolicy> policies = trained(config);
  const SafeTensorsImage image = file_of(config, policies);
  EXPECT_EQ(image.tensors.size(), 12U + 3U);
  EXPECT_EQ(image.tensors.back().name, "norm_reward.m2");
  const TrainedPolicy back = parse_policy(image, "file", config).front();
  EXPECT_GT(back.moments[4].count, 0);  // behind CartPole's four observed numbers
  EXPECT_EQ(back.moments[0].count, 0);
}

TEST(PolicyFile, SaysWhatItsNumbersMean) {
  Config config = small_config(2);
  config.env = "pendulum";
  config.hyper.hidden_size = 32;
  config.hyper.activation = Activation::relu;
  config.hyper.norm_obs = true;
  const SafeTensorsImage image = file_of(config, trained(config));
  const std::map<std::string, std::string> wanted = {{"format", "ppo_train policy"},
                                                     {"env", "pendulum"},
                                                     {"seed", "42"},
                                                     {"num_seeds", "2"},
                                                     {"hidden_size", "32"},
                                                     {"activation", "relu"},
                                                     {"norm_obs", "true"},
                                                     {"norm_reward", "false"},
                                                     {"numerics_version", std::to_string(kNumericsVersion)}};
  EXPECT_EQ(image.metadata, wanted);
}

}  // namespace
}  // namespace ppo::test
