// What a block keeps in its shared memory, and where its threads sit.
#pragma once

#include "kernels/cluster/exchange.hpp"
#include "kernels/device.hpp"
#include "kernels/launch.hpp"
#include "kernels/quad.hpp"
#include "kernels/ranks/arrays.hpp"
#include "kernels/sizes.hpp"
#include "kernels/work_plan.hpp"
#include "ppo/adam.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// A quartet, 128 threads, takes a tile of samples through one network; a block has two. In the gradient
/// stage one works for the actor and one for the critic, on the same samples.
inline constexpr int kQuartetThreads = 128;
inline constexpr int kQuartets = kBlockThreads / kQuartetThreads;
inline constexpr int kTile = 16;  // samples: a leaf, or a part of a large one
static_assert(kTile == kLeafSize);

/// Two warps share an environment where there are enough (kernels/foresight.hpp).
inline constexpr int kPairThreads = 64;

/// Steps for which a quartet draws its environments' random numbers at once, one step of one a thread.
inline constexpr int kStepsAhead = kQuartetThreads / kTile;

PPO_DEVICE Quad load_quad(const float* from) {
  return *reinterpret_cast<const Quad*>(from);
}
PPO_DEVICE void store_quad(float* to, const Quad& quad) {
  *reinterpret_cast<Quad*>(to) = quad;
}

/// How a layer's tile, kTile samples by H units, is shared out: a thread takes kRows samples, 8 apart, by
/// four units, of one panel of units after the other.
template <int H>
struct TileShape {
  static_assert(H == 32 || H == 64 || H == 128, "tiles are cut for these");
  static constexpr int kRows = H == 32 ? 1 : 2;
  static constexpr int kPanelUnits = min(H, 64);
  static constexpr int kPanels = H / kPanelUnits;
};

/// Where a lane stands in a warp that is `kAcross` lanes wide. The lowest bits of its number go across and
/// down in turn: of two lanes that differ in the lowest one, both are in the same row, and of two that differ
/// in the next one, in the same column. So neighbours share an address in each of their loads, and shared
/// memory answers a load of 16 bytes in two cycles instead of four.
struct LanesBy4 {
  int across;  // of 4
  int down;    // of 8; the order puts rows of h1 and h2 that are stored together into different banks
  PPO_DEVICE explicit LanesBy4(int lane)
      : across((lane & 1) | (lane >> 1 & 2)), down((lane << 1 & 4) | (lane >> 3)) {}
};
struct LanesBy8 {
  int across;  // of 8
  int down;    // of 4
  PPO_DEVICE explicit LanesBy8(int lane)
      : across((lane & 1) | (lane >> 1 & 2) | (lane >> 2 & 4)), down((lane >> 1 & 1) | (lane >> 2 & 2)) {}
};

/// A thread's place in its quartet. Where a layer is computed it owns some samples and units of the tile;
/// where samples are treated one by one, eight neighbours share `sample`.
template <int H>
struct Seat {
  static constexpr int kWarpsAcross = TileShape<H>::kPanelUnits / 16;  // of a panel; 8 samples lie below

  int quartet;
  int thread;  // in the quartet
  int warp;    // in the quartet
  int lane;
  int across;      // of the four lanes that share a row of a layer's tile
  int row;         // the first of its samples in a layer's tile, the second is row + 8
  int warp_units;  // the first of the 16 units of its warp there, in the first panel
  int unit;        // the first of its four units there
  int sample;      // the one that it shares
  int part;        // which of the eight that share it

