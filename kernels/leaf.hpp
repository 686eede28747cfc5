// A thread's part of a leaf's gradient: one fma chain an entry, in registers.
#pragma once

#include "kernels/layers.hpp"
#include "ppo/loss.hpp"

namespace ppo {

/// Of the second layer's weights a thread owns eight inputs by four units; of everything smaller, the entries
/// that its number leads to. O inputs, H units, at most A outputs.
template <int O, int A, int H>
class LeafGradient {
 public:
  PPO_DEVICE LeafGradient(const Seat& seat)
      : thread_(seat.thread),
        l2_input_(8 * (seat.lane / 8 + 4 * (seat.warp / 2))),
        l2_unit_(4 * (seat.lane % 8 + 8 * (seat.warp % 2))),
        unit_(seat.thread % H),
        half_(seat.thread / H) {
    static_assert(2 * H == kQuartetThreads);
  }

  PPO_DEVICE void clear() {
    PPO_UNROLL
    for (int i = 0; i < 8; ++i) {
      PPO_UNROLL
      for (int j = 0; j < 4; ++j) l2_[i][j] = 0;
    }
    PPO_UNROLL
    for (int m = 0; m < kInputs; ++m) l1_[m] = 0;
    PPO_UNROLL
    for (int m = 0; m < kOutputs; ++m) head_[m] = 0;
    bias_ = 0;
    single_ = 0;
  }

  /// The head, from h2 [rows][H] and d_output [rows][Out]; the sums of `terms` [rows][kLossTerms] ride along.
  template <int Out, int terms>
  PPO_DEVICE void add_head(int rows, const float* h2, const float* d_output, const float* term) {
    for_rows(rows, [&](int s) {
      const float h = h2[s * kPitch<H> + unit_];
      PPO_UNROLL
      for (int m = 0; m < kOutputs; ++m) {
        const int o = half_ + 2 * m;
        if (o < Out) head_[m] = fma(h, d_output[s * Out + o], head_[m]);
      }
    });
    if (thread_ < Out) {
      for (int s = 0; s < rows; ++s) single_ += d_output[s * Out + thread_];
    } else if (thread_ - Out < terms) {
      for (int s = 0; s < rows; ++s) single_ += term[s * kLossTerms + thread_ - Out];
    }
  }

  /// The second layer, from h1 and d2 [rows][H].
  PPO_DEVICE void add_l2(int rows, const float* h1, const float* d2) {
    const float* inputs = h1 + l2_input_;
    const float* units = d2 + l2_unit_;
    for_rows(rows, [&](int s) {
      const Quad d = load_quad(units + s * kPitch<H>);
      const Quad h[2] = {load_quad(inputs + s * kPitch<H>), load_quad(inputs + s * kPitch<H> + 4)};
      PPO_UNROLL
      for (int i = 0; i < 8; ++i) {
        PPO_UNROLL
        for (int j = 0; j < 4; ++j) l2_[i][j] = fma(h[i / 4].x[i % 4], d.x[j], l2_[i][j]);
      }
    });
    if (half_ == 1) for_rows(rows, [&](int s) { bias_ += d2[s * kPitch<H> + unit_]; });
  }

  /// The first layer, from obs [rows][O] and d1 [rows][H].
  PPO_DEVICE void add_l1(int rows, const float* obs, const float* d1) {
    for_rows(rows, [&](int s) {
      const float d = d1[s * kPitch<H> + unit_];
      PPO_UNROLL
      for (int m = 0; m < kInputs; ++m) {
        const int i = half_ + 2 * m;
        if (i < O) l1_[m] = fma(obs[s * O + i], d, l1_[m]);
      }
    });
    if (half_ == 0) for_rows(rows, [&](int s) { bias_ += d1[s * kPitch<H> + unit_]; });
  }

  /// Hands out each entry once: to(offset in Net, sum), and the terms' sums to to_term(number, sum).
  template <class Net, int terms, class To, class ToTerm>
  PPO_DEVICE void for_each(To to, ToTerm to_term) const {
    PPO_UNROLL
    for (int i = 0; i < 8; ++i) {
      PPO_UNROLL
      for (int j = 0; j < 4; ++j) to(Net::l2_w + (l2_input_ + i) * H + l2_unit_ + j, l2_[i][j]);
    }
    PPO_UNROLL
    for (int m = 0; m < kInputs; ++m) {
      if (half_ + 2 * m < O) to(Net::l1_w + (half_ + 2 * m) * H + unit_, l1_[m]);
    }
    PPO_UNROLL
    for (int m = 0; m < kOutputs; ++m) {
      if (half_ + 2 * m < Net::Out) to(Net::head_w + unit_ * Net::Out + half_ + 2 * m, head_[m]);
    }
    to((half_ == 0 ? Net::l1_b : Net::l2_b) + unit_, bias_);
    if (thread_ < Net::Out) {
      to(Net::head_b + thread_, single_);
    } else if (thread_ - Net::Out < terms) {
      to_term(thread_ - Net::Out, single_);
    }
  }

 private:
  static constexpr int kInputs = (O + 1) / 2;
  static constexpr int kOutputs = (A + 1) / 2;

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
  int l2_input_, l2_unit_;  // the first of its eight and four
  int unit_, half_;         // its unit, and which of the two threads that share it
  float l2_[8][4];
  float l1_[kInputs];     // inputs half, half + 2, ...
  float head_[kOutputs];  // outputs half, half + 2, ...
  float bias_;            // of the first layer (half 0) or the second
  float single_;          // the head's bias, or a term
};

}  // namespace ppo
