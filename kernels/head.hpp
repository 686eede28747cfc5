// The heads' halving trees (include/ppo/network.hpp) over a warp, and a whole network's forward pass.
#pragma once

#include "kernels/layers.hpp"

namespace ppo {

/// The part of an output's tree that one lane adds up alone: of H units those 32 apart, of which u(j) is the
/// j-th's activation and w(j) its weight.
template <int H, class Units, class Weights>
PPO_DEVICE float lane_sum(Units u, Weights w) {
  static_assert(H >= 64);
  constexpr int kSums = H / 64;
  float sum[kSums];
  PPO_UNROLL
  for (int j = 0; j < kSums; ++j) sum[j] = fma(u(kSums + j), w(kSums + j), u(j) * w(j));
  PPO_UNROLL
  for (int half = kSums / 2; half > 0; half /= 2) {
    PPO_UNROLL
    for (int j = 0; j < half; ++j) sum[j] = sum[j] + sum[half + j];
  }
  return sum[0];
}

/// One output of the four samples of this warp at once. The first steps across lanes also deal out the
/// samples, so that each lane ends with its own.
template <int H>
PPO_DEVICE float head_output(const Seat<H>& seat, const float* w, int w_stride, const float* h2, float bias) {
  const bool upper = (seat.lane & 16) != 0;  // keeps samples 2 and 3
  const bool odd = (seat.lane & 8) != 0;     // keeps 1 or 3
  const float* h = h2 + 4 * seat.warp * kPitch<H>;
  float first, second;
  if constexpr (H == 32) {  // half of the lanes are enough for a sample
    const int low = seat.lane % 16;
    const float w_low = w[low * w_stride];
    const float w_high = w[(low + 16) * w_stride];
    const float* own = h + (upper ? 2 : 0) * kPitch<H> + low;
    first = fma(own[16], w_high, own[0] * w_low);
    second = fma(own[kPitch<H> + 16], w_high, own[kPitch<H>] * w_low);
  } else {
    float sum[4];
    PPO_UNROLL
    for (int s = 0; s < 4; ++s) {
      sum[s] = lane_sum<H>([&](int j) { return h[s * kPitch<H> + seat.lane + 32 * j]; },
                           [&](int j) { return w[(seat.lane + 32 * j) * w_stride]; });
    }
    first = select(upper, sum[2], sum[0]) + device::shuffle_xor(select(upper, sum[0], sum[2]), 16);
    second = select(upper, sum[3], sum[1]) + device::shuffle_xor(select(upper, sum[1], sum[3]), 16);
  }
  float mine = select(odd, second, first) + device::shuffle_xor(select(odd, first, second), 8);
  PPO_UNROLL
  for (int half = 4; half > 0; half /= 2) mine = mine + device::shuffle_xor(mine, half);
  return mine + bias;
}

/// obs [kTile][O] (written by the quartet, which has met since) -> output [Out] of the thread's sample;
/// leaves the hidden layers in h1 and h2.
template <int Out, int O, int H>
PPO_DEVICE void forward_tile(Activation activation, const Seat<H>& seat, const Trunk<O, H>& trunk,
                             const float* head_w, const float* head_b, const float* obs, float* h1, float* h2,
                             float* output) {
  input_tile(activation, seat, trunk, obs, h1);
  device::sync_group(seat.quartet, kQuartetThreads);
  hidden_tile(activation, seat, trunk, static_cast<const float*>(h1), h2);
  device::sync_group(seat.quartet, kQuartetThreads);
  PPO_UNROLL
  for (int o = 0; o < Out; ++o) output[o] = head_output(seat, head_w + o, Out, h2, head_b[o]);
}

}  // namespace ppo
