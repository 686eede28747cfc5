#include "engine/environment.hpp"

#include "config/environment_names.hpp"

namespace ppo {

const Environment* find_environment(std::string_view name) {
  for (const Environment& environment : environments()) {
    if (environment.info().name == name) return &environment;
  }
  return nullptr;
}

bool has_discrete_actions(std::string_view name) {
  const Environment* environment = find_environment(name);
  return environment != nullptr && environment->info().actions.count > 0;
}

}  // namespace ppo
