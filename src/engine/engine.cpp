#include "engine/engine.hpp"

#include <algorithm>
#include <bit>

namespace ppo {

std::span<const UpdateRow> Engine::run(std::int64_t updates) {
  if (updates <= capacity()) {
    start(updates);
    return collect();
  }
  rows_.clear();
  std::int64_t asked_for = 0;
  for (int queued = 0; queued > 0 || asked_for < updates;) {
    if (queued < depth() && asked_for < updates) {
      const std::int64_t part = std::min(capacity(), updates - asked_for);
      start(part);
      asked_for += part;
      ++queued;
    } else {
      const std::span<const UpdateRow> rows = collect();
      rows_.insert(rows_.end(), rows.begin(), rows.end());
      --queued;
    }
  }
  return rows_;
}

bool Engine::has_finite_params(std::int64_t k) const {
  // Looks at all of them, whatever it finds, so that compilers make it SIMD: this is done after each update.
  constexpr std::uint32_t kExponent = 0x7f800000;  // all of its bits are set in what is not finite
  bool is_finite = true;
  for (const float number : params(k))
    is_finite &= (std::bit_cast<std::uint32_t>(number) & kExponent) != kExponent;
  return is_finite;
}

TrainedPolicy Engine::policy(std::int64_t k) const {
  TrainedPolicy policy{.hyper = hyper(k), .params = {}, .moments = {}};
  if (normalises(policy.hyper)) policy.moments = save(k).moments;
  const std::span<const float> learned = params(k);
  policy.params.assign(learned.begin(), learned.end());
  return policy;
}

}  // namespace ppo
