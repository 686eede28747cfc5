// The two networks, actor O-H-H-outputs and critic O-H-H-1, and the layout of their parameters.
#pragma once

#include "ppo/hyper.hpp"
#include "ppo/numerics.hpp"
#include "ppo/platform.hpp"

namespace ppo {

/// The largest hidden layer. H is a power of two, at least 2: the heads' halving tree needs that.
inline constexpr int kMostHidden = 256;

/// One multilayer perceptron with two hidden layers: offsets of its tensors within its part of the parameter
/// array. Weights are [in][out]: y[o] = b[o] + sum_i x[i] * w[i * out + o].
struct Mlp {
  int O;
  int H;
  int Out;

  PPO_HD constexpr int l1_w() const { return 0; }                     // [O][H]
  PPO_HD constexpr int l1_b() const { return l1_w() + O * H; }        // [H]
  PPO_HD constexpr int l2_w() const { return l1_b() + H; }            // [H][H]
  PPO_HD constexpr int l2_b() const { return l2_w() + H * H; }        // [H]
  PPO_HD constexpr int head_w() const { return l2_b() + H; }          // [H][Out]
  PPO_HD constexpr int head_b() const { return head_w() + H * Out; }  // [Out]
  PPO_HD constexpr int size() const { return head_b() + Out; }
};

/// Both networks in one array, actor first; then the policy's parameters that belong to no layer. P = size.
struct Layout {
  int O;
  int outputs;  // of the actor
  int H;
  int extra;  // parameters that belong to no layer

