// Rollout: a block plays its environments. With a warp for each, the weights stay in registers and a step
// takes as little time as its chain of dependent operations allows; with more environments, tiles of 16 use
// every weight that comes from shared memory for all of them.
#pragma once

#include "kernels/foresight.hpp"
#include "kernels/warp_actor.hpp"
#include "kernels/weights.hpp"
#include "ppo/rollout.hpp"

namespace ppo {

/// An action as the policy draws it, from the actor's outputs.
template <class Head>
struct DrawnAction {
  typename Head::template Policy<float> policy;
  float numbers[Head::kNumbers];

  PPO_DEVICE DrawnAction(const float* outputs, const float* extra, const float* noise)
      : policy(Head::policy(outputs, extra)) {
    Head::sample(policy, noise, numbers);
  }

  PPO_DEVICE float log_prob() const { return Head::log_prob(policy, static_cast<const float*>(numbers)); }
};

/// A step as a lane keeps it. `foreseen`: without its outcome, which the second warp records.
template <class Agent, bool foreseen>
struct RecordedStep {
  using Head = typename Agent::Head;
  float obs[Agent::O];
  float outputs[Agent::Actor::Out];
  Step<Head> step;

  PPO_DEVICE void record(const EnvironmentRollout<Agent>& environment, int t, const float* extra) const {
    PPO_UNROLL
    for (int i = 0; i < Agent::O; ++i) environment.obs(t)[i] = obs[i];
    environment.record_action(t, step.action, Head::log_prob(Head::policy(outputs, extra), step.action));
    if constexpr (!foreseen) environment.record_outcome(t, step);
  }
};

/// Writes step t of a warp's environment to memory, which all lanes know: every 32 steps, when each lane has
/// kept one of them, since stores in every step would hold up the chain. The same goes for log-probabilities,
/// which the next step does not need.
template <class Agent, bool foreseen>
PPO_DEVICE void record_by_warp(const EnvironmentRollout<Agent>& environment, int lane, int t, bool last,
                               const RecordedStep<Agent, foreseen>& latest, const float* extra,
                               RecordedStep<Agent, foreseen>& kept) {
  if constexpr (!kKeepsSteps<Agent>) {
    if (lane == 0) latest.record(environment, t, extra);
  } else {
    if (lane == t % 32) kept = latest;
    if (t % 32 != 31 && !last) return;
    if (lane <= t % 32) kept.record(environment, t - t % 32 + lane, extra);
  }
}

/// One environment by one warp: all lanes step it, each on a copy of its own, so that an observation is where
/// it is needed, without a trip through memory. `foreseen`: by the first of two warps, which only acts.
template <bool foreseen, class Agent>
PPO_DEVICE void rollout_by_warp(const Sizes& sizes, const TeamBlock<Agent>& block, int n) {
  using Head = typename Agent::Head;
  constexpr int kNoise = Head::kNoise;
  auto& shared = block.shared;
  const Agent& agent = shared.agent;
  const int lane = device::thread_index() % 32;
  auto& h1 = shared.by_warp.layers[device::thread_index() / 32];
  const WarpActor<Agent> actor(sizes.activation, shared.weights, lane);
  EnvironmentRollout<Agent> environment(sizes, agent, shared.obs_norm, n, lane == 0 && !foreseen);
  float ahead[kNoise] = {};              // of the lane's own step of the next 32
  RecordedStep<Agent, foreseen> kept{};  // the lane's own of the latest 32
  RecordedStep<Agent, foreseen> latest;
  if (foreseen) environment.observe(0, latest.obs);
  for (int t = 0; t < sizes.num_steps; ++t) {
    if (t % 32 == 0) environment.action_noise(agent, n, t + lane, ahead);
    if (!foreseen) environment.observe(t, latest.obs);
    actor.outputs(latest.obs, h1[t % 2], latest.outputs);
    float noise[kNoise];
    PPO_UNROLL
    for (int i = 0; i < kNoise; ++i) noise[i] = device::shuffle(ahead[i], t % 32);
    const DrawnAction<Head> action(latest.outputs, shared.weights.extra, noise);
    float next[Agent::O];
    if constexpr (foreseen) {
      load_row<Agent::O>(foreseen_obs(shared, t, action.numbers[0]), next);
      PPO_UNROLL
      for (int i = 0; i < Head::kNumbers; ++i) latest.step.action[i] = action.numbers[i];
    } else {
      latest.step = environment.play(t, action.numbers);
    }
    record_by_warp(environment, lane, t, t + 1 == sizes.num_steps, latest, shared.weights.extra, kept);
    if constexpr (foreseen) {
      PPO_UNROLL
      for (int i = 0; i < Agent::O; ++i) latest.obs[i] = next[i];
    }
  }
  if (!foreseen) environment.finish();
}

/// Up to 16 environments by a quartet; every eighth lane steps one.
template <class Agent>
PPO_DEVICE void rollout_by_quartet(const Sizes& sizes, const TeamBlock<Agent>& block, int first, int count) {
  using Head = typename Agent::Head;
  constexpr int O = Agent::O;
  constexpr int kNoise = Head::kNoise;
  const Agent& agent = block.shared.agent;
  const Seat<Agent::H> seat;
  const auto& weights = block.shared.weights;
  auto& scratch = block.shared.scratch[seat.quartet];
  const bool steps = seat.part == 0 && seat.sample < count;
  EnvironmentRollout<Agent> environment(sizes, agent, block.shared.obs_norm,
                                        first + min(seat.sample, count - 1), steps);
  for (int t = 0; t < sizes.num_steps; ++t) {
    if (steps) environment.observe(t, scratch.obs + seat.sample * O);
    device::sync_group(seat.quartet, kQuartetThreads);
    if (t % kStepsAhead == 0) {
      const int n = first + min(seat.thread % kTile, count - 1);
      environment.action_noise(agent, n, t + seat.thread / kTile, scratch.noise + seat.thread * kNoise);
    }
    float* recorded = agent.rollout.obs + (std::int64_t{t} * sizes.num_envs + first) * O;
    for (int i = seat.thread; i < count * O; i += kQuartetThreads) recorded[i] = scratch.obs[i];
    float outputs[Agent::Actor::Out];
    forward_tile<Agent::Actor::Out>(sizes.activation, seat, weights.trunk[0], weights.actor_head_w,
                                    weights.actor_head_b, scratch.obs, scratch.h1, scratch.h2, outputs);
    const float* noise = scratch.noise + (t % kStepsAhead * kTile + seat.sample) * kNoise;
    const DrawnAction<Head> action(outputs, weights.extra, noise);
    const float logp = action.log_prob();
    if (steps) environment.act(t, action.numbers, logp);
  }
  if (steps) environment.finish();
}

/// For the whole block, which meets before it reads the result. The arithmetic is in double and slow on many
/// cards: a thread a number.
template <class Agent>
PPO_DEVICE void load_obs_norm(const TeamBlock<Agent>& block) {
  const Agent& agent = block.shared.agent;
  auto& norm = block.shared.obs_norm;
  const bool norm_obs = agent.tuning.norm_obs;
  if (device::thread_index() == 0) norm.on = norm_obs;
  if (!norm_obs) return;
  const Moments<double>* moments = agent.moments_before(agent.update);
  for (int i = device::thread_index(); i < Agent::O; i += kBlockThreads) {
    const ObservationNorm<1> of_number(true, moments + i);
    norm.shift[i] = of_number.shift[0];
    norm.scale[i] = of_number.scale[0];
  }
}

/// A block owns environments.
template <class Agent>
PPO_DEVICE void rollout_stage(const Sizes& sizes, const TeamBlock<Agent>& block) {
  load_obs_norm(block);
  load_weights(block);
  const auto [begin, end] = block.plan().envs;
  const int warp = device::thread_index() / 32;
  if constexpr (foresees<Agent>()) {
    if (end - begin <= kBlockThreads / kPairThreads) {
      const int n = begin + warp / 2;
      if (n >= end) return;
      if (warp % 2 == 0) return rollout_by_warp<true>(sizes, block, n);
      return foresee_by_warp(sizes, block, n);
    }
  }
  if (end - begin <= kBlockThreads / 32) {
    if (begin + warp < end) rollout_by_warp<false>(sizes, block, begin + warp);
    return;
  }
  const int quartet = device::thread_index() / kQuartetThreads;
  PPO_NO_UNROLL
  for (int first = begin + kTile * quartet; first < end; first += kTile * kQuartets) {
    rollout_by_quartet(sizes, block, first, min(kTile, end - first));
  }
}

}  // namespace ppo
