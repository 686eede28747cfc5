// Gradient: the actor and the critic of a block, a quartet each, take the block's leaves through forward,
// loss and backward, and leave the sums of groups (or, where a group is split, of leaves) in global memory.
#pragma once

#include "kernels/cluster/cluster.hpp"
#include "kernels/head.hpp"
#include "kernels/leaf.hpp"
#include "kernels/losses.hpp"
#include "kernels/tile_input.hpp"
#include "kernels/weights.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// Output, loss and head of a tile whose hidden layers are in scratch: adds the head's gradient, and turns h2
/// into d2, the gradient of what went into its activation.
template <class Part, class Agent>
PPO_DEVICE void head_tile(const Sizes& sizes, const TeamBlock<Agent>& block,
                          const typename Part::Sample& sample, int rows, LeafGradient<Agent>& leaf) {
  constexpr int H = Agent::H;
  constexpr int Out = Part::Net::Out;
  const Seat<H> seat;
  const auto& weights = block.shared.weights;
  auto& scratch = block.shared.scratch[seat.quartet];
  const float* head_w = Part::head_w(weights);
  const float* head_b = Part::head_b(weights);
  const Tuning& tuning = block.shared.agent.tuning;
  const LossCoefs<float> coefs{tuning.clip_coef, tuning.ent_coef, tuning.vf_coef, tuning.clip_vloss};

  float output[Out];
  float d_output[Out];
  float terms[Part::kTerms];
  PPO_UNROLL
  for (int o = 0; o < Out; ++o) output[o] = head_output(seat, head_w + o, Out, scratch.h2, head_b[o]);
  Part::loss(coefs, weights, sample, output, d_output, terms);
  if (seat.part == 0) {
    PPO_UNROLL
    for (int o = 0; o < Out; ++o) scratch.d_output[seat.sample * Out + o] = d_output[o];
    PPO_UNROLL
    for (int term = 0; term < Part::kTerms; ++term)
      scratch.terms[seat.sample * Part::kTerms + term] = terms[term];
  }
  device::sync_group(seat.quartet, kQuartetThreads);

  leaf.template add_head<Out, Part::kTerms>(rows, scratch.h2, scratch.d_output, scratch.terms);
  device::sync_group(seat.quartet, kQuartetThreads);
  for_panels<H>([&](int panel) {
    const int unit = panel + seat.unit;
    Tile<H> h;
    Tile<H> d2;
    PPO_UNROLL
    for (int m = 0; m < d2.kRows; ++m) {
      const int s = seat.row + 8 * m;
      const Quad quad = load_quad(scratch.h2 + s * kPitch<H> + unit);
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) {
        h.x[m][u] = quad.x[u];
        float d_h = 0;
        PPO_UNROLL
        for (int o = 0; o < Out; ++o)
          d_h = fma(scratch.d_output[s * Out + o], head_w[(unit + u) * Out + o], d_h);
        d2.x[m][u] = d_h;
      }
    }
    apply_slope(sizes.activation, h, d2);
    store_tile(seat, d2, unit, scratch.h2);
  });
}

/// Turns h1 into d1, from d2 in place of h2.
template <int O, int H>
PPO_DEVICE void first_layer_back(Activation activation, const Seat<H>& seat, const Trunk<O, H>& trunk,
                                 const float* d2, float* h1) {
  for_panels<H>([&](int panel) {
    const int unit = panel + seat.warp_units + seat.across;  // and 4, 8, 12 further
    float* own = h1 + seat.row * kPitch<H> + unit;
    Tile<H> d1 = hidden_tile_back(seat, trunk, d2, unit);
    Tile<H> h;
    PPO_UNROLL
    for (int m = 0; m < h.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) h.x[m][u] = own[8 * m * kPitch<H> + 4 * u];
    }
    apply_slope(activation, h, d1);
    PPO_UNROLL
    for (int m = 0; m < h.kRows; ++m) {
      PPO_UNROLL
      for (int u = 0; u < 4; ++u) own[8 * m * kPitch<H> + 4 * u] = d1.x[m][u];
    }
  });
}

/// Of which leaf a tile is, and what part of it.
struct TileOfLeaf {
  int leaf;
  bool first;  // of its tiles
  bool last;
  bool leaves;  // the block with it, for others of the cluster
};

/// A leaf's place in its group, as far as this block adds it up.
struct LeafInGroup {
  bool begins;
  bool ends;
  bool adds;   // to the groups before it
  float* row;  // of the group's sums, or of the leaf's where the group is split

  template <class Agent>
  PPO_DEVICE LeafInGroup(const TeamBlock<Agent>& block, int leaf) {
    const WorkPlan& plan = block.plan();
    const int group = leaf / kGroupLeaves;
    const bool alone = plan.is_split(group);
    begins = alone || leaf % kGroupLeaves == 0;
    ends = alone || leaf % kGroupLeaves == kGroupLeaves - 1 || leaf + 1 == plan.all_leaves;
    adds = plan.folds && group > 0;
    row = block.shared.agent.groups + std::int64_t{plan.row(leaf)} * Agent::kRowPitch;
  }
};

/// Where a tile's part of a large second layer of the actor or critic goes.
template <class Part, class Agent>
PPO_DEVICE LargeSums large_sums(const TeamBlock<Agent>& block, const TileOfLeaf& tile) {
  const LeafInGroup place(block, tile.leaf);
  float* carry = block.shared.agent.groups + std::int64_t{block.plan().carry_row} * Agent::kRowPitch;
  return {place.begins, place.row + Part::kRow, tile.first, tile.last, carry + Part::kRow};
}

