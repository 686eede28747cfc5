#include "engine/environment.hpp"

namespace ppo {

const Environment* find_environment(std::string_view name) {
  for (const Environment& environment : environments()) {
    if (environment.info().name == name) return &environment;
  }
  return nullptr;
}

}  // namespace ppo
