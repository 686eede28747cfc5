// A thread's part of a leaf's gradient: one fma chain an entry, in registers as far as they fit.
#pragma once

#include "kernels/layers.hpp"
#include "ppo/loss.hpp"

namespace ppo {

/// Where a network's sums over a leaf come from and go to.
struct LeafSums {
  bool begins;   // the sums in `row` are this leaf's; otherwise it adds to those of its group's other leaves
  float* row;    // offset 0 is the network's first parameter
  bool first;    // this tile begins the leaf
  bool last;     // and this one ends it
  float* carry;  // as `row`: what does not stay in registers from tile to tile

  PPO_DEVICE float start(int offset) const { return first ? 0 : carry[offset]; }
  PPO_DEVICE void stop(int offset, float chain) const {
    if (last) {
      finish(offset, chain);
    } else {
      carry[offset] = chain;
    }
  }
  PPO_DEVICE void finish(int offset, float chain) const {
    row[offset] = begins ? chain : row[offset] + chain;
  }
};

/// Of the second layer's weights a thread owns a tile; of everything smaller, the entries that its number
/// leads to. It suits both networks: the actor has at least as many outputs and terms as the critic.
///
/// A large second layer comes in parts, one after the other through the same registers. Each of them ends in
/// memory with every tile of samples: nothing is lost by that as long as a leaf is one tile.
template <class Agent>
class LeafGradient {
 public:
  PPO_DEVICE explicit LeafGradient(const Seat<Agent::H>& seat)
      : thread_(seat.thread),
        l2_input_(kL2Inputs * (seat.lane / 8 + 4 * (seat.warp / kWarpsAcross))),
        l2_unit_(4 * (seat.lane % 8 + 8 * (seat.warp % kWarpsAcross))),
        unit_(seat.thread % H),
        share_(seat.thread / H) {}

  static constexpr bool kInParts = Agent::H > 64;

  PPO_DEVICE void clear() {
    PPO_UNROLL
    for (int i = 0; i < kL2Inputs; ++i) {
      PPO_UNROLL
      for (int j = 0; j < kL2Units; ++j) l2_[i][j] = 0;
    }
    PPO_UNROLL
    for (int m = 0; m < kInputs; ++m) l1_[m] = 0;
    PPO_UNROLL
    for (int m = 0; m < kOutputs; ++m) head_[m] = 0;
    PPO_UNROLL
    for (int m = 0; m < kSingles; ++m) single_[m] = 0;
    l1_bias_ = 0;
    l2_bias_ = 0;
  }

  /// The head, from h2 [rows][H] and d_output [rows][Out]; the sums of `term` [rows][terms] ride along.
  template <int Out, int terms>
  PPO_DEVICE void add_head(int rows, const float* h2, const float* d_output, const float* term) {
    for_rows(rows, [&](int s) {
      const float h = h2[s * kPitch<H> + unit_];
      PPO_UNROLL
      for (int m = 0; m < kOutputs; ++m) {
        const int o = share_ + kShares * m;
        if (o < Out) head_[m] = fma(h, d_output[s * Out + o], head_[m]);
      }
    });
    PPO_UNROLL
    for (int m = 0; m < kSingles; ++m) {
      const int i = thread_ + kQuartetThreads * m;
      if (i < Out) {
        for (int s = 0; s < rows; ++s) single_[m] += d_output[s * Out + i];
      } else if (i - Out < terms) {
        for (int s = 0; s < rows; ++s) single_[m] += term[s * terms + i - Out];
      }
    }
  }

  /// The second layer, from h1 and d2 [rows][H], if it stays in registers.
  PPO_DEVICE void add_l2(int rows, const float* h1, const float* d2) {
    add_l2_part(rows, h1 + l2_input_, d2 + l2_unit_);
    add_l2_bias(rows, d2);
  }

