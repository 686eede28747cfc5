// The parameters' way into shared memory.
#pragma once

#include "kernels/block_copy.hpp"
#include "kernels/team.hpp"

namespace ppo {

/// `count` parameters of both networks from number `first` on.
template <class Net, int count>
PPO_DEVICE void load_part_of_trunks(const float* actor, const float* critic, int first,
                                    Trunk<Net::O, Net::H>* trunks) {
  constexpr int H = Net::H;
  const BlockCopy<count> of_actor(actor + first);
  const BlockCopy<count> of_critic(critic + first);
  const auto gap = [&](int i) { return (kPitch<H> - H) * min(max((first + i - Net::l2_w) / H, 0), H); };
  of_actor.store(reinterpret_cast<float*>(&trunks[0]) + first, gap);
  of_critic.store(reinterpret_cast<float*>(&trunks[1]) + first, gap);
}

/// Parameters up to the head, both networks' side by side. In shared memory the rows of the second layer's
/// weights lie further apart.
template <class Net>
PPO_DEVICE void load_trunks(const float* actor, const float* critic, Trunk<Net::O, Net::H>* trunks) {
  constexpr int kCount = Net::head_w;
  constexpr int kAtOnce = 18 * kBlockThreads;  // as registers allow
  constexpr int kWhole = kCount / kAtOnce * kAtOnce;
  PPO_NO_UNROLL
  for (int first = 0; first < kWhole; first += kAtOnce) {
    load_part_of_trunks<Net, kAtOnce>(actor, critic, first, trunks);
  }
  if constexpr (kWhole < kCount) load_part_of_trunks<Net, kCount - kWhole>(actor, critic, kWhole, trunks);
}

/// Both networks and the policy's other parameters, for the whole block, which meets after.
template <class Agent>
PPO_DEVICE void load_weights(const TeamBlock<Agent>& block) {
  using Actor = typename Agent::Actor;
  using Critic = typename Agent::Critic;
  auto& weights = block.shared.weights;
  const float* params = block.shared.agent.params;
  const float* actor = params + Agent::kActorBegin;
  const float* critic = params + Agent::kCriticBegin;
  const BlockCopy<Actor::H * Actor::Out> actor_head_w(actor + Actor::head_w);
  const BlockCopy<Actor::Out> actor_head_b(actor + Actor::head_b);
  const BlockCopy<Critic::H> critic_head_w(critic + Critic::head_w);
  const BlockCopy<1> critic_head_b(critic + Critic::head_b);
  load_trunks<Actor>(actor, critic, weights.trunk);
  actor_head_w.store(weights.actor_head_w);
  actor_head_b.store(weights.actor_head_b);
  critic_head_w.store(weights.critic_head_w);
  critic_head_b.store(weights.critic_head_b);
  if constexpr (Agent::Head::kExtra > 0) {
    BlockCopy<Agent::Head::kExtra>(params + Agent::kExtraBegin).store(weights.extra);
  }
  device::sync_block();
}

}  // namespace ppo
