// The loop: sequences the stages of one update, and nothing else.
#pragma once

#include "cpu/reference/stages.hpp"
#include "ppo/init.hpp"

namespace ppo::reference {

/// Fresh parameters and environments for agent number `seed`; its memory has been cleared and carved.
template <class Agent>
void init(const Hyper& hyper, std::uint64_t seed, Agent& agent) {
  agent.seed = seed;
  agent.update = 0;
  agent.powers = {};
  init_params<typename Agent::Layout>(seed, agent.params);
  for (std::int32_t n = 0; n < hyper.num_envs; ++n) {
    const DrawKey key{.seed = seed, .environment = static_cast<std::uint32_t>(n)};
    agent.slots[n] = fresh_slot<typename Agent::Env>(key, Purpose::first_reset);
  }
}

/// Adds up the minibatches' mean loss terms and norms, in order.
struct LossMeans {
  float total[kLossTerms] = {};
  float norm = 0;
  float epoch_kl = 0;
  std::int32_t count = 0;

  void add(const float* terms, float grad_norm) {
    for (int term = 0; term < kLossTerms; ++term) total[term] += terms[term];
    epoch_kl += terms[kApproxKlTerm];
    norm += grad_norm;
    ++count;
  }

  float mean(LossTerm term) const { return total[term] / static_cast<float>(count); }
};

/// The stages above, for the loop to call; an engine that has faster ones brings a struct like this.
struct Stages {
  template <class Agent>
  static void rollout(const Hyper& hyper, Agent& agent, const Worker& worker) {
    reference::rollout(hyper, agent, worker);
  }
  template <class Agent>
  static void values(const Hyper& hyper, Agent& agent, const Worker& worker) {
    reference::values(hyper, agent, worker);
  }
  template <class Agent, class Order>
  static void gradient(const Hyper& hyper, Agent& agent, const Minibatch<Order>& minibatch,
                       const Worker& worker) {
    reference::gradient(hyper, agent, minibatch, worker);
  }
};

/// One update of one agent: collect T steps, estimate advantages, then epochs of shuffled minibatches. All
/// workers of the agent's team run it together, and each returns the same row.
template <class Stages, class Agent>
UpdateRow update(const Hyper& hyper, Agent& agent, const Worker& worker = {}) {
  if (worker.clock != nullptr) worker.clock->start();
  Stages::rollout(hyper, agent, worker);
  worker.end(Stage::rollout);
  Stages::values(hyper, agent, worker);
  worker.end(Stage::values);
  advantages(hyper, agent, worker);
  worker.end(Stage::advantages);
  const ChunkSums batch = merge_chunks(agent.rollout.chunks, chunk_count(hyper));

  const std::int64_t update = agent.update;
  const float lr = learning_rate(hyper, update);
  const std::int64_t M = minibatch_size(hyper);
  DrawKey key{.seed = agent.seed, .update = static_cast<std::uint32_t>(update)};
  AdamPowers powers = agent.powers;
  LossMeans means;
  std::int32_t epoch = 0;
  bool kl_exceeded = false;
  for (; epoch < hyper.update_epochs && !kl_exceeded; ++epoch) {
    key.step = static_cast<std::uint32_t>(epoch);
    Minibatch<Permutation> minibatch{Permutation(key, static_cast<std::uint32_t>(batch_size(hyper))),
                                     normaliser(batch.advantage, hyper.norm_adv), 0, M};
    means.epoch_kl = 0;
    for (; minibatch.first < batch_size(hyper); minibatch.first += M) {
      Stages::gradient(hyper, agent, minibatch, worker);
      worker.end(Stage::gradient);
      reduce(agent, M, worker);
      worker.end(Stage::reduce);
      means.add(agent.sums + Agent::P, adam_step(hyper, agent, powers, lr, worker));
      worker.end(Stage::adam);
    }
    const float epoch_kl = means.epoch_kl / static_cast<float>(hyper.num_minibatches);
    kl_exceeded = hyper.target_kl > 0 && epoch_kl > hyper.target_kl;
  }

  if (worker.leads()) {
    agent.powers = powers;
    agent.update = update + 1;
  }
  worker.wait();

  return {.update = update,
          .episodes = batch.ended.episodes,
          .length_sum = batch.ended.length_sum,
          .return_sum = batch.ended.return_sum,
          .loss_policy = means.mean(kPolicyTerm),
          .loss_value = means.mean(kValueTerm),
          .entropy = means.mean(kEntropyTerm),
          .approx_kl = means.mean(kApproxKlTerm),
          .clip_fraction = means.mean(kClipFractionTerm),
          .grad_norm = means.norm / static_cast<float>(means.count),
          .return_variance = variance_above_rounding(batch.ret),
          .residual_variance = variance(batch.advantage),  // return - value is the advantage
          .lr = lr,
          .epochs = epoch};
}

}  // namespace ppo::reference
