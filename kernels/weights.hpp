// The parameters' way into shared memory.
#pragma once

#include "kernels/team.hpp"

namespace ppo {

PPO_DEVICE void copy_by_block(const float* from, int count, float* to) {
  for (int i = device::thread_index(); i < count; i += kBlockThreads) to[i] = from[i];
}

template <class Net>
PPO_DEVICE void load_trunk(const float* params, Trunk<Net::O, Net::H>& trunk) {
  constexpr int H = Net::H;
  copy_by_block(params + Net::l1_w, Net::O * H, trunk.l1_w);
  copy_by_block(params + Net::l1_b, H, trunk.l1_b);
  constexpr int kAtOnce = min(H * H / kBlockThreads, 16);  // loads of a thread under way
  PPO_NO_UNROLL
  for (int first = 0; first < H * H; first += kAtOnce * kBlockThreads) {
    PPO_UNROLL
    for (int k = 0; k < kAtOnce; ++k) {
      const int i = first + k * kBlockThreads + device::thread_index();
      trunk.l2_w[i / H * kPitch<H> + i % H] = params[Net::l2_w + i];
    }
  }
  copy_by_block(params + Net::l2_b, H, trunk.l2_b);
}

/// Both networks and the policy's other parameters, for the whole block, which meets here before and after.
template <class Agent>
PPO_DEVICE void load_weights(const TeamBlock<Agent>& block) {
  using Actor = typename Agent::Actor;
  using Critic = typename Agent::Critic;
  auto& weights = block.shared.weights;
  const float* params = block.shared.agent.params;
  const float* actor = params + Agent::kActorBegin;
  const float* critic = params + Agent::kCriticBegin;
  load_trunk<Actor>(actor, weights.trunk[0]);
  load_trunk<Critic>(critic, weights.trunk[1]);
  copy_by_block(actor + Actor::head_w, Actor::H * Actor::Out, weights.actor_head_w);
  copy_by_block(actor + Actor::head_b, Actor::Out, weights.actor_head_b);
  copy_by_block(critic + Critic::head_w, Critic::H, weights.critic_head_w);
  copy_by_block(critic + Critic::head_b, 1, weights.critic_head_b);
  copy_by_block(params + Agent::kExtraBegin, Agent::Head::kExtra, weights.extra);
  device::sync_block();
}

}  // namespace ppo
