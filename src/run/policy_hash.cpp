#include "run/policy_hash.hpp"

#include <fmt/format.h>

#include "ppo/hash.hpp"
#include "run/statistics.hpp"

namespace ppo {
namespace {

std::string hash_text(std::uint64_t hash) {
  return fmt::format("{:#018x}", hash);
}

}  // namespace

std::string param_hash(std::span<const float> params) {
  return hash_text(fnv1a(params.data(), params.size_bytes()));
}

std::string policy_hash(std::span<const TrainedPolicy> policies) {
  static_assert(sizeof(Moments<double>) == 24);  // without gaps
  std::uint64_t hash = kFnvOffset;
  for (const TrainedPolicy& policy : policies) {
    hash = fnv1a(policy.params.data(), policy.params.size() * sizeof(float), hash);
  }
  for (const TrainedPolicy& policy : policies) {
    const auto statistics = used_statistics(policy);
    hash = fnv1a(statistics.data(), statistics.size_bytes(), hash);
  }
  return hash_text(hash);
}

}  // namespace ppo
