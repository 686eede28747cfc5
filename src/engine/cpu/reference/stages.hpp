// The stages of one update in plain scalar code. This is the specification that every faster engine must
// match to the bit. Each function says which part of the work a worker of the team owns.
#pragma once

#include "engine/cpu/reference/evaluate.hpp"
#include "engine/cpu/worker.hpp"
#include "ppo/update.hpp"

namespace ppo::reference {

/// A worker owns environments.
template <class Agent>
void rollout(const Sizes& sizes, Agent& agent, const Worker& worker = {}) {
  using Head = typename Agent::Head;
  const Share envs = worker.share(sizes.num_envs);
  const ObservationNorm<Agent::O> norm(agent.tuning.norm_obs, agent.moments_before(agent.update));
  for (auto n = static_cast<int>(envs.begin); n < envs.end; ++n) {
    EnvironmentRollout<Agent> environment(sizes, agent, norm, n);
    for (std::int64_t t = 0; t < sizes.num_steps; ++t) {
      float* obs = environment.obs(t);
      environment.observe(t, obs);
      const auto policy = policy_of<Head>(sizes, agent.layout, agent.params, obs);
      float noise[Head::kNoise];
      float action[Head::kNumbers];
      environment.action_noise(agent, n, t, noise);
      Head::sample(policy, static_cast<const float*>(noise), action);
      environment.act(t, action, Head::log_prob(policy, static_cast<const float*>(action)));
    }
    environment.finish();
  }
}

template <class Agent>
float value_of(const Sizes& sizes, const Agent& agent, const float* obs) {
  Activations<float> unused;
  float value;
  const float* params = agent.params + agent.layout.critic_begin();
  forward(agent.layout.critic(), sizes.activation, params, obs, unused, &value);
  return value;
}

/// Rows of final_obs and final_value that hold something of some environment, in update's rollout.
template <class Agent>
std::int64_t truncated_rows(const Sizes& sizes, const Agent& agent) {
  std::int32_t most = 0;
  for (std::int32_t n = 0; n < sizes.num_envs; ++n) most = max(most, agent.rollout.truncated[n]);
  return most;
}

/// A worker owns observations. Acting does not need the critic, so it runs here, as a batch. Where final_obs
/// holds nothing of an environment, nobody reads the value.
template <class Agent>
void values(const Sizes& sizes, Agent& agent, const Worker& worker = {}) {
  const std::int64_t N = sizes.num_envs;
  const auto batch = [&](const float* obs, float* value, std::int64_t count) {
    const Share share = worker.share(count);
    for (std::int64_t i = share.begin; i < share.end; ++i) {
      value[i] = value_of(sizes, agent, obs + i * Agent::O);
    }
  };
  batch(agent.rollout.obs, agent.rollout.value, (sizes.num_steps + std::int64_t{1}) * N);
  batch(agent.rollout.final_obs, agent.rollout.final_value, truncated_rows(sizes, agent) * N);
}

/// The advantages of the environments [begin, end), a chunk, and their moments.
inline void advantages_of_chunk(const Trajectories<float>& data, const Tuning& tuning, int begin, int end,
                                ChunkSums& sums) {
  for (int n = begin; n < end; ++n) advantages_of_environment(data, n, tuning.gamma, tuning.gae_lambda);
  const auto moments = [&](auto entry) {
    return chunk_moments<float>(data.num_steps, data.num_envs, begin, end, entry);
  };
  sums.advantage = moments([&](std::int64_t i) { return data.advantage[i]; });
  sums.ret = moments([&](std::int64_t i) { return data.advantage[i] + data.value[i]; });
}

/// A worker owns chunks of environments; in its team it also owns statistics, which it leaves for the next
/// update.
template <class Agent, class OfChunk>
void advantages(const Sizes& sizes, Agent& agent, const Worker& worker, OfChunk of_chunk) {
  auto& rollout = agent.rollout;
  Trajectories<float> data = trajectories_of(sizes, rollout);
  data.reward_norm = reward_norm(agent.tuning.norm_reward, next_moments(sizes, agent, Agent::O));
  const Share statistics = worker.share_in_team(Agent::kMoments);
  Moments<double>* next = agent.moments_before(agent.update + 1);
  for (auto i = static_cast<int>(statistics.begin); i < statistics.end; ++i) {
    next[i] = next_moments(sizes, agent, i);
  }
  const Share chunks = worker.share(chunk_count(sizes));
  for (std::int64_t chunk = chunks.begin; chunk < chunks.end; ++chunk) {
    const int begin = static_cast<int>(chunk) * kChunkEnvs;
    const int end = min(begin + kChunkEnvs, sizes.num_envs);
    ChunkSums& sums = rollout.chunks[chunk];
    of_chunk(data, agent.tuning, begin, end, sums);
    sums.ended = {};
    sums.fault = {};
    for (int n = begin; n < end; ++n) {
      sums.ended.add(rollout.ended_sums[n]);
      if (sums.fault.any == 0) sums.fault = rollout.fault[n];
    }
  }
}

template <class Agent>
void advantages(const Sizes& sizes, Agent& agent, const Worker& worker = {}) {
  advantages(sizes, agent, worker, advantages_of_chunk);
}

/// A worker owns groups: their sums of gradients and loss terms over the minibatch. Its scratch holds a leaf,
/// [P + kLossTerms].
template <class Agent, class Order>
void gradient(const Sizes& sizes, Agent& agent, const Minibatch<Order>& minibatch,
              const Worker& worker = {}) {
  const int size = sums_size(agent.layout);
  const auto& rollout = agent.rollout;
  const Tuning& tuning = agent.tuning;
  const LossCoefs<float> coefs{tuning.clip_coef, tuning.ent_coef, tuning.vf_coef, tuning.clip_vloss};
  const std::int64_t leaf_size = leaf_samples(minibatch.size);
  const std::int64_t group_size = group_samples(minibatch.size);
  const Share groups = worker.share(group_count(minibatch.size));
  const std::int64_t samples_end = min(groups.end * group_size, minibatch.size);
  for (std::int64_t begin = groups.begin * group_size; begin < samples_end; begin += leaf_size) {
    const std::int64_t end = min(begin + leaf_size, samples_end);
    auto* leaf = static_cast<float*>(worker.scratch);
    for (int p = 0; p < size; ++p) leaf[p] = 0;
    for (std::int64_t k = begin; k < end; ++k) {
      const std::int64_t i = minibatch.order(static_cast<std::uint32_t>(minibatch.first + k));
      const float* obs = rollout.obs + i * Agent::O;
      add_sample<typename Agent::Head>(agent.layout, sizes.activation,
                                       static_cast<const float*>(agent.params), coefs, obs,
                                       sample_of(rollout, minibatch.normaliser, i), leaf);
    }
    float* group = agent.groups + begin / group_size * size;
    const bool first_of_group = begin % group_size == 0;
    for (int p = 0; p < size; ++p) group[p] = first_of_group ? leaf[p] : group[p] + leaf[p];
  }
}

/// A worker owns slices: the groups added in order, as means over the minibatch, and the slices' squares. The
/// team's first worker also owns the terms of the loss. Every rank does all of it, and of Adam.
template <class Agent>
void reduce(Agent& agent, std::int64_t minibatch_size, const Worker& worker = {}) {
  const std::int64_t P = agent.layout.size();
  const std::int64_t size = sums_size(agent.layout);
  const auto mean = [&](std::int64_t begin, std::int64_t end) {
    const float share = 1.0F / static_cast<float>(minibatch_size);
    for (std::int64_t p = begin; p < end; ++p) agent.sums[p] = agent.groups[p];
    for (std::int64_t group = 1; group < group_count(minibatch_size); ++group) {
      for (std::int64_t p = begin; p < end; ++p) agent.sums[p] += agent.groups[group * size + p];
    }
    for (std::int64_t p = begin; p < end; ++p) agent.sums[p] *= share;
  };
  const Share slices = worker.share_in_team(slice_count(agent.layout.size()));
  for (std::int64_t slice = slices.begin; slice < slices.end; ++slice) {
    const std::int64_t begin = slice * kSliceSize;
    const std::int64_t end = min(begin + kSliceSize, P);
    mean(begin, end);
    agent.squares[slice] =
        slice_square(static_cast<const float*>(agent.sums + begin), static_cast<int>(end - begin));
  }
  if (worker.leads()) mean(P, size);
}

/// A worker owns slices, with their moments, and a copy of the powers. Returns the norm of the gradient
/// before clipping.
template <class Agent>
float adam_step(Agent& agent, AdamPowers& powers, float lr, const Worker& worker = {}) {
  const int P = agent.layout.size();
  const float norm = global_norm(static_cast<const float*>(agent.squares), slice_count(P));
  const AdamStep<float> step = next_adam_step(powers, clip_scale(norm, agent.tuning.max_grad_norm), lr);
  const Share slices = worker.share_in_team(slice_count(P));
  const std::int64_t end = min(slices.end * kSliceSize, std::int64_t{P});
  for (std::int64_t p = slices.begin * kSliceSize; p < end; ++p) {
    adam(step, agent.sums[p], agent.params[p], agent.moment1[p], agent.moment2[p]);
  }
  return norm;
}

/// The stages above as a struct, for the update loop; and `evaluate`. A faster engine provides a struct like
/// this one.
struct Stages {
  /// Of a worker, or of `evaluate`.
  template <class Agent>
  static std::size_t scratch_bytes(const Layout& layout) {
    return static_cast<std::size_t>(sums_size(layout)) * sizeof(float);
  }

