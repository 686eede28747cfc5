// What a block keeps in its shared memory, and where its threads sit.
#pragma once

#include "kernels/device.hpp"
#include "kernels/launch.hpp"
#include "ppo/adam.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// A quartet, 128 threads, takes a tile of samples through one network; a block has two. In the gradient
/// stage one works for the actor and one for the critic, on the same samples.
inline constexpr int kQuartetThreads = 128;
inline constexpr int kQuartets = kBlockThreads / kQuartetThreads;
inline constexpr int kTile = 16;  // samples: a leaf, or a part of a large one
static_assert(kTile == kLeafSize);

/// Steps for which a quartet draws its environments' random numbers at once, one a thread.
inline constexpr int kStepsAhead = kQuartetThreads / kTile;

/// Four floats that are loaded and stored by one instruction.
struct alignas(16) Quad {
  float x[4];
};
PPO_DEVICE Quad load_quad(const float* from) {
  return *reinterpret_cast<const Quad*>(from);
}
PPO_DEVICE void store_quad(float* to, const Quad& quad) {
  *reinterpret_cast<Quad*>(to) = quad;
}

/// A thread's place in its quartet. Where a layer is computed it owns samples s and s + 8 and four units;
/// where samples are treated one by one, eight neighbours share `sample`.
struct Seat {
  int quartet;
  int thread;  // in the quartet
  int warp;    // in the quartet
  int lane;
  int row;     // the first of its two samples in a layer's tile, the second is row + 8
  int unit;    // the first of its four units there
  int sample;  // the one that it shares
  int part;    // which of the eight that share it

  PPO_DEVICE Seat()
      : quartet(device::thread_index() / kQuartetThreads),
        thread(device::thread_index() % kQuartetThreads),
        warp(thread / 32),
        lane(thread % 32),
        row(lane / 4),
        unit(16 * warp + 4 * (lane % 4)),
        sample(4 * warp + lane / 8),
        part(lane % 8) {}
};

/// Rows of H floats in shared memory lie this far apart: four more than H put the rows that a warp reads at
/// once into different banks.
template <int H>
inline constexpr int kPitch = H + 4;

/// The layers that actor and critic have in common.
template <int O, int H>
struct alignas(16) Trunk {
  float l1_w[O * H];          // [O][H]
  float l1_b[H];              // [H]
  float l2_w[H * kPitch<H>];  // [H][H]
  float l2_b[H];              // [H]
};

/// Both networks, as a block works with them.
template <int O, int A, int H>
struct alignas(16) SharedWeights {
  Trunk<O, H> trunk[2];  // actor, critic
  float actor_head_w[H * A];
  float critic_head_w[H];
  float actor_head_b[A];
  float critic_head_b[1];
};

/// A tile on its way through a network. The gradients of the layers' sums take the places of the activations.
template <int O, int A, int H>
struct alignas(16) Scratch {
  float h1[kTile * kPitch<H>];          // [kTile][H], then d1
  float h2[kTile * kPitch<H>];          // [kTile][H], then d2
  float obs[kTile * O];                 // [kTile][O]
  float d_output[kTile * A];            // [kTile][outputs]
  float terms[kTile * kLossTerms];      // [kTile][kLossTerms]
  float uniforms[kStepsAhead * kTile];  // [kStepsAhead][kTile]
};

template <class Agent>
struct alignas(16) Shared {
  SharedWeights<Agent::O, Agent::A, Agent::Layout::Actor::H> weights;
  Scratch<Agent::O, Agent::A, Agent::Layout::Actor::H> scratch[kQuartets];
  float slice[kSliceSize];
  float squares[slice_count(Agent::P)];
  float terms[kLossTerms];
  float norm;
  float clip_scale;
  AdamStep<float> step;  // but for its clip_scale
  Agent agent;           // the header of the agent in hand
  UpdateNotes notes;
};

}  // namespace ppo
