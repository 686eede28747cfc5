// SIMD versions of the stages that take most of an update's time. The results equal those of
// src/engine/cpu/reference/stages.hpp to the bit.
#pragma once

#include <new>

#include "engine/cpu/reference/stages.hpp"
#include "engine/cpu/simd/network.hpp"

namespace ppo::simd {

/// Samples that go through a network together: many enough to use a weight often, few enough for the hidden
/// layers to stay in the nearest caches.
inline constexpr int kPass = 64;
static_assert(kPass % Lanes::kWidth == 0 && kLeafSize % Lanes::kWidth == 0);

/// `Lanes::kWidth` samples of an array laid out [A][stride].
template <int A>
[[gnu::always_inline]] inline void load_columns(const float* from, int stride, Lanes* to) {
  for (int a = 0; a < A; ++a) to[a] = Lanes::load(from + a * stride);
}

/// The actions of one step of up to kPass environments, and their log-probabilities.
struct Actions {
  alignas(64) float action[kPass];
  alignas(64) float logp[kPass];

  /// From logits [A][kPass] and uniforms [kPass].
  template <int A>
  void draw(const float* logits, const float* uniforms, int rows) {
    for (int row = 0; row < rows; row += Lanes::kWidth) {
      Lanes columns[A];
      load_columns<A>(logits + row, kPass, columns);
      const Categorical<A, Lanes> policy = categorical<A>(static_cast<const Lanes*>(columns));
      const Lanes drawn = ppo::sample<Lanes>(policy, Lanes::load(uniforms + row));
      drawn.store(action + row);
      log_prob(policy, drawn).store(logp + row);
    }
  }
};

/// A pass of environments, step by step together. The observations of a step lie side by side in the rollout.
template <class Agent>
void rollout_pass(const Hyper& hyper, Agent& agent, const Packed<typename Agent::Layout::Actor>& packed,
                  int first, int rows) {
  using Environment = EnvironmentRollout<Agent>;
  const float* params = agent.params + Agent::Layout::actor;
  HiddenBatch<Agent::Layout::Actor::H, kPass> unused;
  alignas(64) float logits[Agent::A * kPass] = {};
  alignas(64) float uniforms[kPass] = {};
  Actions actions;
  alignas(Environment) std::byte memory[kPass * sizeof(Environment)];
  auto* environments = reinterpret_cast<Environment*>(memory);
  for (int row = 0; row < rows; ++row) new (environments + row) Environment(hyper, agent, first + row);

  for (std::int64_t t = 0; t < hyper.num_steps; ++t) {
    for (int row = 0; row < rows; ++row) environments[row].observe(environments[row].obs(t));
    for (int row = 0; row < rows; ++row) uniforms[row] = Environment::action_uniform(agent, first + row, t);
    forward(params, packed, environments[0].obs(t), rows, unused, logits, kPass);
    actions.draw<Agent::A>(logits, uniforms, rows);
    for (int row = 0; row < rows; ++row)
      environments[row].act(t, static_cast<int>(actions.action[row]), actions.logp[row]);
  }
  for (int row = 0; row < rows; ++row) environments[row].finish();
}

/// The others are cheap: they stay the plain ones.
struct Stages : reference::Stages {
  template <class Agent>
  static void rollout(const Hyper& hyper, Agent& agent, const Worker& worker) {
    Packed<typename Agent::Layout::Actor> packed;
    packed.pack_head(agent.params + Agent::Layout::actor);
    const Share envs = worker.share(hyper.num_envs);
    for (std::int64_t first = envs.begin; first < envs.end; first += kPass) {
      const std::int64_t rows = min(std::int64_t{kPass}, envs.end - first);
      rollout_pass(hyper, agent, packed, static_cast<int>(first), static_cast<int>(rows));
    }
  }

