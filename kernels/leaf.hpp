// A thread's part of a leaf's gradient: one fma chain an entry, in registers as far as they fit.
#pragma once

#include "kernels/layer_share.hpp"
#include "kernels/layers.hpp"
#include "kernels/rows.hpp"
#include "ppo/loss.hpp"

namespace ppo {

/// Of the second layer's weights a thread owns a tile; of everything smaller, the entries that its number
/// leads to. It suits both networks: the actor has at least as many outputs and terms as the critic. A group
/// stays in registers, too, until its last leaf.
///
/// A large second layer comes in parts, one after the other through the same registers. Each of them ends in
/// memory with every tile of samples: nothing is lost by that as long as a leaf is one tile.
template <class Agent>
class LeafGradient {
 public:
  PPO_DEVICE explicit LeafGradient(const Seat<Agent::H>& seat)
      : thread_(seat.thread), l2_(seat.thread), unit_(seat.thread % H), share_(seat.thread / H) {}

  static constexpr bool kInParts = Agent::kLarge;

  PPO_DEVICE void clear() {
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) leaf_[e] = 0;
  }

  /// The head, from h2 [rows][H] and d_output [rows][Out]; the sums of `term` [rows][terms] ride along.
  template <int Out, int terms>
  PPO_DEVICE void add_head(int rows, const float* h2, const float* d_output, const float* term) {
    for_rows(rows, [&](int s) {
      const float h = h2[s * kPitch<H> + unit_];
      PPO_UNROLL
      for (int m = 0; m < kOutputs; ++m) {
        const int o = share_ + kShares * m;
        if (o < Out) leaf_[kHead + m] = fma(h, d_output[s * Out + o], leaf_[kHead + m]);
      }
    });
    PPO_UNROLL
    for (int m = 0; m < kSingles; ++m) {
      const int i = thread_ + kQuartetThreads * m;
      if (i >= Out + terms) continue;
      const bool is_bias = i < Out;
      const float* column = is_bias ? d_output + i : term + (i - Out);
      const int pitch = is_bias ? Out : terms;
      for_rows(rows, [&](int s) { leaf_[kSingle + m] += column[s * pitch]; });
    }
  }

  /// The second layer, from h1 and d2 [rows][H], if it stays in registers.
  PPO_DEVICE void add_l2(int rows, const float* h1, const float* d2) {
    add_l2_part(rows, h1 + l2_.input, d2 + l2_.unit, leaf_ + kL2);
    add_l2_bias(rows, d2);
  }

  /// The same in parts. `sums` are the network's, and l2_w the weights' offset there.
  PPO_DEVICE void add_l2_in_parts(int rows, const float* h1, const float* d2, const LargeSums& sums,
                                  int l2_w) {
    PPO_NO_UNROLL
    for (int part = 0; part < H; part += kL2PartInputs) {
      const int offset = l2_w + part * H;
      float chain[kL2Inputs * kL2Units] = {};
      if (!sums.first) load_l2(sums.carry + offset, chain);
      add_l2_part(rows, h1 + part + l2_.input, d2 + l2_.unit, chain);
      if (sums.last && !sums.begins) {
        float before[kL2Inputs * kL2Units];
        load_l2(sums.row + offset, before);
        PPO_UNROLL
        for (int e = 0; e < kL2Inputs * kL2Units; ++e) chain[e] = before[e] + chain[e];
      }
      store_l2(chain, (sums.last ? sums.row : sums.carry) + offset);
    }
    add_l2_bias(rows, d2);
  }

  /// The first layer, from obs [rows][O] and d1 [rows][H].
  PPO_DEVICE void add_l1(int rows, const float* obs, const float* d1) {
    for_rows(rows, [&](int s) {
      const float d = d1[s * kPitch<H> + unit_];
      PPO_UNROLL
      for (int m = 0; m < kInputs; ++m) {
        const int i = share_ + kShares * m;
        if (i < O) leaf_[kL1 + m] = fma(obs[s * O + i], d, leaf_[kL1 + m]);
      }
    });
    if (owns_l1_bias()) for_rows(rows, [&](int s) { leaf_[kL1Bias] += d1[s * kPitch<H> + unit_]; });
  }