  /// The same in parts. `sums` are the network's, and l2_w the weights' offset there.
  PPO_DEVICE void add_l2_in_parts(int rows, const float* h1, const float* d2, const LeafSums& sums,
                                  int l2_w) {
    PPO_NO_UNROLL
    for (int part = 0; part < H; part += kL2PartInputs) {
      const int offset = l2_w + part * H;
      for_each_l2([&](int entry, float& chain) { chain = sums.start(offset + entry); });
      add_l2_part(rows, h1 + part + l2_input_, d2 + l2_unit_);
      for_each_l2([&](int entry, float& chain) { sums.stop(offset + entry, chain); });
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
        if (i < O) l1_[m] = fma(obs[s * O + i], d, l1_[m]);
      }
    });
    if (owns_l1_bias()) for_rows(rows, [&](int s) { l1_bias_ += d1[s * kPitch<H> + unit_]; });
  }

  /// Hands out each entry once: to(offset in Net, sum), and the terms' sums to to_term(number, sum).
  template <class Net, int terms, class To, class ToTerm>
  PPO_DEVICE void for_each(To to, ToTerm to_term) {
    if constexpr (!kInParts) for_each_l2([&](int entry, float& chain) { to(Net::l2_w + entry, chain); });
    PPO_UNROLL
    for (int m = 0; m < kInputs; ++m) {
      const int i = share_ + kShares * m;
      if (i < O) to(Net::l1_w + i * H + unit_, l1_[m]);
    }
    PPO_UNROLL
    for (int m = 0; m < kOutputs; ++m) {
      const int o = share_ + kShares * m;
      if (o < Net::Out) to(Net::head_w + unit_ * Net::Out + o, head_[m]);
    }
    if (owns_l1_bias()) to(Net::l1_b + unit_, l1_bias_);
    if (owns_l2_bias()) to(Net::l2_b + unit_, l2_bias_);
    PPO_UNROLL
    for (int m = 0; m < kSingles; ++m) {
      const int i = thread_ + kQuartetThreads * m;
      if (i < Net::Out) {
        to(Net::head_b + i, single_[m]);
      } else if (i - Net::Out < terms) {
        to_term(i - Net::Out, single_[m]);
      }
    }
  }

 private:
  static constexpr int O = Agent::O;
  static constexpr int H = Agent::H;

  // The second layer's tile: a warp is eight threads wide, each with four units, and again four 64 further
  // for as many as there are.
  static constexpr int kWarpsAcross = min(H / 32, 2);
  static constexpr int kL2Units = max(H / 16, 4);
  static constexpr int kL2PartInputs = kInParts ? 64 : H;
  static constexpr int kL2Inputs = kL2PartInputs * H / kQuartetThreads / kL2Units;

  // Of the rest, `kShares` threads share a unit.
  static constexpr int kShares = kQuartetThreads / H;
  static constexpr int kInputs = (O + kShares - 1) / kShares;
  static constexpr int kOutputs = (Agent::Actor::Out + kShares - 1) / kShares;
  static constexpr int kSingles =
      (Agent::Actor::Out + Agent::kActorTerms + kQuartetThreads - 1) / kQuartetThreads;

  PPO_DEVICE bool owns_l1_bias() const { return share_ == 0; }
  PPO_DEVICE bool owns_l2_bias() const { return share_ == min(1, kShares - 1); }

  /// visit(offset within a part of the layer's weights, sum)
  template <class Visit>
  PPO_DEVICE void for_each_l2(Visit visit) {
    PPO_UNROLL
    for (int i = 0; i < kL2Inputs; ++i) {
      PPO_UNROLL
      for (int j = 0; j < kL2Units; ++j) {
        visit((l2_input_ + i) * H + l2_unit_ + j % 4 + 16 * (j - j % 4), l2_[i][j]);
      }
    }
  }

  /// From where the thread's inputs and units begin in h1 and d2.
  PPO_DEVICE void add_l2_part(int rows, const float* inputs, const float* units) {
    for_rows(rows, [&](int s) {
      float d[kL2Units];
      PPO_UNROLL
      for (int j = 0; j < kL2Units; j += 4) load_row<4>(units + s * kPitch<H> + 16 * j, d + j);
      float h[kL2Inputs];
      load_row<kL2Inputs>(inputs + s * kPitch<H>, h);
      PPO_UNROLL
      for (int i = 0; i < kL2Inputs; ++i) {
        PPO_UNROLL
        for (int j = 0; j < kL2Units; ++j) l2_[i][j] = fma(h[i], d[j], l2_[i][j]);
      }
    });
  }

  PPO_DEVICE void add_l2_bias(int rows, const float* d2) {
    if (owns_l2_bias()) for_rows(rows, [&](int s) { l2_bias_ += d2[s * kPitch<H> + unit_]; });
  }

  template <int count>
  PPO_DEVICE static void load_row(const float* from, float* to) {
    if constexpr (count % 4 == 0) {
      PPO_UNROLL
      for (int i = 0; i < count; i += 4) {
        const Quad quad = load_quad(from + i);
        PPO_UNROLL
        for (int k = 0; k < 4; ++k) to[i + k] = quad.x[k];
      }
    } else {
      PPO_UNROLL
      for (int i = 0; i < count; ++i) to[i] = from[i];
    }
  }

  /// A whole tile without a loop; the rest of a minibatch with one.
  template <class Step>
  PPO_DEVICE static void for_rows(int rows, Step step) {
    if (rows == kTile) {
      PPO_UNROLL
      for (int s = 0; s < kTile; ++s) step(s);
    } else {
      PPO_NO_UNROLL
      for (int s = 0; s < rows; ++s) step(s);
    }
  }

  int thread_;
  int l2_input_, l2_unit_;  // the first of its inputs and units
  int unit_, share_;        // its unit, and which of the threads that share it
  float l2_[kL2Inputs][kL2Units];
  float l1_[kInputs];        // inputs share, share + kShares, ...
  float head_[kOutputs];     // outputs likewise
  float l1_bias_, l2_bias_;  // of its unit
  float single_[kSingles];   // of the head's biases, followed by the terms
};

}  // namespace ppo
