// From global into shared memory: the parameters, and whatever else a block copies.
#pragma once

#include "kernels/team.hpp"

namespace ppo {

/// A thread's part of `count` consecutive numbers that the block reads from global memory: every 256th. What
/// is to be stored later is loaded first, so that all loads are under way together and take one trip to the
/// level-2 cache. Only the last one asks whether there is still a number for it.
template <int count>
struct BlockCopy {
  static constexpr int kEach = (count + kBlockThreads - 1) / kBlockThreads;
  float x[kEach] = {};  // were one without a value here, that of the last call would be kept for it

  PPO_DEVICE explicit BlockCopy(const float* from) {
    for_each([&](int k, int i) { x[k] = from[i]; });
  }

  /// to[i + gap(i)] = from[i]
  template <class Gap>
  PPO_DEVICE void store(float* to, Gap gap) const {
    for_each([&](int k, int i) { to[i + gap(i)] = x[k]; });
  }
  PPO_DEVICE void store(float* to) const {
    store(to, [](int) { return 0; });
  }

 private:
  template <class Visit>
  PPO_DEVICE static void for_each(Visit visit) {
    const int thread = device::thread_index();
    PPO_UNROLL
    for (int k = 0; k < kEach; ++k) {
      const int i = k * kBlockThreads + thread;
      if ((k + 1) * kBlockThreads <= count || i < count) visit(k, i);
    }
  }
};

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
