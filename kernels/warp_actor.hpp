// The actor for one environment, by a warp.
#pragma once

#include "kernels/head.hpp"

namespace ppo {

/// Whether each lane keeps one step of 32 in registers, until all are written to memory: long ones have too
/// many numbers for that.
template <class Agent>
inline constexpr bool kKeepsSteps = Agent::O + Agent::Actor::Out + Agent::Head::kNumbers <= 10;

/// A lane holds hidden units lane, lane + 32, ..., with their weights of the second layer if they fit into
/// its registers, and of the first if there are few.
template <class Agent>
class WarpActor {
 public:
  static constexpr int O = Agent::O;
  static constexpr int H = Agent::H;
  static constexpr int kOutputs = Agent::Actor::Out;

  PPO_DEVICE WarpActor(Activation activation, const SharedWeights<Agent>& weights, int lane)
      : activation_(activation), weights_(weights), lane_(lane) {
    PPO_UNROLL
    for (int u = 0; u < kUnits; ++u) {
      b1_[u] = trunk().l1_b[lane + 32 * u];
      PPO_UNROLL
      for (int i = 0; i < kKept2; ++i) w2_[u][i] = trunk().l2_w[i * kPitch<H> + lane + 32 * u];
      PPO_UNROLL
      for (int i = 0; i < kKept1; ++i) w1_[u][i] = trunk().l1_w[i * H + lane + 32 * u];
    }
  }

  /// obs [O] -> outputs [kOutputs], both in every lane. h1 [H] is room in shared memory, another than in the
  /// call before.
  PPO_DEVICE void outputs(const float* obs, float* h1, float* outputs) const {
    float h[kUnits];
    PPO_UNROLL
    for (int u = 0; u < kUnits; ++u) {
      h[u] = b1_[u];
      PPO_UNROLL
      for (int i = 0; i < O; ++i) h[u] = fma(obs[i], w1(u, i), h[u]);
    }
    activate_units(h);
    PPO_UNROLL
    for (int u = 0; u < kUnits; ++u) h1[lane_ + 32 * u] = h[u];
    device::sync_warp();
    hidden_layer(h1, h);
    activate_units(h);
    PPO_UNROLL
    for (int o = 0; o < kOutputs; ++o) outputs[o] = output(h, o);
  }

 private:
  static constexpr int kUnits = H / 32;
  static constexpr int kKept1 = O <= 8 ? O : 1;  // inputs whose weights stay in registers

  // Hidden units likewise: as many as leave room for what each lane knows of the environment and of the step
  // that it keeps, by trial: ptxas spills nothing for our environments (parity.PtxasReport). None but the
  // first of a layer that comes by a loop.
  static constexpr int kStepped = static_cast<int>(sizeof(typename Agent::Env::State) / sizeof(float));
  static constexpr int kOfStep = O + kOutputs;
  static constexpr int kRegisters = kKeepsSteps<Agent> ? min(160 - 7 * kOfStep, 120) : 132 - 2 * kOfStep;
  static constexpr int kRoom = max((kRegisters - kStepped) / kUnits, 1);
  static constexpr int kKept2 = H <= 64 ? min(kRoom, H) : 1;

  PPO_DEVICE const Trunk<O, H>& trunk() const { return weights_.trunk[0]; }
  PPO_DEVICE float w1(int u, int i) const {
    return i < kKept1 ? w1_[u][i] : trunk().l1_w[i * H + lane_ + 32 * u];
  }
  PPO_DEVICE float w2(int u, int i) const {
    return i < kKept2 ? w2_[u][i] : trunk().l2_w[i * kPitch<H> + lane_ + 32 * u];
  }

  PPO_DEVICE void activate_units(float* h) const {
    if (activation_ == Activation::tanh) {
      PPO_UNROLL
      for (int u = 0; u < kUnits; ++u) h[u] = quick_tanh(h[u]);
    } else {
      PPO_UNROLL
      for (int u = 0; u < kUnits; ++u) h[u] = relu(h[u]);
    }
  }

  /// The sums of the lane's units.
  PPO_DEVICE void hidden_layer(const float* h1, float* sums) const {
    float high[kUnits];
    PPO_UNROLL
    for (int u = 0; u < kUnits; ++u) {
      sums[u] = trunk().l2_b[lane_ + 32 * u];
      high[u] = 0;
    }
    for_chain<H>([&](int k) {
      const Quad h_low = load_quad(h1 + k);
      const Quad h_high = load_quad(h1 + H / 2 + k);
      PPO_UNROLL
      for (int i = 0; i < 4; ++i) {
        PPO_UNROLL
        for (int u = 0; u < kUnits; ++u) {
          sums[u] = fma(h_low.x[i], w2(u, k + i), sums[u]);
          high[u] = fma(h_high.x[i], w2(u, H / 2 + k + i), high[u]);
        }
      }
    });
    PPO_UNROLL
    for (int u = 0; u < kUnits; ++u) sums[u] = sums[u] + high[u];
  }

  PPO_DEVICE float output(const float* h, int o) const {
    const auto w = [&](int unit) { return weights_.actor_head_w[unit * kOutputs + o]; };
    float sum;
    if constexpr (H == 32) {  // both halves of the warp do the same
      const float other = device::shuffle_xor(h[0], 16);
      const bool upper = lane_ >= 16;
      sum = fma(select(upper, h[0], other), w(lane_ % 16 + 16), select(upper, other, h[0]) * w(lane_ % 16));
    } else {
      sum = lane_sum<H>([&](int j) { return h[j]; }, [&](int j) { return w(lane_ + 32 * j); });
      sum = sum + device::shuffle_xor(sum, 16);
    }
    PPO_UNROLL
    for (int half = 8; half > 0; half /= 2) sum = sum + device::shuffle_xor(sum, half);
    return sum + weights_.actor_head_b[o];
  }

  Activation activation_;
  const SharedWeights<Agent>& weights_;
  int lane_;
  float b1_[kUnits];
  float w1_[kUnits][kKept1];
  float w2_[kUnits][kKept2];
};

}  // namespace ppo
