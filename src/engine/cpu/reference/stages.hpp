// The stages of one update in plain scalar code. This is the specification that every faster engine must
// match to the bit. Each function says which part of the work a worker of the team owns.
#pragma once

#include "engine/cpu/worker.hpp"
#include "ppo/update.hpp"

namespace ppo::reference {

/// A worker owns environments.
template <class Agent>
void rollout(const Hyper& hyper, Agent& agent, const Worker& worker = {}) {
  using Actor = typename Agent::Layout::Actor;
  const Share envs = worker.share(hyper.num_envs);
  for (std::int64_t n = envs.begin; n < envs.end; ++n) {
    EnvironmentRollout<Agent> environment(hyper, agent, static_cast<int>(n));
    for (std::int64_t t = 0; t < hyper.num_steps; ++t) {
      float* obs = environment.obs(t);
      environment.observe(obs);
      Activations<Actor, float> unused;
      float logits[Agent::A];
      forward(agent.params + Agent::Layout::actor, static_cast<const float*>(obs), unused, logits);
      const auto policy = categorical<Agent::A>(static_cast<const float*>(logits));
      const int action = sample(policy, environment.action_uniform(agent, static_cast<int>(n), t));
      environment.act(t, action, log_prob(policy, action));
    }
    environment.finish();
  }
}

template <class Agent>
float value_of(const Agent& agent, const float* obs) {
  using Critic = typename Agent::Layout::Critic;
  Activations<Critic, float> unused;
  float value;
  forward<Critic>(agent.params + Agent::Layout::critic, obs, unused, &value);
  return value;
}

/// A worker owns environments. Acting does not need the critic, so it runs here, as a batch.
template <class Agent>
void values(const Hyper& hyper, Agent& agent, const Worker& worker = {}) {
  constexpr int O = Agent::O;
  const std::int64_t N = hyper.num_envs;
  auto& rollout = agent.rollout;
  const Share envs = worker.share(N);
  for (std::int64_t n = envs.begin; n < envs.end; ++n) {
    for (std::int64_t i = n; i < (hyper.num_steps + 1) * N; i += N) {
      rollout.value[i] = value_of(agent, rollout.obs + i * O);
    }
    for (std::int64_t i = n; i < rollout.truncated[n] * N; i += N) {
      rollout.final_value[i] = value_of(agent, rollout.final_obs + i * O);
    }
  }
}

/// A worker owns chunks of environments.
template <class Agent>
void advantages(const Hyper& hyper, Agent& agent, const Worker& worker = {}) {
  auto& rollout = agent.rollout;
  const std::int64_t T = hyper.num_steps;
  const std::int32_t N = hyper.num_envs;
  const Trajectories<float> data = trajectories_of(hyper, rollout);
  const Share chunks = worker.share(chunk_count(hyper));
  for (std::int64_t chunk = chunks.begin; chunk < chunks.end; ++chunk) {
    const int begin = static_cast<int>(chunk) * kChunkEnvs;
    const int end = min(begin + kChunkEnvs, N);
    ChunkSums& sums = rollout.chunks[chunk];
    sums.ended = {};
    for (int n = begin; n < end; ++n) {
      advantages_of_environment(data, n, hyper.gamma, hyper.gae_lambda);
      sums.ended.add(rollout.ended_sums[n]);
    }
    const float* advantage = rollout.advantage;
    const float* value = rollout.value;
    sums.advantage = chunk_moments<float>(T, N, begin, end, [=](std::int64_t i) { return advantage[i]; });
    sums.ret =
        chunk_moments<float>(T, N, begin, end, [=](std::int64_t i) { return advantage[i] + value[i]; });
  }
}

/// A worker owns groups: their sums of gradients and loss terms over the minibatch.
template <class Agent, class Order>
void gradient(const Hyper& hyper, Agent& agent, const Minibatch<Order>& minibatch,
              const Worker& worker = {}) {
  constexpr int kSums = Agent::kSums;
  const auto& rollout = agent.rollout;
  const LossCoefs<float> coefs{hyper.clip_coef, hyper.ent_coef, hyper.vf_coef, hyper.clip_vloss};
  const std::int64_t leaf_size = leaf_samples(minibatch.size);
  const std::int64_t group_size = group_samples(minibatch.size);
  const Share groups = worker.share(group_count(minibatch.size));
  const std::int64_t samples_end = min(groups.end * group_size, minibatch.size);
  for (std::int64_t begin = groups.begin * group_size; begin < samples_end; begin += leaf_size) {
    const std::int64_t end = min(begin + leaf_size, samples_end);
    float leaf[kSums] = {};
    for (std::int64_t k = begin; k < end; ++k) {
      const std::int64_t i = minibatch.order(static_cast<std::uint32_t>(minibatch.first + k));
      const float* obs = rollout.obs + i * Agent::O;
      add_sample<typename Agent::Layout, Agent::A>(static_cast<const float*>(agent.params), coefs, obs,
                                                   sample_of(rollout, minibatch.normaliser, i), leaf);
    }
    float* group = agent.groups + begin / group_size * kSums;
    const bool first_of_group = begin % group_size == 0;
    for (int p = 0; p < kSums; ++p) group[p] = first_of_group ? leaf[p] : group[p] + leaf[p];
  }
}

/// A worker owns slices: the groups added in order, as means over the minibatch, and the slices' squares. The
/// first worker also owns the terms of the loss.
template <class Agent>
void reduce(Agent& agent, std::int64_t minibatch_size, const Worker& worker = {}) {
  const auto mean = [&](std::int64_t begin, std::int64_t end) {
    const float share = 1.0F / static_cast<float>(minibatch_size);
    for (std::int64_t p = begin; p < end; ++p) agent.sums[p] = agent.groups[p];
    for (std::int64_t group = 1; group < group_count(minibatch_size); ++group) {
      for (std::int64_t p = begin; p < end; ++p) agent.sums[p] += agent.groups[group * Agent::kSums + p];
    }
    for (std::int64_t p = begin; p < end; ++p) agent.sums[p] *= share;
  };
  const Share slices = worker.share(slice_count(Agent::P));
  for (std::int64_t slice = slices.begin; slice < slices.end; ++slice) {
    const std::int64_t begin = slice * kSliceSize;
    const std::int64_t end = min(begin + kSliceSize, std::int64_t{Agent::P});
    mean(begin, end);
    agent.squares[slice] =
        slice_square(static_cast<const float*>(agent.sums + begin), static_cast<int>(end - begin));
  }
  if (worker.leads()) mean(Agent::P, Agent::kSums);
}

/// A worker owns slices, with their moments, and a copy of the powers. Returns the norm of the gradient
/// before clipping.
template <class Agent>
float adam_step(const Hyper& hyper, Agent& agent, AdamPowers& powers, float lr, const Worker& worker = {}) {
  const float norm = global_norm(static_cast<const float*>(agent.squares), slice_count(Agent::P));
  const AdamStep<float> step = next_adam_step(powers, clip_scale(norm, hyper.max_grad_norm), lr);
  const Share slices = worker.share(slice_count(Agent::P));
  const std::int64_t end = min(slices.end * kSliceSize, std::int64_t{Agent::P});
  for (std::int64_t p = slices.begin * kSliceSize; p < end; ++p) {
    adam(step, agent.sums[p], agent.params[p], agent.moment1[p], agent.moment2[p]);
  }
  return norm;
}

/// The stages above as a struct, for the update loop. A faster engine provides a struct like this one.
struct Stages {
  template <class Agent>
  static void rollout(const Hyper& hyper, Agent& agent, const Worker& worker) {
    reference::rollout(hyper, agent, worker);
  }
  template <class Agent>
  static void values(const Hyper& hyper, Agent& agent, const Worker& worker) {
    reference::values(hyper, agent, worker);
  }
  template <class Agent>
  static void advantages(const Hyper& hyper, Agent& agent, const Worker& worker) {
    reference::advantages(hyper, agent, worker);
  }
  template <class Agent, class Order>
  static void gradient(const Hyper& hyper, Agent& agent, const Minibatch<Order>& minibatch,
                       const Worker& worker) {
    reference::gradient(hyper, agent, minibatch, worker);
  }
  template <class Agent>
  static void reduce(Agent& agent, std::int64_t minibatch_size, const Worker& worker) {
    reference::reduce(agent, minibatch_size, worker);
  }
  template <class Agent>
  static StepResult adam(const Hyper& hyper, Agent& agent, AdamPowers& powers, float lr,
                         const Worker& worker) {
    return {reference::adam_step(hyper, agent, powers, lr, worker), agent.sums + Agent::P};
  }
};

}  // namespace ppo::reference
