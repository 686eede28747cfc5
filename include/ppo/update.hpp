// One update of one agent, as every engine runs it: the order of the stages, and what passes between them.
//
// An engine provides the stages (each is the work of one worker of the agent's team) and the worker, which
// knows its team's barrier. src/engine/cpu/reference/stages.hpp is the plain form.
#pragma once

#include <cstdint>

#include "ppo/gae.hpp"
#include "ppo/gradient.hpp"
#include "ppo/loss.hpp"
#include "ppo/metrics.hpp"
#include "ppo/permutation.hpp"
#include "ppo/rollout.hpp"
#include "ppo/stage.hpp"
#include "ppo/train_state.hpp"

namespace ppo {

/// Merges all chunks in order. Every worker computes the same result for itself.
PPO_HD inline ChunkSums merge_chunks(const ChunkSums* chunks, int count) {
  ChunkSums all = chunks[0];
  for (int chunk = 1; chunk < count; ++chunk) {
    all.advantage = merge(all.advantage, chunks[chunk].advantage);
    all.ret = merge(all.ret, chunks[chunk].ret);
    all.ended.add(chunks[chunk].ended);
    if (all.fault.any == 0) all.fault = chunks[chunk].fault;
  }
  return all;
}

/// One minibatch of a shuffled epoch, as the gradient stage reads it. Order maps a position to a sample of
/// the batch.
template <class Order>
struct Minibatch {
  Order order;
  Normaliser<float> normaliser;
  std::int64_t first;  // position in the order
  std::int64_t size;   // M
};

/// What the rollout recorded of a sample, as it lies in memory.
template <class Head>
struct RecordedSample {
  typename Head::Stored action[Head::kNumbers];
  float logp;
  float value;
  float advantage;

  /// In the form the loss needs.
  PPO_HD Sample<float, Head::kNumbers> sample(const Normaliser<float>& normaliser) const {
    Sample<float, Head::kNumbers> sample;
    for (int d = 0; d < Head::kNumbers; ++d) sample.action[d] = static_cast<float>(action[d]);
    sample.logp = logp;
    sample.value = value;
    sample.advantage = (advantage - normaliser.shift) * normaliser.scale;
    sample.ret = advantage + value;
    return sample;
  }
};

/// Of sample i of the batch.
template <IsEnv Env>
PPO_HD RecordedSample<typename Rollout<Env>::Head> recorded_sample(const Rollout<Env>& rollout,
                                                                   std::int64_t i) {
  constexpr int kNumbers = Rollout<Env>::Head::kNumbers;
  RecordedSample<typename Rollout<Env>::Head> recorded;
  recorded.logp = rollout.logp[i];
  recorded.value = rollout.value[i];
  recorded.advantage = rollout.advantage[i];
  for (int d = 0; d < kNumbers; ++d) recorded.action[d] = rollout.action[i * kNumbers + d];
  return recorded;
}

/// The same in the form the loss needs.
template <IsEnv Env>
PPO_HD Sample<float, Rollout<Env>::Head::kNumbers> sample_of(const Rollout<Env>& rollout,
                                                             const Normaliser<float>& normaliser,
                                                             std::int64_t i) {
  return recorded_sample(rollout, i).sample(normaliser);
}

/// The statistics after this update's rollout, of number i: of the observation, or O of the return.
template <class Agent>
PPO_HD Moments<double> next_moments(const Sizes& sizes, const Agent& agent, int i) {
  const Moments<double>& before = agent.moments_before(agent.update)[i];
  const Tuning& tuning = agent.tuning;
  if (!(i < Agent::O ? tuning.norm_obs : tuning.norm_reward)) return before;
  return merge_environments(before, agent.rollout.moments, sizes.num_envs, Agent::kMoments, i);
}

/// What a step of Adam reports.
struct StepResult {
  float grad_norm;     // before clipping
  const float* terms;  // [kLossTerms] mean terms of the minibatch's loss
};

/// Accumulates the minibatches' mean loss terms and gradient norms, in order.
struct LossMeans {
  float total[kLossTerms] = {};
  float norm = 0;
  float epoch_kl = 0;
  std::int32_t count = 0;

  PPO_HD void add(const StepResult& step) {
    for (int term = 0; term < kLossTerms; ++term) total[term] += step.terms[term];
    epoch_kl += step.terms[kApproxKlTerm];
    norm += step.grad_norm;
    ++count;
  }