  template <class Agent>
  static void values(const Hyper& hyper, Agent& agent, const Worker& worker) {
    using Critic = typename Agent::Layout::Critic;
    const float* params = agent.params + Agent::Layout::critic;
    Packed<Critic> packed;
    packed.pack_head(params);
    HiddenBatch<Critic::H, kPass> unused;
    // Rows of final_obs beyond an environment's truncations hold nothing; their values are never read.
    const auto batch = [&](const float* obs, float* value, std::int64_t count) {
      const Share share = worker.share(count);
      for (std::int64_t i = share.begin; i < share.end; i += kPass) {
        const int rows = static_cast<int>(min(std::int64_t{kPass}, share.end - i));
        forward(params, packed, obs + i * Agent::O, rows, unused, value + i, kPass);
      }
    };
    const std::int64_t N = hyper.num_envs;
    std::int32_t most_truncated = 0;
    for (std::int64_t n = 0; n < N; ++n) most_truncated = max(most_truncated, agent.rollout.truncated[n]);
    batch(agent.rollout.obs, agent.rollout.value, (hyper.num_steps + std::int64_t{1}) * N);
    batch(agent.rollout.final_obs, agent.rollout.final_value, most_truncated * N);
  }

  template <class Agent>
  static void gradient(const Hyper& hyper, Agent& agent, const Minibatch<Permutation>& minibatch,
                       const Worker& worker);
};

/// Samples of a minibatch side by side, as the losses read them.
template <class Agent>
struct Chunk {
  static constexpr int kSize = kLeafSize * kGroupLeaves;
  alignas(64) float obs[kSize * Agent::O];  // [kSize][O]
  alignas(64) float action[kSize] = {};
  alignas(64) float logp[kSize] = {};
  alignas(64) float value[kSize] = {};
  alignas(64) float advantage[kSize] = {};
  alignas(64) float ret[kSize] = {};
  std::int64_t begin = 0;  // position in the minibatch
  int count = 0;

  void gather(const Agent& agent, const Minibatch<Permutation>& minibatch, std::int64_t from,
              std::int64_t to) {
    begin = from;
    count = static_cast<int>(to - from);
    std::uint32_t index[kSize];
    minibatch.order.positions(static_cast<std::uint32_t>(minibatch.first + from), count, index);
    for (int s = 0; s < count; ++s) {
      const Sample<float> sample = sample_of(agent.rollout, minibatch.normaliser, index[s]);
      for (int o = 0; o < Agent::O; ++o)
        obs[s * Agent::O + o] = agent.rollout.obs[std::int64_t{index[s]} * Agent::O + o];
      action[s] = static_cast<float>(sample.action);
      logp[s] = sample.logp;
      value[s] = sample.value;
      advantage[s] = sample.advantage;
      ret[s] = sample.ret;
    }
  }

  Sample<Lanes, Lanes> sample(int s) const {
    return {Lanes::load(action + s), Lanes::load(logp + s), Lanes::load(value + s),
            Lanes::load(advantage + s), Lanes::load(ret + s)};
  }
};

/// The actor's or the critic's part of the loss, over lanes of samples.
template <class Agent>
struct ActorPart {
  using Net = typename Agent::Layout::Actor;
  static constexpr int kOffset = Agent::Layout::actor;  // of its parameters
  static constexpr int kTermOffset = Agent::P;
  static constexpr int kTerms = kPolicyTerms;

  /// logits [A][kPass] -> d_logits [A][kPass], terms [kTerms][kPass], from column s on.
  static void loss(const LossCoefs<Lanes>& coefs, const Sample<Lanes, Lanes>& sample, const float* logits,
                   float* d_logits, float* terms) {
    Lanes columns[Agent::A];
    load_columns<Agent::A>(logits, kPass, columns);
    const auto loss = policy_loss<Agent::A>(coefs, sample, static_cast<const Lanes*>(columns));
    for (int a = 0; a < Agent::A; ++a) loss.d_logits[a].store(d_logits + a * kPass);
    for (int term = 0; term < kTerms; ++term) loss.terms[term].store(terms + term * kPass);
  }
};

template <class Agent>
struct CriticPart {
  using Net = typename Agent::Layout::Critic;
  static constexpr int kOffset = Agent::Layout::critic;
  static constexpr int kTermOffset = Agent::P + kValueTerm;
  static constexpr int kTerms = 1;

