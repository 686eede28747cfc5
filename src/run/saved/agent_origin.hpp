// Which point of training a saved agent comes from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ppo {

struct AgentOrigin {
  bool is_best = false;               // in its evaluations
  std::optional<std::int64_t> steps;  // of training behind it; not said of an agent at its run's end

  std::string text() const;                             // "at its best, after 1,536 steps"
  std::map<std::string, std::string> metadata() const;  // of an exported file: best, steps
};

}  // namespace ppo
