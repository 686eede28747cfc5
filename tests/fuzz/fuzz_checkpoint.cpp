// Any bytes as a checkpoint, as they are and with a checksum that is right: refused in a line, or a state of
// the sizes and within the limits that its own config sets.
#include <algorithm>
#include <cmath>
#include <limits>

#include "config/toml_writer.hpp"
#include "fuzz.hpp"
#include "ppo/hash.hpp"
#include "run/checkpoint.hpp"

namespace {

using namespace ppo::fuzz;

constexpr const char* kFile = "0000000003.safetensors";

/// Nobody finds a checksum by chance: without this only the first checks would ever be met.
std::string sealed(std::string bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return bytes;
  std::uint64_t checksum = ppo::fnv1a(bytes.data(), bytes.size() - sizeof checksum);
  for (std::size_t at = bytes.size() - sizeof checksum; at < bytes.size(); ++at, checksum >>= 8) {
    bytes[at] = static_cast<char>(checksum);
  }
  return bytes;
}

void check_agent(const ppo::AgentState& agent, const ppo::Config& config) {
  const ppo::EnvironmentInfo& environment = ppo::find_environment(config.env)->info();
  const auto N = static_cast<std::size_t>(config.hyper.num_envs);
  require(agent.params.size() == static_cast<std::size_t>(environment.layout(64).size()), "P parameters");
  require(agent.moment1.size() == agent.params.size() && agent.moment2.size() == agent.params.size(),
          "P of each moment");
  require(agent.slot_return.size() == N && agent.slot_length.size() == N, "N episodes");
  require(agent.slot_state.size() == N * static_cast<std::size_t>(environment.state_bytes), "N states");
  const auto is_finite = [](auto number) { return std::isfinite(number); };
  for (const std::vector<float>* numbers : {&agent.params, &agent.moment1, &agent.moment2}) {
    require(std::all_of(numbers->begin(), numbers->end(), is_finite), "what is learned is finite");
  }
  require(std::all_of(agent.slot_return.begin(), agent.slot_return.end(), is_finite), "returns are finite");
  for (const std::int32_t length : agent.slot_length) {
    require(length >= 0 && length < std::numeric_limits<std::int32_t>::max(), "an episode can go on");
  }
}

void check_best(const ppo::Checkpoint& checkpoint) {
  require(checkpoint.evaluated_at() <= checkpoint.update(), "evaluations are in the past");
  const std::vector<std::optional<ppo::BestPolicy>> all = checkpoint.best();
  require(all.size() == static_cast<std::size_t>(checkpoint.config().num_seeds),
          "each agent may have a best");
  for (const std::optional<ppo::BestPolicy>& best : all) {
    if (!best) continue;
    const auto& [update, mean, deviation] = best->score;
    require(update <= checkpoint.evaluated_at(), "it is that of an evaluation");
    require(std::isfinite(mean) && deviation >= 0, "its numbers are those of episodes");
    const auto is_finite = [](float number) { return std::isfinite(number); };
    require(std::all_of(best->policy.params.begin(), best->policy.params.end(), is_finite), "it can act");
  }
}

void read(const std::string& bytes) {
  std::optional<ppo::Checkpoint> checkpoint;
  if (!accepts([&] { checkpoint.emplace(bytes, kFile); })) return;
  const ppo::Config& config = checkpoint->config();
  require(checkpoint->update() >= 0 && checkpoint->update() <= ppo::num_updates(config.hyper),
          "its update is one of its config's");
  require(checkpoint->wall_s() >= 0, "its time is one");
  check_best(*checkpoint);
  const std::vector<ppo::AgentProgress::Memory> progress = checkpoint->progress();
  require(progress.size() == static_cast<std::size_t>(config.num_seeds), "each agent has its progress");
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    const ppo::AgentState agent = checkpoint->agent(k);
    const auto stopped_at = progress[static_cast<std::size_t>(k)].stopped_at;
    require(agent.update == stopped_at.value_or(checkpoint->update()),
            "agents that train are at the same update");
    require(agent.update <= checkpoint->update(), "no agent is ahead");
    check_agent(agent, config);
    ppo::AgentProgress(config, ppo::find_environment(config.env)->info(), k)
        .remember(progress[static_cast<std::size_t>(k)]);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(text(data, size));
  read(bytes);
  read(sealed(bytes));
  return 0;
}
