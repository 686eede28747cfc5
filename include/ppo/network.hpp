// The two networks, actor O-H-H-A and critic O-H-H-1 with tanh, and the layout of their parameters.
#pragma once

#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// One multilayer perceptron with two hidden layers: offsets of its tensors within its part of the parameter
/// array. Weights are [in][out]: y[o] = b[o] + sum_i x[i] * w[i * out + o].
template <int O_, int H_, int Out_>
struct Mlp {
  static constexpr int O = O_;
  static constexpr int H = H_;
  static constexpr int Out = Out_;
  static_assert(O > 0 && Out > 0 && H >= 2 && (H & (H - 1)) == 0,
                "the heads' halving tree needs a power of two");

  static constexpr int l1_w = 0;                   // [O][H]
  static constexpr int l1_b = l1_w + O * H;        // [H]
  static constexpr int l2_w = l1_b + H;            // [H][H]
  static constexpr int l2_b = l2_w + H * H;        // [H]
  static constexpr int head_w = l2_b + H;          // [H][Out]
  static constexpr int head_b = head_w + H * Out;  // [Out]
  static constexpr int size = head_b + Out;
};

/// Both networks in one array, actor first. P = size.
template <int O, int A, int H>
struct Layout {
  using Actor = Mlp<O, H, A>;
  using Critic = Mlp<O, H, 1>;
  static constexpr int actor = 0;
  static constexpr int critic = Actor::size;
  static constexpr int size = Actor::size + Critic::size;
};

/// What the backward pass needs from the forward pass: the hidden layers after tanh.
template <class Net, class Real>
struct Activations {
  Real h1[Net::H];
  Real h2[Net::H];
};

/// A hidden unit's dot product over the O inputs is one fma chain that starts from the bias; over the H units
/// it is two chains of H/2, the first from the bias and the second from 0, then one add: half the latency.
template <int O, int H, class Real>
PPO_HD void input_layer(const Real* w, const Real* b, const Real* input, Real* h) {
  for (int j = 0; j < H; ++j) h[j] = b[j];
  for (int i = 0; i < O; ++i) {
    for (int j = 0; j < H; ++j) h[j] = fma(input[i], w[i * H + j], h[j]);
  }
  for (int j = 0; j < H; ++j) h[j] = tanh(h[j]);
}

template <int H, class Real>
PPO_HD void hidden_layer(const Real* w, const Real* b, const Real* input, Real* h) {
  Real low[H];
  Real high[H];
  for (int j = 0; j < H; ++j) low[j] = b[j];
  for (int j = 0; j < H; ++j) high[j] = Real(0);
  for (int i = 0; i < H / 2; ++i) {
    for (int j = 0; j < H; ++j) low[j] = fma(input[i], w[i * H + j], low[j]);
    for (int j = 0; j < H; ++j) high[j] = fma(input[H / 2 + i], w[(H / 2 + i) * H + j], high[j]);
  }
  for (int j = 0; j < H; ++j) h[j] = tanh(low[j] + high[j]);
}

/// An output's dot product is a halving tree: units i and i + H/2 first, then i and i + H/4, ...; then the
/// bias.
template <int H, int Out, class Real>
PPO_HD void head_layer(const Real* w, const Real* b, const Real* h, Real* output) {
  for (int o = 0; o < Out; ++o) {
    Real sum[H / 2];
    for (int i = 0; i < H / 2; ++i) {
      sum[i] = fma(h[H / 2 + i], w[(H / 2 + i) * Out + o], h[i] * w[i * Out + o]);
    }
    for (int half = H / 4; half > 0; half /= 2) {
      for (int i = 0; i < half; ++i) sum[i] = sum[i] + sum[half + i];
    }
    output[o] = sum[0] + b[o];
  }
}

/// input [O] -> output [Out], linear in the last layer; keeps the hidden activations.
template <class Net, class Real>
PPO_HD void forward(const Real* params, const Real* input, Activations<Net, Real>& kept, Real* output) {
  input_layer<Net::O, Net::H>(params + Net::l1_w, params + Net::l1_b, input, kept.h1);
  hidden_layer<Net::H>(params + Net::l2_w, params + Net::l2_b, kept.h1, kept.h2);
  head_layer<Net::H, Net::Out>(params + Net::head_w, params + Net::head_b, kept.h2, output);
}

/// Adds one sample's gradient to grad [Net::size], given d_output [Out] = dLoss/d output: every entry is one
/// step of an fma chain over the samples. tanh' = 1 - h^2.
template <class Net, class Real>
PPO_HD void backward(const Real* params, const Real* input, const Activations<Net, Real>& kept,
                     const Real* d_output, Real* grad) {
  constexpr int O = Net::O;
  constexpr int H = Net::H;
  constexpr int Out = Net::Out;

  // Head: the gradient of its weights, and dLoss/dh2 as a chain over the outputs.
  Real d2[H];
  for (int j = 0; j < H; ++j) {
    Real d_h2 = Real(0);
    for (int o = 0; o < Out; ++o) {
      d_h2 = fma(d_output[o], params[Net::head_w + j * Out + o], d_h2);
      Real& sum = grad[Net::head_w + j * Out + o];
      sum = fma(kept.h2[j], d_output[o], sum);
    }
    d2[j] = d_h2 * fma(-kept.h2[j], kept.h2[j], Real(1));
  }
  for (int o = 0; o < Out; ++o) grad[Net::head_b + o] += d_output[o];

  // Second layer, and dLoss/dh1 as two chains of H/2, as in hidden_layer.
  Real d1[H];
  for (int i = 0; i < H; ++i) {
    const Real* w = params + Net::l2_w + i * H;
    Real low = Real(0);
    Real high = Real(0);
    for (int j = 0; j < H / 2; ++j) {
      low = fma(d2[j], w[j], low);
      high = fma(d2[H / 2 + j], w[H / 2 + j], high);
    }
    d1[i] = (low + high) * fma(-kept.h1[i], kept.h1[i], Real(1));
  }
  for (int i = 0; i < H; ++i) {
    Real* sum = grad + Net::l2_w + i * H;
    for (int j = 0; j < H; ++j) sum[j] = fma(kept.h1[i], d2[j], sum[j]);
  }
  for (int j = 0; j < H; ++j) grad[Net::l2_b + j] += d2[j];

  // First layer; nobody needs the gradient of the observation.
  for (int i = 0; i < O; ++i) {
    Real* sum = grad + Net::l1_w + i * H;
    for (int j = 0; j < H; ++j) sum[j] = fma(input[i], d1[j], sum[j]);
  }
  for (int j = 0; j < H; ++j) grad[Net::l1_b + j] += d1[j];
}

}  // namespace ppo
