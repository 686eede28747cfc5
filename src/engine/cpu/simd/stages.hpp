// SIMD versions of the stages that take most of an update's time. The results equal those of
// src/engine/cpu/reference/stages.hpp to the bit.
#pragma once

#include <algorithm>
#include <new>

#include "engine/cpu/reference/stages.hpp"
#include "engine/cpu/simd/advantages.hpp"
#include "engine/cpu/simd/evaluate.hpp"
#include "engine/cpu/simd/workspace.hpp"

namespace ppo::simd {

/// The actions [numbers][kPass] of one step of up to kPass environments, and their log-probabilities.
template <class Head>
void draw_actions(const float* outputs, const float* extra, const float* noise, int rows, float* actions,
                  float* logp) {
  for_policies<Head>(outputs, extra, rows, [&](const auto& policy, int row) {
    Lanes action[Head::kNumbers];
    draw<Head>(policy, noise, row, action);
    store_columns(action, Head::kNumbers, kPass, actions + row);
    Head::log_prob(policy, static_cast<const Lanes*>(action)).store(logp + row);
  });
}

/// A pass of environments, step by step together. The observations of a step lie side by side in the rollout.
template <class Agent>
void rollout_pass(const Sizes& sizes, Agent& agent, const Workspace<Agent>& space,
                  const ObservationNorm<Agent::O>& norm, int first, int rows) {
  using Environment = EnvironmentRollout<Agent>;
  using Head = typename Agent::Head;
  const float* extra = agent.params + agent.layout.extra_begin();
  alignas(64) float logp[kPass];
  Environment* const environments = space.environments;
  for (int row = 0; row < rows; ++row) {
    new (environments + row) Environment(sizes, agent, norm, first + row);
  }
  for (std::int64_t t = 0; t < sizes.num_steps; ++t) {
    for (int row = 0; row < rows; ++row) environments[row].observe(t, environments[row].obs(t));
    for (int row = 0; row < rows; ++row) {
      float noise[Head::kNoise];
      Environment::action_noise(agent, first + row, t, noise);
      store_sample<Head::kNoise>(noise, row, space.noise);
    }
    PPO_NETWORK.forward(space.actor, environments[0].obs(t), rows, space.hidden, space.output);
    draw_actions<Head>(space.output, extra, space.noise, rows, space.actions, logp);
    for (int row = 0; row < rows; ++row) {
      float action[Head::kNumbers];
      load_sample<Head::kNumbers>(space.actions, row, action);
      environments[row].act(t, action, logp[row]);
    }
  }
  for (int row = 0; row < rows; ++row) environments[row].finish();
}

/// The actor's or the critic's part of the loss, over lanes of samples.
template <class Agent>
struct ActorPart {
  using Head = typename Agent::Head;
  static constexpr int kSums = Head::kExtra + kPolicyTerms;  // the extra parameters' gradient, then the terms

  static int begin(const Layout& layout) { return layout.actor_begin(); }  // of its parameters
  static int sums_begin(const Layout& layout) { return layout.extra_begin(); }
  static const PackedNetwork& network(const Workspace<Agent>& space) { return space.actor; }
  static const NetworkSums& sums(const Workspace<Agent>& space) { return space.actor_sums; }

  /// outputs [outputs][kPass] -> d_outputs [outputs][kPass], sums [kSums][kPass], from column s on.
  static void loss(const LossCoefs<Lanes>& coefs, const Agent& agent,
                   const Sample<Lanes, Head::kNumbers>& sample, const float* outputs, float* d_outputs,
                   float* sums) {
    Lanes columns[Head::kOutputs];
    load_columns(outputs, Head::kOutputs, kPass, columns);
    const auto loss = policy_loss<Head>(coefs, sample, static_cast<const Lanes*>(columns),
                                        agent.params + agent.layout.extra_begin());
    store_columns(loss.d_outputs, Head::kOutputs, kPass, d_outputs);
    store_columns(loss.sums, kSums, kPass, sums);
  }
};

template <class Agent>
struct CriticPart {
  static constexpr int kSums = 1;

  static int begin(const Layout& layout) { return layout.critic_begin(); }
  static int sums_begin(const Layout& layout) { return layout.size() + kValueTerm; }
  static const PackedNetwork& network(const Workspace<Agent>& space) { return space.critic; }
  static const NetworkSums& sums(const Workspace<Agent>& space) { return space.critic_sums; }

