#include "system/processor/levels.hpp"

namespace ppo {

bool has_all() {
  return true;
}

#if defined(__x86_64__)
bool has_fma() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

bool has_avx512() {
  return has_fma() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#endif

std::vector<std::string> level_names() {
  std::vector<std::string> names;
  for (const auto& level : kNamedLevels<char>) {
    if (names.empty() || names.back() != level.name) names.emplace_back(level.name);
  }
  return names;
}

}  // namespace ppo
