#include "run/saved/agent_origin.hpp"

#include "system/text.hpp"

namespace ppo {

std::string AgentOrigin::text() const {
  const std::string after = steps ? "after " + counted(*steps, "step") : "";
  if (!is_best) return after;
  return "at its best" + (after.empty() ? "" : ", " + after);
}

std::map<std::string, std::string> AgentOrigin::metadata() const {
  std::map<std::string, std::string> metadata;
  if (is_best) metadata["best"] = "true";
  if (steps) metadata["steps"] = std::to_string(*steps);
  return metadata;
}

}  // namespace ppo