  static void loss(const LossCoefs<Lanes>& coefs, const Sample<Lanes, Lanes>& sample, const float* value,
                   float* d_value, float* term) {
    const auto loss = value_loss(coefs, sample, Lanes::load(value));
    loss.d_value.store(d_value);
    loss.term.store(term);
  }
};

/// Adds one network's gradient and loss terms over a chunk of a group to the group's sums.
template <class Part, class Agent>
void add_chunk(const LossCoefs<Lanes>& coefs, const Agent& agent, const Packed<typename Part::Net>& packed,
               const Chunk<Agent>& chunk, const LeafSums& sums) {
  using Net = typename Part::Net;
  const float* params = agent.params + Part::kOffset;
  HiddenBatch<Net::H, kPass> hidden;
  alignas(64) float output[Net::Out * kPass] = {};
  alignas(64) float d_output[Net::Out * kPass];
  alignas(64) float terms[Part::kTerms * kPass];
  for (int row = 0; row < chunk.count; row += kPass) {
    const int rows = min(kPass, chunk.count - row);
    const float* obs = chunk.obs + row * Agent::O;
    forward(params, packed, obs, rows, hidden, output, kPass);
    for (int s = 0; s < rows; s += Lanes::kWidth) {
      Part::loss(coefs, chunk.sample(row + s), output + s, d_output + s, terms + s);
    }
    LeafRows leaves[kPass / kLeafSize + 2];
    const auto cut = sums.cut(chunk.begin + row, rows, leaves);
    backward(packed, obs, hidden, static_cast<const float*>(d_output), rows, cut, Part::kOffset);
    for (const LeafRows& leaf : cut) {
      for (int term = 0; term < Part::kTerms; ++term) {
        float sum = leaf.start_scalar(Part::kTermOffset + term);
        for (int s = leaf.begin; s < leaf.end; ++s) sum += terms[term * kPass + s];
        leaf.finish_scalar(Part::kTermOffset + term, sum);
      }
    }
  }
}

/// A worker owns networks of groups: the two networks of one sample have nothing in common but the sample.
template <class Agent>
void Stages::gradient(const Hyper& hyper, Agent& agent, const Minibatch<Permutation>& minibatch,
                      const Worker& worker) {
  using Actor = ActorPart<Agent>;
  using Critic = CriticPart<Agent>;
  const LossCoefs<Lanes> coefs{Lanes(hyper.clip_coef), Lanes(hyper.ent_coef), Lanes(hyper.vf_coef),
                               hyper.clip_vloss};
  Packed<typename Actor::Net> actor;
  Packed<typename Critic::Net> critic;
  Chunk<Agent> chunk;
  float carry[Agent::kSums];
  static_assert(sizeof actor + sizeof critic + sizeof chunk + sizeof carry < 4 << 20,
                "an observation this large does not fit onto a thread's stack");

  const std::int64_t M = minibatch.size;
  const std::int64_t group_size = group_samples(M);
  const Share share = worker.share(2 * group_count(M));
  if (share.begin == share.end) return;
  const bool only_one = share.end - share.begin == 1;
  if (!only_one || share.begin % 2 == 0) actor.pack(agent.params + Actor::kOffset);
  if (!only_one || share.begin % 2 == 1) critic.pack(agent.params + Critic::kOffset);
  for (std::int64_t group = share.begin / 2; 2 * group < share.end; ++group) {
    const bool for_actor = 2 * group >= share.begin;
    const bool for_critic = 2 * group + 1 < share.end;
    const LeafSums sums{M, carry, agent.groups + group * Agent::kSums};
    const std::int64_t end = min((group + 1) * group_size, M);
    for (std::int64_t begin = group * group_size; begin < end; begin += Chunk<Agent>::kSize) {
      chunk.gather(agent, minibatch, begin, min(begin + Chunk<Agent>::kSize, end));
      if (for_actor) add_chunk<Actor>(coefs, agent, actor, chunk, sums);
      if (for_critic) add_chunk<Critic>(coefs, agent, critic, chunk, sums);
    }
    if (for_actor) reorder_head<typename Actor::Net>(sums.group + Actor::kOffset);
    if (for_critic) reorder_head<typename Critic::Net>(sums.group + Critic::kOffset);
  }
}

}  // namespace ppo::simd