  /// The leaf is complete: it begins a group, or is added to it.
  PPO_DEVICE void end_leaf(bool begins_group) {
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) group_[e] = begins_group ? leaf_[e] : group_[e] + leaf_[e];
  }

  /// Puts the group's sums into a row: offset 0 is that of Part's first parameter. What a large second layer
  /// sums is there already.
  template <class Part>
  PPO_DEVICE void store_group(float* row) const {
    if constexpr (!kInParts) store_l2(group_ + kL2, row + Part::Net::l2_w);
    for_each_small<Part>([&](int entry, int offset) { row[offset] = group_[entry]; });
  }

  /// Sends the leaf's sums of the second layer's weights to the blocks of the cluster that add them up.
  /// `mine` is what the block has of its own part (kernels/cluster/exchange.hpp).
  PPO_DEVICE void send_l2(Quad* mine) const {
    using Places = Exchange<Agent>;
    static_assert(LayerShare<H>::kWeights == 4 * Places::kOfThread);
    const int thread = device::thread_index();
    for_each_l2_quad([&](int entry, int) {
      const Quad quad{{leaf_[entry], leaf_[entry + 1], leaf_[entry + 2], leaf_[entry + 3]}};
      device::store_quad_to_block(mine[Places::place_of(thread)].x, Places::block_of(entry / 4, thread),
                                  quad);
    });
  }

  /// The same of all others.
  template <class Part>
  PPO_DEVICE void send_small(Quad* mine) const {
    using Places = Exchange<Agent>;
    constexpr int kLayersBefore = Part::kRow > 0 ? 1 : 0;
    for_each_small<Part>([&](int entry, int offset) {
      int layers = kLayersBefore;
      if (entry != kL1Bias && entry >= kHead) ++layers;
      if (entry >= kSingle && offset >= Part::kTermsInRow) layers = 2;
      const unsigned number = Places::number_of(Part::kRow + offset, layers);
      device::store_to_block(mine[Places::kLayerQuads].x + number % Places::kPiece,
                             static_cast<int>(number / Places::kPiece), leaf_[entry]);
    });
  }

  /// Adds them to those that are there.
  template <class Part>
  PPO_DEVICE void add_group(float* row) {
    if constexpr (!kInParts) load_l2(row + Part::Net::l2_w, leaf_ + kL2);
    for_each_small<Part>([&](int entry, int offset) { leaf_[entry] = row[offset]; });
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) group_[e] = leaf_[e] + group_[e];
    store_group<Part>(row);
  }

 private:
  static constexpr int O = Agent::O;
  static constexpr int H = Agent::H;

  static constexpr int kL2Units = LayerShare<H>::kUnits;
  static constexpr int kL2Inputs = LayerShare<H>::kInputs;
  static constexpr int kL2PartInputs = LayerShare<H>::kPartInputs;
  static_assert(kInParts == (kL2PartInputs < H));

  // Of the rest, `kShares` threads share a unit.
  static constexpr int kShares = kQuartetThreads / H;
  static constexpr int kInputs = (O + kShares - 1) / kShares;
  static constexpr int kOutputs = (Agent::Actor::Out + kShares - 1) / kShares;
  static constexpr int kSingles =
      (Agent::Actor::Out + Agent::kActorTerms + kQuartetThreads - 1) / kQuartetThreads;

  // A thread's entries.
  static constexpr int kL2 = 0;  // [kL2Inputs][kL2Units], if they stay in registers
  static constexpr int kL1 =
      kL2 + (kInParts ? 0 : kL2Inputs * kL2Units);  // inputs share, share + kShares, ...
  static constexpr int kHead = kL1 + kInputs;       // outputs likewise
  static constexpr int kL1Bias = kHead + kOutputs;  // of its unit
  static constexpr int kL2Bias = kL1Bias + 1;       // of its unit
  static constexpr int kSingle = kL2Bias + 1;       // [kSingles] of the head's biases, followed by the terms
  static constexpr int kEntries = kSingle + kSingles;

  PPO_DEVICE bool owns_l1_bias() const { return share_ == 0; }
  PPO_DEVICE bool owns_l2_bias() const { return share_ == min(1, kShares - 1); }

  /// visit(entry, offset in Part's row) for those besides the second layer's weights.
  template <class Part, class Visit>
  PPO_DEVICE void for_each_small(Visit visit) const {
    using Net = typename Part::Net;
    PPO_UNROLL
    for (int m = 0; m < kInputs; ++m) {
      const int i = share_ + kShares * m;
      if (i < O) visit(kL1 + m, Net::l1_w + i * H + unit_);
    }
    PPO_UNROLL
    for (int m = 0; m < kOutputs; ++m) {
      const int o = share_ + kShares * m;
      if (o < Net::Out) visit(kHead + m, Net::head_w + unit_ * Net::Out + o);
    }
    if (owns_l1_bias()) visit(kL1Bias, Net::l1_b + unit_);
    if (owns_l2_bias()) visit(kL2Bias, Net::l2_b + unit_);
    PPO_UNROLL
    for (int m = 0; m < kSingles; ++m) {
      const int i = thread_ + kQuartetThreads * m;
      if (i < Net::Out) {
        visit(kSingle + m, Net::head_b + i);
      } else if (i - Net::Out < Part::kTerms) {
        visit(kSingle + m, Part::kTermsInRow + i - Net::Out);
      }
    }
  }

  /// visit(entry, offset within a part of the layer's weights) for every fourth entry.
  template <class Visit>
  PPO_DEVICE void for_each_l2_quad(Visit visit) const {
    PPO_UNROLL
    for (int quad = 0; quad < LayerShare<H>::kWeights / 4; ++quad) visit(4 * quad, l2_.place(quad));
  }
  PPO_DEVICE void load_l2(const float* from, float* entries) const {
    for_each_l2_quad([&](int entry, int offset) {
      const Quad quad = load_quad(from + offset);
      PPO_UNROLL
      for (int k = 0; k < 4; ++k) entries[entry + k] = quad.x[k];
    });
  }
  PPO_DEVICE void store_l2(const float* entries, float* to) const {
    for_each_l2_quad([&](int entry, int offset) {
      store_quad(to + offset, {{entries[entry], entries[entry + 1], entries[entry + 2], entries[entry + 3]}});
    });
  }

  /// From where the thread's inputs and units begin in h1 and d2.
  PPO_DEVICE void add_l2_part(int rows, const float* inputs, const float* units, float* chains) {
    for_rows(rows, [&](int s) {
      float d[kL2Units];
      PPO_UNROLL
      for (int j = 0; j < kL2Units; j += 4) load_row<4>(units + s * kPitch<H> + 16 * j, d + j);
      float h[kL2Inputs];
      load_row<kL2Inputs>(inputs + s * kPitch<H>, h);
      PPO_UNROLL
      for (int i = 0; i < kL2Inputs; ++i) {
        PPO_UNROLL
        for (int j = 0; j < kL2Units; ++j) {
          float& chain = chains[i * kL2Units + j];
          chain = fma(h[i], d[j], chain);
        }
      }
    });
  }

  PPO_DEVICE void add_l2_bias(int rows, const float* d2) {
    if (owns_l2_bias()) for_rows(rows, [&](int s) { leaf_[kL2Bias] += d2[s * kPitch<H> + unit_]; });
  }

  int thread_;
  LayerShare<H> l2_;
  int unit_, share_;  // its unit, and which of the threads that share it
  float leaf_[kEntries];
  float group_[kEntries];
};

}  // namespace ppo