/// Adds a tile, whose observations are in scratch, to the leaf.
template <class Agent>
PPO_DEVICE void add_tile(const Sizes& sizes, const TeamBlock<Agent>& block,
                         const Sample<float, Agent::Head::kNumbers>& sample, int rows, const TileOfLeaf& tile,
                         LeafGradient<Agent>& leaf) {
  const Seat<Agent::H> seat;
  const auto& trunk = block.shared.weights.trunk[seat.quartet];
  auto& scratch = block.shared.scratch[seat.quartet];

  input_tile(sizes.activation, seat, trunk, scratch.obs, scratch.h1);
  device::sync_group(seat.quartet, kQuartetThreads);
  hidden_tile(sizes.activation, seat, trunk, scratch.h1, scratch.h2);
  device::sync_group(seat.quartet, kQuartetThreads);
  if (seat.quartet == 0) {
    head_tile<ActorPart<Agent>>(sizes, block, sample, rows, leaf);
  } else {
    head_tile<CriticPart<Agent>>(sizes, block, sample, rows, leaf);
  }
  device::sync_group(seat.quartet, kQuartetThreads);
  if constexpr (LeafGradient<Agent>::kInParts) {
    const LargeSums sums = seat.quartet == 0 ? large_sums<ActorPart<Agent>>(block, tile)
                                             : large_sums<CriticPart<Agent>>(block, tile);
    leaf.add_l2_in_parts(rows, scratch.h1, scratch.h2, sums, Agent::Actor::l2_w);
  } else {
    leaf.add_l2(rows, scratch.h1, scratch.h2);
    // On their way while the first layer is computed. Who gets them has read those of the minibatch before:
    // the team's barrier lies between.
    if (tile.leaves) leaf.send_l2(part_of_block(block));
  }
  device::sync_group(seat.quartet, kQuartetThreads);
  first_layer_back(sizes.activation, seat, trunk, scratch.h2, scratch.h1);
  device::sync_group(seat.quartet, kQuartetThreads);
  leaf.add_l1(rows, scratch.obs, scratch.h1);
  device::sync_group(seat.quartet, kQuartetThreads);  // the next tile's samples take their place
}

template <class Part, class Agent>
PPO_DEVICE void end_group(const LeafInGroup& place, LeafGradient<Agent>& leaf) {
  if (place.adds) {
    leaf.template add_group<Part>(place.row + Part::kRow);
  } else {
    leaf.template store_group<Part>(place.row + Part::kRow);
  }
}

/// Adds the leaf to its group, and leaves the group's sums if it was the last.
template <class Agent>
PPO_DEVICE void end_leaf(const TeamBlock<Agent>& block, int number, LeafGradient<Agent>& leaf) {
  const LeafInGroup place(block, number);
  leaf.end_leaf(place.begins);
  if (!place.ends) return;
  if (device::thread_index() < kQuartetThreads) {
    end_group<ActorPart<Agent>>(place, leaf);
  } else {
    end_group<CriticPart<Agent>>(place, leaf);
  }
}

/// The block's only leaf is complete: what is not yet on its way to the others of the cluster follows.
template <class Agent>
PPO_DEVICE void send_small(const TeamBlock<Agent>& block, const LeafGradient<Agent>& leaf) {
  if (device::thread_index() < kQuartetThreads) {
    leaf.template send_small<ActorPart<Agent>>(part_of_block(block));
  } else {
    leaf.template send_small<CriticPart<Agent>>(part_of_block(block));
  }
}

/// A block owns leaves, which lie side by side in the minibatch.
template <class Agent>
PPO_DEVICE void gradient_stage(const Sizes& sizes, const TeamBlock<Agent>& block,
                               const Minibatch<Permutation>& minibatch) {
  const auto& rollout = block.shared.agent.rollout;
  const WorkPlan& plan = block.plan();
  const int end = static_cast<int>(min(std::int64_t{plan.leaves.end} * plan.leaf_size, minibatch.size));
  const auto rows_from = [&](int position) { return min(kTile, end - position); };
  int first = plan.leaves.begin * plan.leaf_size;
  const Seat<Agent::H> seat;
  SamplesAhead samples;
  TileInput<Agent> next;
  if (first < end) next.fetch(rollout, seat, samples.next(minibatch, seat, first, end));
  load_weights(block);

  const bool clustered = block.is_clustered();
  LeafGradient<Agent> gradient(seat);
  for (int leaf = plan.leaves.begin; leaf < plan.leaves.end; ++leaf) {
    gradient.clear();
    const int leaf_begin = first;
    const int leaf_end = min(first + plan.leaf_size, end);
    for (; first < leaf_end; first += kTile) {
      const TileInput<Agent> input = next;
      input.store_obs(seat, block.shared.scratch[seat.quartet].obs);
      if (first + kTile < end) {
        next.fetch(rollout, seat, samples.next(minibatch, seat, first + kTile, end));
      }
      device::sync_group(seat.quartet, kQuartetThreads);
      add_tile(sizes, block, input.recorded.sample(minibatch.normaliser), rows_from(first),
               {leaf, first == leaf_begin, first + kTile >= leaf_end, clustered && first + kTile >= leaf_end},
               gradient);
    }
    if (!clustered) end_leaf(block, leaf, gradient);
  }
  if (clustered) {
    send_small(block, gradient);
    add_up_group(block);
  }
}

}  // namespace ppo
