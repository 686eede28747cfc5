// Rollout: a block plays its environments. With a warp for each, the weights stay in registers and a step
// takes as little time as its chain of dependent operations allows; with more environments, tiles of 16 use
// every weight that comes from shared memory for all of them.
#pragma once

#include "kernels/layers.hpp"
#include "kernels/weights.hpp"
#include "ppo/rollout.hpp"

namespace ppo {

template <class Agent>
struct Action {
  int index;
  float logp;

  PPO_DEVICE Action(const float* logits, float uniform) {
    const auto policy = categorical<Agent::A>(logits);
    index = sample(policy, uniform);
    logp = log_prob(policy, index);
  }
};

/// The actor for one environment, by a warp: a lane holds hidden units lane and lane + 32, with all their
/// weights of the second layer, and of the first if there are few.
template <int O, int A, int H>
class WarpActor {
 public:
  PPO_DEVICE WarpActor(const SharedWeights<O, A, H>& weights, int lane) : weights_(weights), lane_(lane) {
    static_assert(H == 64);
    const Trunk<O, H>& trunk = weights.trunk[0];
    PPO_UNROLL
    for (int u = 0; u < 2; ++u) {
      PPO_UNROLL
      for (int i = 0; i < H; ++i) w2_[u][i] = trunk.l2_w[i * kPitch<H> + lane + 32 * u];
      PPO_UNROLL
      for (int i = 0; i < kKept; ++i) w1_[u][i] = trunk.l1_w[i * H + lane + 32 * u];
    }
  }

  /// obs [O] -> logits [A], both in every lane. h1 [H] is room in shared memory, another than in the call
  /// before.
  PPO_DEVICE void logits(const float* obs, float* h1, float* logits) const {
    const Trunk<O, H>& trunk = weights_.trunk[0];
    PPO_UNROLL
    for (int u = 0; u < 2; ++u) {
      const int unit = lane_ + 32 * u;
      float sum = trunk.l1_b[unit];
      PPO_UNROLL
      for (int i = 0; i < O; ++i) sum = fma(obs[i], i < kKept ? w1_[u][i] : trunk.l1_w[i * H + unit], sum);
      h1[unit] = quick_tanh(sum);
    }
    device::sync_warp();
    float low[2] = {trunk.l2_b[lane_], trunk.l2_b[lane_ + 32]};
    float high[2] = {0, 0};
    PPO_UNROLL
    for (int k = 0; k < H / 2; k += 4) {
      const Quad h_low = load_quad(h1 + k);
      const Quad h_high = load_quad(h1 + H / 2 + k);
      PPO_UNROLL
      for (int i = 0; i < 4; ++i) {
        PPO_UNROLL
        for (int u = 0; u < 2; ++u) {
          low[u] = fma(h_low.x[i], w2_[u][k + i], low[u]);
          high[u] = fma(h_high.x[i], w2_[u][H / 2 + k + i], high[u]);
        }
      }
    }
    const float h2[2] = {quick_tanh(low[0] + high[0]), quick_tanh(low[1] + high[1])};
    PPO_UNROLL
    for (int o = 0; o < A; ++o) {
      const float* w = weights_.actor_head_w + o;
      float sum = fma(h2[1], w[(lane_ + 32) * A], h2[0] * w[lane_ * A]);
      PPO_UNROLL
      for (int half = 16; half > 0; half /= 2) sum = sum + device::shuffle_xor(sum, half);
      logits[o] = sum + weights_.actor_head_b[o];
    }
  }

 private:
  const SharedWeights<O, A, H>& weights_;
  int lane_;
  static constexpr int kKept = O <= 8 ? O : 1;  // inputs whose weights stay in registers
  float w1_[2][kKept];
  float w2_[2][H];
};

/// One environment by one warp. All lanes step it, each on a copy of its own: so an observation is where it
/// is needed, without a trip through memory.
template <class Agent>
PPO_DEVICE void rollout_by_warp(const Hyper& hyper, const TeamBlock<Agent>& block, int n) {
  constexpr int O = Agent::O;
  constexpr int H = Agent::Layout::Actor::H;
  const Agent& agent = block.shared.agent;
  const Seat seat;
  float* h1 = block.shared.scratch[seat.quartet].h1 + 2 * seat.warp * kPitch<H>;  // two rows, used in turn
  const WarpActor<O, Agent::A, H> actor(block.shared.weights, seat.lane);
  EnvironmentRollout<Agent> environment(hyper, agent, n, seat.lane == 0);
  float uniform_ahead = 0;  // of the lane's own step of the next 32
  for (int t = 0; t < hyper.num_steps; ++t) {
    if (t % 32 == 0) uniform_ahead = environment.action_uniform(agent, n, t + seat.lane);
    float obs[O];
    environment.observe(obs);
    PPO_UNROLL
    for (int i = 0; i < O; ++i) {
      if (seat.lane == i % 32) environment.obs(t)[i] = obs[i];
    }
    float logits[Agent::A];
    actor.logits(obs, h1 + t % 2 * kPitch<H>, logits);
    const Action<Agent> action(logits, device::shuffle(uniform_ahead, t % 32));
    environment.act(t, action.index, action.logp);
  }
  environment.finish();
}

/// Up to 16 environments by a quartet; every eighth lane steps one.
template <class Agent>
PPO_DEVICE void rollout_by_quartet(const Hyper& hyper, const TeamBlock<Agent>& block, int first, int count) {
  constexpr int O = Agent::O;
  const Agent& agent = block.shared.agent;
  const Seat seat;
  const auto& weights = block.shared.weights;
  auto& scratch = block.shared.scratch[seat.quartet];
  const bool steps = seat.part == 0 && seat.sample < count;
  EnvironmentRollout<Agent> environment(hyper, agent, first + min(seat.sample, count - 1));
  for (int t = 0; t < hyper.num_steps; ++t) {
    if (steps) environment.observe(scratch.obs + seat.sample * O);
    device::sync_group(seat.quartet, kQuartetThreads);
    if (t % kStepsAhead == 0) {
      const int n = first + min(seat.thread % kTile, count - 1);
      scratch.uniforms[seat.thread] = environment.action_uniform(agent, n, t + seat.thread / kTile);
    }
    float* recorded = agent.rollout.obs + (std::int64_t{t} * hyper.num_envs + first) * O;
    for (int i = seat.thread; i < count * O; i += kQuartetThreads) recorded[i] = scratch.obs[i];
    float logits[Agent::A];
    forward_tile<Agent::A, O>(seat, weights.trunk[0], weights.actor_head_w, weights.actor_head_b, scratch.obs,
                              scratch.h1, scratch.h2, logits);
    const Action<Agent> action(logits, scratch.uniforms[t % kStepsAhead * kTile + seat.sample]);
    if (steps) environment.act(t, action.index, action.logp);
  }
  if (steps) environment.finish();
}

/// A block owns environments.
template <class Agent>
PPO_DEVICE void rollout_stage(const Hyper& hyper, const TeamBlock<Agent>& block) {
  load_weights(block);
  const BlockShare envs = block.share(hyper.num_envs);
  const int begin = static_cast<int>(envs.begin);
  const int end = static_cast<int>(envs.end);
  if (end - begin <= kBlockThreads / 32) {
    const int n = begin + device::thread_index() / 32;
    if (n < end) rollout_by_warp(hyper, block, n);
    return;
  }
  for (int first = begin + kTile * Seat().quartet; first < end; first += kTile * kQuartets) {
    rollout_by_quartet(hyper, block, first, min(kTile, end - first));
  }
}

}  // namespace ppo
