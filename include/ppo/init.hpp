// The initial agent: orthogonal weights, zero biases, fresh environments.
#pragma once

#include "ppo/network.hpp"
#include "ppo/philox.hpp"
#include "ppo/rollout.hpp"

namespace ppo {

/// Fills w [rows][cols] with gain times a matrix whose rows (columns, when there are fewer of them) are
/// orthonormal, uniformly distributed (Saxe et al. 2014): classical Gram-Schmidt on Gaussian vectors, each
/// projected twice, which keeps them orthogonal to a few ulp (Giraud et al. 2005).
template <class Real>
PPO_HD void orthogonal(Draws draws, int rows, int cols, Real gain, Real* w) {
  const bool by_rows = rows <= cols;
  const int count = by_rows ? rows : cols;
  const int length = by_rows ? cols : rows;
  const int vector_stride = by_rows ? cols : 1;
  const int entry_stride = by_rows ? 1 : cols;
  for (int v = 0; v < count; ++v) {
    Real* vector = w + v * vector_stride;
    for (int e = 0; e < length; ++e) vector[e * entry_stride] = static_cast<Real>(draws.normal());
    for (int pass = 0; pass < 2; ++pass) {
      for (int u = 0; u < v; ++u) {
        const Real* unit = w + u * vector_stride;
        Real dot = Real(0);
        for (int e = 0; e < length; ++e) dot = fma(unit[e * entry_stride], vector[e * entry_stride], dot);
        for (int e = 0; e < length; ++e) {
          vector[e * entry_stride] = fma(-dot, unit[e * entry_stride], vector[e * entry_stride]);
        }
      }
    }
    Real square = Real(0);
    for (int e = 0; e < length; ++e) square = fma(vector[e * entry_stride], vector[e * entry_stride], square);
    const Real scale = Real(1) / sqrt(square);
    for (int e = 0; e < length; ++e) vector[e * entry_stride] *= scale;
  }
  for (int i = 0; i < rows * cols; ++i) w[i] *= gain;
}

/// Initial parameters of one network. `layer` numbers its three draws, distinct from the other network's.
template <class Real>
PPO_HD void init_network(const Mlp& net, DrawKey key, int first_layer, Real head_gain, Real* params) {
  for (int i = 0; i < net.size(); ++i) params[i] = Real(0);
  const Real hidden_gain = static_cast<Real>(1.41421356237309504880);
  key.step = static_cast<std::uint32_t>(first_layer);
  orthogonal(Draws(key, Purpose::parameters), net.O, net.H, hidden_gain, params + net.l1_w());
  ++key.step;
  orthogonal(Draws(key, Purpose::parameters), net.H, net.H, hidden_gain, params + net.l2_w());
  ++key.step;
  orthogonal(Draws(key, Purpose::parameters), net.H, net.Out, head_gain, params + net.head_w());
}

/// params [P]: gain sqrt(2) in the hidden layers, 0.01 at the policy head (an almost uniform first policy), 1
/// at the value head (Andrychowicz et al. 2021, "What matters in on-policy reinforcement learning"). The
/// extra parameters start at log_std_init.
template <class Real>
PPO_HD void init_params(const Layout& layout, std::uint64_t seed, Real log_std_init, Real* params) {
  const DrawKey key{.seed = seed};
  init_network(layout.actor(), key, 0, static_cast<Real>(0.01), params + layout.actor_begin());
  init_network(layout.critic(), key, 3, static_cast<Real>(1), params + layout.critic_begin());
  for (int i = layout.extra_begin(); i < layout.size(); ++i) params[i] = log_std_init;
}

/// Initialises the agent. Its memory must have been cleared and laid out.
template <class Agent>
PPO_HD void init_agent(const Sizes& sizes, const Tuning& tuning, Agent& agent) {
  agent.tuning = tuning;
  agent.update = 0;
  agent.powers = {};
  init_params(agent.layout, tuning.seed, tuning.log_std_init, agent.params.get());
  for (const auto& row : agent.moments) {
    for (int i = 0; i < Agent::kMoments; ++i) row[i] = {};
  }
  for (std::int32_t n = 0; n < sizes.num_envs; ++n) {
    const DrawKey key{.seed = tuning.seed, .environment = static_cast<std::uint32_t>(n)};
    agent.slots_before(0)[n] = fresh_slot<typename Agent::Env>(key, Purpose::first_reset);
  }
}

}  // namespace ppo
