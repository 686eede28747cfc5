// The stages of an update. Code, profiles and documentation use these names.
#pragma once

namespace ppo {

/// In order of execution. The last three run once per minibatch.
enum class Stage { rollout, values, advantages, gradient, reduce, adam };
inline constexpr int kStages = 6;

}  // namespace ppo
