// The stages of an update, by the names that code, profile and documentation use.
#pragma once

namespace ppo {

/// In order; the last three run once a minibatch.
enum class Stage { rollout, values, advantages, gradient, reduce, adam };
inline constexpr int kStages = 6;

}  // namespace ppo