  PPO_HD constexpr Mlp actor() const { return {O, H, outputs}; }
  PPO_HD constexpr Mlp critic() const { return {O, H, 1}; }
  PPO_HD constexpr int actor_begin() const { return 0; }
  PPO_HD constexpr int critic_begin() const { return actor().size(); }
  PPO_HD constexpr int extra_begin() const { return critic_begin() + critic().size(); }
  PPO_HD constexpr int size() const { return extra_begin() + extra; }
};

/// What the backward pass needs from the forward pass: the hidden layers after their activation.
template <class Real>
struct Activations {
  Real h1[kMostHidden];
  Real h2[kMostHidden];
};

template <class V>
PPO_HD V relu(V x) {
  return select(x < V(0), V(0), x);  // NaN stays NaN
}

template <class V>
PPO_HD V activate(Activation activation, V x) {
  return activation == Activation::tanh ? tanh(x) : relu(x);
}

/// The derivative of the activation, from its result h: 1 - h^2 of tanh; of relu 1 where h > 0, else 0.
template <class V>
PPO_HD V slope(Activation activation, V h) {
  return activation == Activation::tanh ? fma(-h, h, V(1)) : select(h > V(0), V(1), V(0));
}

/// A hidden unit's dot product over the O inputs is one fma chain that starts from the bias; over the H units
/// it is two chains of H/2, the first from the bias and the second from 0, then one add: half the latency.
template <class Real>
PPO_HD void input_layer(const Mlp& net, Activation activation, const Real* params, const Real* input,
                        Real* h) {
  const Real* w = params + net.l1_w();
  const Real* b = params + net.l1_b();
  const int H = net.H;
  for (int j = 0; j < H; ++j) h[j] = b[j];
  for (int i = 0; i < net.O; ++i) {
    for (int j = 0; j < H; ++j) h[j] = fma(input[i], w[i * H + j], h[j]);
  }
  for (int j = 0; j < H; ++j) h[j] = activate(activation, h[j]);
}

template <class Real>
PPO_HD void hidden_layer(const Mlp& net, Activation activation, const Real* params, const Real* input,
                         Real* h) {
  const Real* w = params + net.l2_w();
  const Real* b = params + net.l2_b();
  const int H = net.H;
  Real low[kMostHidden];
  Real high[kMostHidden];
  for (int j = 0; j < H; ++j) low[j] = b[j];
  for (int j = 0; j < H; ++j) high[j] = Real(0);
  for (int i = 0; i < H / 2; ++i) {
    for (int j = 0; j < H; ++j) low[j] = fma(input[i], w[i * H + j], low[j]);
    for (int j = 0; j < H; ++j) high[j] = fma(input[H / 2 + i], w[(H / 2 + i) * H + j], high[j]);
  }
  for (int j = 0; j < H; ++j) h[j] = activate(activation, low[j] + high[j]);
}

/// An output's dot product is a halving tree: units i and i + H/2 first, then i and i + H/4, ...; then the
/// bias.
template <class Real>
PPO_HD void head_layer(const Mlp& net, const Real* params, const Real* h, Real* output) {
  const Real* w = params + net.head_w();
  const Real* b = params + net.head_b();
  const int H = net.H;
  const int Out = net.Out;
  for (int o = 0; o < Out; ++o) {
    Real sum[kMostHidden / 2];
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
template <class Real>
PPO_HD void forward(const Mlp& net, Activation activation, const Real* params, const Real* input,
                    Activations<Real>& kept, Real* output) {
  input_layer(net, activation, params, input, kept.h1);
  hidden_layer(net, activation, params, static_cast<const Real*>(kept.h1), kept.h2);
  head_layer(net, params, static_cast<const Real*>(kept.h2), output);
}

/// The head's part of `backward`: its gradient, and d2 [H], the loss's gradient by the second layer's sums: a
/// chain over the outputs, times the slope.
template <class Real>
PPO_HD void head_backward(const Mlp& net, Activation activation, const Real* params, const Real* h2,
                          const Real* d_output, Real* grad, Real* d2) {
  const int Out = net.Out;
  for (int j = 0; j < net.H; ++j) {
    Real d_h2 = Real(0);
    for (int o = 0; o < Out; ++o) {
      d_h2 = fma(d_output[o], params[net.head_w() + j * Out + o], d_h2);
      Real& sum = grad[net.head_w() + j * Out + o];
      sum = fma(h2[j], d_output[o], sum);
    }
    d2[j] = d_h2 * slope(activation, h2[j]);
  }
  for (int o = 0; o < Out; ++o) grad[net.head_b() + o] += d_output[o];
}

/// The gradient of one layer's weights [inputs][H] and biases [H], from the gradient d [H] of its sums.
template <class Real>
PPO_HD void add_layer_gradient(const Real* input, int inputs, const Real* d, int H, Real* grad_w,
                               Real* grad_b) {
  for (int i = 0; i < inputs; ++i) {
    Real* sum = grad_w + i * H;
    for (int j = 0; j < H; ++j) sum[j] = fma(input[i], d[j], sum[j]);
  }
  for (int j = 0; j < H; ++j) grad_b[j] += d[j];
}

/// Adds one sample's gradient to grad [Net::size], given d_output [Out] = dLoss/d output: every entry is one
/// step of an fma chain over the samples. Nobody needs the gradient of the observation.
template <class Real>
PPO_HD void backward(const Mlp& net, Activation activation, const Real* params, const Real* input,
                     const Activations<Real>& kept, const Real* d_output, Real* grad) {
  const int H = net.H;
  Real d2[kMostHidden]{};  // as far as H it is written; g++ 12 does not see that
  head_backward(net, activation, params, static_cast<const Real*>(kept.h2), d_output, grad, d2);
  Real d1[kMostHidden];  // two chains of H/2, as in hidden_layer
  for (int i = 0; i < H; ++i) {
    const Real* w = params + net.l2_w() + i * H;
    Real low = Real(0);
    Real high = Real(0);
    for (int j = 0; j < H / 2; ++j) {
      low = fma(d2[j], w[j], low);
      high = fma(d2[H / 2 + j], w[H / 2 + j], high);
    }
    d1[i] = (low + high) * slope(activation, kept.h1[i]);
  }
  add_layer_gradient(kept.h1, H, d2, H, grad + net.l2_w(), grad + net.l2_b());
  add_layer_gradient(input, net.O, d1, H, grad + net.l1_w(), grad + net.l1_b());
}

}  // namespace ppo