  PPO_HD float mean(LossTerm term) const { return total[term] / static_cast<float>(count); }
};

/// A worker's notes about the current update. On a CPU every worker has its own; on a GPU the threads of a
/// block share one, written by one of them.
struct UpdateNotes {
  std::int64_t update;
  float lr;
  ChunkSums batch;
  Minibatch<Permutation> minibatch;  // the current one
  std::int32_t epoch;                // the current one; at the end, how many have run
  bool done;                         // after the last minibatch, or with nothing to learn from
  AdamPowers powers;
  LossMeans means;

  /// To be called after the advantages: sets what all minibatches share, and the first minibatch.
  template <class Agent>
  PPO_HD void begin(const Sizes& sizes, const Agent& agent) {
    update = agent.update;
    lr = learning_rate(sizes, agent.tuning, update);
    batch = merge_chunks(agent.rollout.chunks, chunk_count(sizes));
    minibatch.normaliser = normaliser(batch.advantage, agent.tuning.norm_adv);
    minibatch.size = minibatch_size(sizes);
    powers = agent.powers;
    means = {};
    done = is_faulty();
    begin_epoch(sizes, agent.tuning.seed, 0);
  }

  /// To be called after a step of Adam: records its report and moves on to the next minibatch.
  PPO_HD void next_minibatch(const Sizes& sizes, const Tuning& tuning, const StepResult& step) {
    means.add(step);
    minibatch.first += minibatch.size;
    if (minibatch.first < batch_size(sizes)) return;
    const float epoch_kl = means.epoch_kl / static_cast<float>(sizes.num_minibatches);
    const bool kl_exceeded = tuning.target_kl > 0 && epoch_kl > tuning.target_kl;
    begin_epoch(sizes, tuning.seed, epoch + 1);
    done = epoch == tuning.update_epochs || kl_exceeded;
  }

  /// Whether an environment gave a number that is not finite: nothing is learned from this rollout, and the
  /// same update runs next.
  PPO_HD bool is_faulty() const { return batch.fault.any != 0; }

  PPO_HD UpdateRow row() const {
    if (is_faulty()) return {.update = update, .lr = lr, .fault = batch.fault};
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
            .epochs = epoch,
            .return_min = batch.ended.return_min,
            .return_max = batch.ended.return_max,
            .fault = {}};
  }

 private:
  /// Shuffles the batch anew for an epoch.
  PPO_HD void begin_epoch(const Sizes& sizes, std::uint64_t seed, std::int32_t number) {
    epoch = number;
    const DrawKey key{.seed = seed,
                      .update = static_cast<std::uint32_t>(update),
                      .step = static_cast<std::uint32_t>(number)};
    minibatch.order = Permutation(key, static_cast<std::uint32_t>(batch_size(sizes)));
    minibatch.first = 0;
    means.epoch_kl = 0;
  }
};

/// Collects T steps, estimates advantages, then steps through epochs of shuffled minibatches. All workers of
/// the agent's team run it together; all end with the same notes. An update with a fault leaves the agent's
/// training state as it was.
PPO_CALLS_BACK
template <class Stages, class Agent, class Worker>
PPO_HD PPO_INLINE void update(const Sizes& sizes, Agent& agent, const Worker& worker, UpdateNotes& notes) {
  worker.begin();
  Stages::rollout(sizes, agent, worker);
  worker.end(Stage::rollout);
  Stages::values(sizes, agent, worker);
  worker.end(Stage::values);
  Stages::advantages(sizes, agent, worker);
  worker.end(Stage::advantages);
  if (worker.writes_notes()) notes.begin(sizes, agent);
  worker.end_notes();

  while (!notes.done) {
    Stages::gradient(sizes, agent, notes.minibatch, worker);
    worker.end(Stage::gradient);
    Stages::reduce(agent, notes.minibatch.size, worker);
    worker.end(Stage::reduce);
    const StepResult step = Stages::adam(agent, notes.powers, notes.lr, worker);
    worker.arrive(Stage::adam);  // the others need not wait for the notes
    if (worker.writes_notes()) notes.next_minibatch(sizes, agent.tuning, step);
    worker.leave(Stage::adam);
  }

  if (worker.writes_header() && !notes.is_faulty()) {
    agent.powers = notes.powers;
    agent.update = notes.update + 1;
  }
  worker.end_header();
}

}  // namespace ppo
