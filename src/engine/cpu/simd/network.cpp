// Compiled once for each SIMD level, by cmake/environments.cmake.
#include "engine/cpu/simd/network.hpp"

#include <algorithm>

#include "engine/cpu/simd/layer_gradients.hpp"

namespace ppo::simd {
namespace {

/// call<H>() with the network's hidden size. Config has made sure that it is one of these.
template <class Call>
void with_hidden_size(int H, Call call) {
  switch (H) {
    case 32:
      return call.template operator()<32>();
    case 64:
      return call.template operator()<64>();
    case 128:
      return call.template operator()<128>();
    default:
      return call.template operator()<256>();
  }
}

void pack_forward(PackedNetwork& network) {
  const Mlp& net = network.net;
  for (int o = 0; o < net.Out; ++o) {
    for (int j = 0; j < net.H; ++j) {
      network.head[o * net.H + j] = network.params[net.head_w() + j * net.Out + o];
    }
  }
  std::copy_n(network.params + net.l2_w(), net.H * net.H, network.l2);
}

void pack(PackedNetwork& network) {
  pack_forward(network);
  const int H = network.net.H;
  for (int i = 0; i < H; i += 4) {
    for (int j = 0; j < H; j += 4) {
      transpose_square(network.l2 + i * H + j, H, network.l2_transposed + j * H + i, H);
    }
  }
}

void forward(const PackedNetwork& network, const float* input, int rows, const HiddenBatch& kept,
             float* output) {
  with_hidden_size(network.net.H, [&]<int H>() { forward_sized<H>(network, input, rows, kept, output); });
}

void backward(const PackedNetwork& network, const float* input, const HiddenBatch& kept,
              const float* d_output, int rows, std::span<const LeafRows> leaves) {
  with_hidden_size(network.net.H,
                   [&]<int H>() { backward_sized<H>(network, input, kept, d_output, rows, leaves); });
}

void unpack_sums(const Mlp& net, const float* sums, float* to) {
  std::copy_n(sums, net.size(), to);
  for (int o = 0; o < net.Out; ++o) {
    for (int j = 0; j < net.H; ++j) to[net.head_w() + j * net.Out + o] = sums[net.head_w() + o * net.H + j];
  }
}

}  // namespace
}  // namespace ppo::simd

extern "C" constinit const ppo::simd::NetworkFunctions PPO_NETWORK = {
    .pack_forward = ppo::simd::pack_forward,
    .pack = ppo::simd::pack,
    .forward = ppo::simd::forward,
    .backward = ppo::simd::backward,
    .unpack_sums = ppo::simd::unpack_sums,
};