  PPO_DEVICE Seat()
      : quartet(device::thread_index() / kQuartetThreads),
        thread(device::thread_index() % kQuartetThreads),
        warp(thread / 32),
        lane(thread % 32),
        across(LanesBy4(lane).across),
        row(LanesBy4(lane).down + 8 * (warp / kWarpsAcross)),
        warp_units(16 * (warp % kWarpsAcross)),
        unit(warp_units + 4 * across),
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

/// All parameters, as a block works with them.
template <class Agent>
struct alignas(16) SharedWeights {
  Trunk<Agent::O, Agent::H> trunk[2];  // actor, critic
  float actor_head_w[Agent::H * Agent::Actor::Out];
  float critic_head_w[Agent::H];
  float actor_head_b[Agent::Actor::Out];
  float critic_head_b[1];
  float extra[max(Agent::Head::kExtra, 1)];
};

/// A tile on its way through a network. The gradients of the layers' sums take the places of the activations.
template <class Agent>
struct alignas(16) Scratch {
  float h1[kTile * kPitch<Agent::H>];                      // [kTile][H], then d1
  float h2[kTile * kPitch<Agent::H>];                      // [kTile][H], then d2
  float obs[kTile * Agent::O];                             // [kTile][O]
  float d_output[kTile * Agent::Actor::Out];               // [kTile][outputs]
  float terms[kTile * Agent::kActorTerms];                 // [kTile][terms of the network's loss]
  float noise[kStepsAhead * kTile * Agent::Head::kNoise];  // [kStepsAhead][kTile][kNoise]
};

/// Whether a second warp steps an environment by all actions before it is known which one it will be.
template <class Agent>
PPO_HD constexpr bool foresees() {
  constexpr std::size_t kBytes = sizeof(Consequence<typename Agent::Env>) + Agent::O * sizeof(float);
  constexpr int kActions = Agent::Actor::Out;
  return IsDiscrete<typename Agent::Env::Action> && kActions <= 32 && kActions * kBytes <= 512;
}

/// What the actions of a step lead to, and which of them it was.
template <class Agent>
struct alignas(16) Foreseen {
  static constexpr int kActions = foresees<Agent>() ? Agent::Actor::Out : 1;
  float obs[kActions][(Agent::O + 3) / 4 * 4];  // [actions][O]
  Consequence<typename Agent::Env> consequences[kActions];
  float action;
};

/// What the warps need that play environments, each of its own or two of them together.
template <class Agent>
struct alignas(16) WarpRollouts {
  float layers[kBlockThreads / 32][2][kPitch<Agent::H>];      // first layers, used in turn
  Foreseen<Agent> foreseen[kBlockThreads / kPairThreads][2];  // likewise
};

/// Slices of the gradient that a block takes the squares of at once: a warp each.
inline constexpr int kSlicesAtOnce = kBlockThreads / 32;

/// What a block of a cluster keeps besides: its part of the sums of all of the cluster's leaves, which their
/// blocks send here (kernels/cluster/exchange.hpp), and the parameters of its slices with their moments.
template <class Agent>
struct alignas(16) ClusterMemory {
  static constexpr int kSlices = (slice_count(Agent::P) + kClusterBlocks - 1) / kClusterBlocks;
  Quad part[kClusterBlocks][Exchange<Agent>::kQuads];
  float param[kSlices][kSliceSize];
  float moment1[kSlices][kSliceSize];
  float moment2[kSlices][kSliceSize];
};

/// How far a block has come in its launch. In shared memory, as what stays in registers through all stages is
/// taken from each of them.
struct Progress {
  int place;   // of the agent in hand among those that train
  int update;  // of this launch
};

/// What the first thread of a block knows of barriers and times. It lives from stage to stage, and would take
/// registers from all threads.
struct TeamClock {
  std::uint32_t arrivals_due;  // at the team's latest barrier, since the launch began
  std::uint32_t exchanges;     // between ranks, likewise
  std::uint64_t last;          // when the last interval ended [cycles]
  StageCycles total;           // of this launch
};

template <class Agent>
struct alignas(16) Shared {
  SharedWeights<Agent> weights;
  union {  // from stage to stage
    Scratch<Agent> scratch[kQuartets];
    WarpRollouts<Agent> by_warp;
    float slices[kSlicesAtOnce][kSliceSize];
    RankArrays arrays;
  };
  ObservationNorm<Agent::O> obs_norm;
  Clipped<float> reward_norm;
  float squares[slice_count(Agent::P)];
  float terms[kLossTerms];
  float norm;
  float clip_scale;
  AdamStep<float> step;  // but for its clip_scale
  Agent agent;           // the header of the agent in hand
  UpdateNotes notes;
  WorkPlan plan;
  TeamClock clock;
  Progress progress;
};

}  // namespace ppo
