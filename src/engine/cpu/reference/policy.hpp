// What an agent does in a state.
#pragma once

#include "ppo/hyper.hpp"
#include "ppo/network.hpp"

namespace ppo::reference {

/// The actor's distribution over actions, given params [P] and obs [O].
template <class Head>
typename Head::template Policy<float> policy_of(const Sizes& sizes, const Layout& layout, const float* params,
                                                const float* obs) {
  Activations<float> unused;
  float outputs[Head::kOutputs];
  forward(layout.actor(), sizes.activation, params + layout.actor_begin(), obs, unused, outputs);
  return Head::policy(static_cast<const float*>(outputs), params + layout.extra_begin());
}

}  // namespace ppo::reference
