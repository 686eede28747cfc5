// Any bytes as a policy: refused in a line, or tensors that survive being written and read again, and
// parameters of the sizes asked for.
#include "fuzz.hpp"
#include "run/policy.hpp"

namespace {

using namespace ppo::fuzz;

constexpr const char* kFile = "policy.safetensors";

const ppo::EnvironmentInfo& environment() {
  return ppo::find_environment("cartpole")->info();
}

void read_back(const ppo::SafeTensors& content) {
  const std::string bytes = ppo::to_safetensors(content);
  ppo::SafeTensors again;
  require(accepts([&] { again = ppo::parse_safetensors(bytes, kFile); }), "written tensors are accepted");
  require(ppo::to_safetensors(again) == bytes, "written tensors read back to themselves");
}

void take_params(const ppo::SafeTensors& content, std::int64_t num_agents) {
  std::vector<std::vector<float>> params;
  if (!accepts([&] { params = ppo::policy_params(content, kFile, environment(), num_agents); })) return;
  require(params.size() == static_cast<std::size_t>(num_agents), "each agent has parameters");
  for (const std::vector<float>& agent : params) {
    require(agent.size() == static_cast<std::size_t>(environment().parameter_count),
            "an agent has all of its parameters");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ppo::SafeTensors content;
  if (!accepts([&] { content = ppo::parse_safetensors(std::string(text(data, size)), kFile); })) return 0;
  read_back(content);
  take_params(content, 1);
  take_params(content, 2);
  take_params(content, 65536);
  return 0;
}