  template <class Agent>
  static void rollout(const Sizes& sizes, Agent& agent, const Worker& worker) {
    reference::rollout(sizes, agent, worker);
  }
  template <class Agent>
  static void values(const Sizes& sizes, Agent& agent, const Worker& worker) {
    reference::values(sizes, agent, worker);
  }
  template <class Agent>
  static void advantages(const Sizes& sizes, Agent& agent, const Worker& worker) {
    reference::advantages(sizes, agent, worker);
  }
  template <class Agent, class Order>
  static void gradient(const Sizes& sizes, Agent& agent, const Minibatch<Order>& minibatch,
                       const Worker& worker) {
    reference::gradient(sizes, agent, minibatch, worker);
  }
  template <class Agent>
  static void reduce(Agent& agent, std::int64_t minibatch_size, const Worker& worker) {
    reference::reduce(agent, minibatch_size, worker);
  }
  template <class Agent>
  static StepResult adam(Agent& agent, AdamPowers& powers, float lr, const Worker& worker) {
    return {reference::adam_step(agent, powers, lr, worker), agent.sums + agent.layout.size()};
  }

  template <IsEnv Env>
  static void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator, void*,
                       EpisodeResult* results) {
    reference::evaluate<Env>(trained, options, spectator, results);
  }
};

}  // namespace ppo::reference
