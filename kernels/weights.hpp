// The parameters' way into shared memory.
#pragma once

#include "kernels/team.hpp"

namespace ppo {

/// A thread's part of some consecutive numbers that the block reads from global memory: every 256th. What is
/// to be stored later is loaded first, so that all loads are under way together and take one trip to the
/// level-2 cache.
template <int each>
struct BlockLoads {
  float x[each];

  /// from[first], ..., those below `end`.
  PPO_DEVICE BlockLoads(const float* from, int first, int end) {
    PPO_UNROLL
    for (int k = 0; k < each; ++k) {
      const int i = first + k * kBlockThreads + device::thread_index();
      x[k] = i < end ? from[i] : 0;
    }
  }

  /// to[place(i)] = from[i]
  template <class Place>
  PPO_DEVICE void store(float* to, int first, int end, Place place) const {
    PPO_UNROLL
    for (int k = 0; k < each; ++k) {
      const int i = first + k * kBlockThreads + device::thread_index();
      if (i < end) to[place(i)] = x[k];
    }
  }
};

/// Of an array.
template <int count>
struct BlockCopy : BlockLoads<(count + kBlockThreads - 1) / kBlockThreads> {
  using Loads = BlockLoads<(count + kBlockThreads - 1) / kBlockThreads>;
  PPO_DEVICE explicit BlockCopy(const float* from) : Loads(from, 0, count) {}
  PPO_DEVICE void store(float* to) const {
    Loads::store(to, 0, count, [](int i) { return i; });
  }
};

/// Parameters up to the head, both networks' side by side. In shared memory the rows of the second layer's
/// weights lie further apart.
template <class Net>
PPO_DEVICE void load_trunks(const float* actor, const float* critic, Trunk<Net::O, Net::H>* trunks) {
  constexpr int H = Net::H;
  constexpr int kCount = Net::head_w;
  constexpr int kAtOnce = min((kCount + kBlockThreads - 1) / kBlockThreads, 18);  // as registers allow
  const auto place = [](int i) {
    const int rows_before = min(max(i - Net::l2_w, 0) / H, H);
    return i + (kPitch<H> - H) * rows_before;
  };
  PPO_NO_UNROLL
  for (int first = 0; first < kCount; first += kAtOnce * kBlockThreads) {
    const BlockLoads<kAtOnce> of_actor(actor, first, kCount);
    const BlockLoads<kAtOnce> of_critic(critic, first, kCount);
    of_actor.store(reinterpret_cast<float*>(&trunks[0]), first, kCount, place);
    of_critic.store(reinterpret_cast<float*>(&trunks[1]), first, kCount, place);
  }
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