  static void loss(const LossCoefs<Lanes>& coefs, const Agent&,
                   const Sample<Lanes, Agent::Head::kNumbers>& sample, const float* value, float* d_value,
                   float* term) {
    const auto loss = value_loss(coefs, sample, Lanes::load(value));
    loss.d_value.store(d_value);
    loss.term.store(term);
  }
};

/// Adds one network's gradient and loss terms over a chunk of a group to the group's sums.
template <class Part, class Agent>
void add_chunk(const LossCoefs<Lanes>& coefs, const Agent& agent, const Workspace<Agent>& space,
               std::int64_t minibatch_size) {
  const Chunk<Agent>& chunk = *space.chunk;
  const PackedNetwork& network = Part::network(space);
  const LeafSums sums{minibatch_size, Part::sums(space).carry, Part::sums(space).group};
  const int sums_begin = network.net.size();
  alignas(64) float parts[Part::kSums * kPass];
  for (int row = 0; row < chunk.count; row += kPass) {
    const int rows = min(kPass, chunk.count - row);
    const float* obs = chunk.obs + row * Agent::O;
    PPO_NETWORK.forward(network, obs, rows, space.hidden, space.output);
    for (int s = 0; s < rows; s += Lanes::kWidth) {
      Part::loss(coefs, agent, chunk.sample(row + s), space.output + s, space.d_output + s, parts + s);
    }
    LeafRows leaves[kPass / kLeafSize + 2];
    const auto cut = sums.cut(chunk.begin + row, rows, leaves);
    PPO_NETWORK.backward(network, obs, space.hidden, space.d_output, rows, cut);
    for (const LeafRows& leaf : cut) {
      for (int i = 0; i < Part::kSums; ++i) {
        float sum = leaf.start_scalar(sums_begin + i);
        for (int s = leaf.begin; s < leaf.end; ++s) sum += parts[i * kPass + s];
        leaf.finish_scalar(sums_begin + i, sum);
      }
    }
  }
}

/// One network's sums over a finished group, to the agent's.
template <class Part, class Agent>
void store_group(const Layout& layout, const Workspace<Agent>& space, float* group) {
  const Mlp& net = Part::network(space).net;
  const float* sums = Part::sums(space).group;
  PPO_NETWORK.unpack_sums(net, sums, group + Part::begin(layout));
  std::copy_n(sums + net.size(), Part::kSums, group + Part::sums_begin(layout));
}

/// The others are cheap: they stay the plain ones.
struct Stages : reference::Stages {
  template <class Agent>
  static std::size_t scratch_bytes(const Layout& layout) {
    Workspace<Agent> training;
    EvaluationSpace<typename Agent::Env> playing;
    return max(Workspace<Agent>::carve(layout, nullptr, training),
               EvaluationSpace<typename Agent::Env>::carve(layout, nullptr, playing));
  }

  template <class Agent>
  static void rollout(const Sizes& sizes, Agent& agent, const Worker& worker) {
    Workspace<Agent> space(sizes, agent, worker);
    PPO_NETWORK.pack_forward(space.actor);
    const ObservationNorm<Agent::O> norm(agent.tuning.norm_obs, agent.moments_before(agent.update));
    const Share envs = worker.share(sizes.num_envs);
    for (std::int64_t first = envs.begin; first < envs.end; first += kPass) {
      const std::int64_t rows = min(std::int64_t{kPass}, envs.end - first);
      rollout_pass(sizes, agent, space, norm, static_cast<int>(first), static_cast<int>(rows));
    }
  }

  template <class Agent>
  static void values(const Sizes& sizes, Agent& agent, const Worker& worker) {
    Workspace<Agent> space(sizes, agent, worker);
    PPO_NETWORK.pack_forward(space.critic);
    const auto batch = [&](const float* obs, float* value, std::int64_t count) {
      const Share share = worker.share(count);
      for (std::int64_t i = share.begin; i < share.end; i += kPass) {
        const int rows = static_cast<int>(min(std::int64_t{kPass}, share.end - i));
        PPO_NETWORK.forward(space.critic, obs + i * Agent::O, rows, space.hidden, value + i);
      }
    };
    const std::int64_t N = sizes.num_envs;
    batch(agent.rollout.obs, agent.rollout.value, (sizes.num_steps + std::int64_t{1}) * N);
    batch(agent.rollout.final_obs, agent.rollout.final_value, reference::truncated_rows(sizes, agent) * N);
  }

  template <class Agent>
  static void advantages(const Sizes& sizes, Agent& agent, const Worker& worker) {
    reference::advantages(sizes, agent, worker, advantages_of_chunk);
  }

  template <class Agent>
  static void gradient(const Sizes& sizes, Agent& agent, const Minibatch<Permutation>& minibatch,
                       const Worker& worker);

  template <IsEnv Env>
  static void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator,
                       void* scratch, EpisodeResult* results) {
    simd::evaluate<Env>(trained, options, spectator, scratch, results);
  }
};

/// A worker owns networks of groups: the two networks of one sample have nothing in common but the sample.
template <class Agent>
void Stages::gradient(const Sizes& sizes, Agent& agent, const Minibatch<Permutation>& minibatch,
                      const Worker& worker) {
  using Actor = ActorPart<Agent>;
  using Critic = CriticPart<Agent>;
  const Tuning& tuning = agent.tuning;
  const LossCoefs<Lanes> coefs{Lanes(tuning.clip_coef), Lanes(tuning.ent_coef), Lanes(tuning.vf_coef),
                               tuning.clip_vloss};
  const Layout& layout = agent.layout;
  Workspace<Agent> space(sizes, agent, worker);

  const std::int64_t M = minibatch.size;
  const std::int64_t group_size = group_samples(M);
  const Share share = worker.share(group_count(M), 2);
  if (share.begin == share.end) return;
  const bool only_one = share.end - share.begin == 1;
  if (!only_one || share.begin % 2 == 0) PPO_NETWORK.pack(space.actor);
  if (!only_one || share.begin % 2 == 1) PPO_NETWORK.pack(space.critic);
  for (std::int64_t group = share.begin / 2; 2 * group < share.end; ++group) {
    const bool for_actor = 2 * group >= share.begin;
    const bool for_critic = 2 * group + 1 < share.end;
    const std::int64_t end = min((group + 1) * group_size, M);
    for (std::int64_t begin = group * group_size; begin < end; begin += Chunk<Agent>::kSize) {
      space.chunk->gather(agent, minibatch, begin, min(begin + Chunk<Agent>::kSize, end));
      if (for_actor) add_chunk<Actor>(coefs, agent, space, M);
      if (for_critic) add_chunk<Critic>(coefs, agent, space, M);
    }
    float* const to = agent.groups + group * sums_size(layout);
    if (for_actor) store_group<Actor>(layout, space, to);
    if (for_critic) store_group<Critic>(layout, space, to);
  }
}

}  // namespace ppo::simd
