// What differs between the two networks in the gradient stage: their heads and losses.
#pragma once

#include "kernels/shared.hpp"
#include "ppo/loss.hpp"

namespace ppo {

template <class Agent>
struct ActorPart {
  using Net = typename Agent::Actor;
  using Sample = ppo::Sample<float, Agent::Head::kNumbers>;
  static constexpr int kRow = Agent::place_in_row(Agent::kActorBegin);  // where its part of a row begins
  static constexpr int kTermsInRow = Agent::place_in_row(Agent::kExtraBegin) - kRow;  // and there its terms
  static constexpr int kTerms = Agent::kActorTerms;

  PPO_DEVICE static const float* head_w(const SharedWeights<Agent>& weights) { return weights.actor_head_w; }
  PPO_DEVICE static const float* head_b(const SharedWeights<Agent>& weights) { return weights.actor_head_b; }

  /// outputs [Out] -> d_outputs [Out], terms [kTerms].
  PPO_DEVICE static void loss(const LossCoefs<float>& coefs, const SharedWeights<Agent>& weights,
                              const Sample& sample, const float* outputs, float* d_outputs, float* terms) {
    const auto loss = policy_loss<typename Agent::Head>(coefs, sample, outputs, weights.extra);
    PPO_UNROLL
    for (int o = 0; o < Net::Out; ++o) d_outputs[o] = loss.d_outputs[o];
    PPO_UNROLL
    for (int term = 0; term < kTerms; ++term) terms[term] = loss.sums[term];
  }
};

template <class Agent>
struct CriticPart {
  using Net = typename Agent::Critic;
  using Sample = ppo::Sample<float, Agent::Head::kNumbers>;
  static constexpr int kRow = Agent::place_in_row(Agent::kCriticBegin);
  static constexpr int kTermsInRow = Agent::place_in_row(Agent::P + kValueTerm) - kRow;
  static constexpr int kTerms = 1;

  PPO_DEVICE static const float* head_w(const SharedWeights<Agent>& weights) { return weights.critic_head_w; }
  PPO_DEVICE static const float* head_b(const SharedWeights<Agent>& weights) { return weights.critic_head_b; }

  PPO_DEVICE static void loss(const LossCoefs<float>& coefs, const SharedWeights<Agent>&,
                              const Sample& sample, const float* value, float* d_value, float* term) {
    const auto loss = value_loss(coefs, sample, *value);
    *d_value = loss.d_value;
    *term = loss.term;
  }
};

}  // namespace ppo
