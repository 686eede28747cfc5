// Any bytes as a policy: refused in a line, or agents with parameters of the sizes asked for, and with
// statistics.
#include "fuzz.hpp"
#include "run/policy.hpp"

namespace {

using namespace ppo::fuzz;

constexpr const char* kFile = "policy.safetensors";

void take_policies(const ppo::SafeTensorsImage& image, const ppo::Config& config) {
  std::vector<ppo::TrainedPolicy> policies;
  if (!accepts([&] { policies = ppo::parse_policy(image, kFile, config); })) return;
  require(policies.size() == static_cast<std::size_t>(config.num_seeds), "each agent has a policy");
  const ppo::EnvironmentInfo& environment = ppo::find_environment("cartpole")->info();
  const auto size = static_cast<std::size_t>(environment.layout(config.hyper.hidden_size).size());
  for (const ppo::TrainedPolicy& policy : policies) {
    require(policy.params.size() == size, "an agent has all of its parameters");
    require(policy.moments.empty() != ppo::normalises(config.hyper), "and its statistics");
  }
  if (config.num_seeds > 2) return;
  const std::string bytes =
      ppo::policy_file(config, [&](std::int64_t k) { return policies[static_cast<std::size_t>(k)]; });
  ppo::SafeTensorsImage again;
  require(accepts([&] { again = ppo::parse_image(bytes, kFile, "policy"); }), "what is written is accepted");
  require(accepts([&] { ppo::parse_policy(again, kFile, config); }), "and read again");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ppo::SafeTensorsImage image;
  if (!accepts([&] { image = ppo::parse_image(std::string(text(data, size)), kFile, "policy"); })) return 0;
  for (const std::int64_t num_agents : {1, 2, 65536}) {
    ppo::Config config;
    config.num_seeds = num_agents;
    take_policies(image, config);
    config.hyper.norm_obs = config.hyper.norm_reward = true;
    take_policies(image, config);
  }
  return 0;
}
