// Gradient: the actor and the critic of a block, a quartet each, take the block's leaves through forward,
// loss and backward, and leave the sums of groups (or, where a group is split, of leaves) in global memory.
#pragma once

#include "kernels/leaf.hpp"
#include "kernels/leaf_plan.hpp"
#include "kernels/weights.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// What differs between the two networks: their heads and losses.
template <class Agent>
struct ActorHead {
  using Net = typename Agent::Layout::Actor;
  static constexpr int kParams = Agent::Layout::actor;
  static constexpr int kFirstTerm = kPolicyTerm;
  static constexpr int kTerms = kPolicyTerms;

  template <class Weights>
  PPO_DEVICE static const float* head_w(const Weights& weights) {
    return weights.actor_head_w;
  }
  template <class Weights>
  PPO_DEVICE static const float* head_b(const Weights& weights) {
    return weights.actor_head_b;
  }

  PPO_DEVICE static void loss(const LossCoefs<float>& coefs, const Sample<float>& sample, const float* logits,
                              float* d_logits, float* terms) {
    const auto loss = policy_loss<Agent::A>(coefs, sample, logits);
    PPO_UNROLL
    for (int a = 0; a < Agent::A; ++a) d_logits[a] = loss.d_logits[a];
    PPO_UNROLL
    for (int term = 0; term < kTerms; ++term) terms[term] = loss.terms[term];
  }
};

template <class Agent>
struct CriticHead {
  using Net = typename Agent::Layout::Critic;
  static constexpr int kParams = Agent::Layout::critic;
  static constexpr int kFirstTerm = kValueTerm;
  static constexpr int kTerms = 1;

  template <class Weights>
  PPO_DEVICE static const float* head_w(const Weights& weights) {
    return weights.critic_head_w;
  }
  template <class Weights>
  PPO_DEVICE static const float* head_b(const Weights& weights) {
    return weights.critic_head_b;
  }

  PPO_DEVICE static void loss(const LossCoefs<float>& coefs, const Sample<float>& sample, const float* value,
                              float* d_value, float* term) {
    const auto loss = value_loss(coefs, sample, *value);
    *d_value = loss.d_value;
    *term = loss.term;
  }
};

template <class Agent>
using LeafOf = LeafGradient<Agent::O, Agent::A, Agent::Layout::Actor::H>;

/// Output, loss and head of a tile whose hidden layers are in scratch: adds the head's gradient, and turns h2
/// into d2, the gradient of what went into its tanh.
template <class Head, class Agent>
PPO_DEVICE void head_tile(const Hyper& hyper, const TeamBlock<Agent>& block, const Sample<float>& sample,
                          int rows, LeafOf<Agent>& leaf) {
  constexpr int H = Head::Net::H;
  constexpr int Out = Head::Net::Out;
  const Seat seat;
  auto& scratch = block.shared.scratch[seat.quartet];
  const float* head_w = Head::head_w(block.shared.weights);
  const float* head_b = Head::head_b(block.shared.weights);
  const LossCoefs<float> coefs{hyper.clip_coef, hyper.ent_coef, hyper.vf_coef, hyper.clip_vloss};

  float output[Out];
  float d_output[Out];
  float terms[Head::kTerms];
  PPO_UNROLL
  for (int o = 0; o < Out; ++o) output[o] = head_output<H>(seat, head_w + o, Out, scratch.h2, head_b[o]);
  Head::loss(coefs, sample, output, d_output, terms);
  if (seat.part == 0) {
    PPO_UNROLL
    for (int o = 0; o < Out; ++o) scratch.d_output[seat.sample * Out + o] = d_output[o];
    PPO_UNROLL
    for (int term = 0; term < Head::kTerms; ++term)
      scratch.terms[seat.sample * kLossTerms + term] = terms[term];
  }
  device::sync_group(seat.quartet, kQuartetThreads);

  Tile d2;
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    const int s = seat.row + 8 * m;
    const Quad h = load_quad(scratch.h2 + s * kPitch<H> + seat.unit);
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) {
      float d_h = 0;
      PPO_UNROLL
      for (int o = 0; o < Out; ++o)
        d_h = fma(scratch.d_output[s * Out + o], head_w[(seat.unit + u) * Out + o], d_h);
      d2.x[m][u] = d_h * fma(-h.x[u], h.x[u], 1.0F);
    }
  }
  leaf.template add_head<Out, Head::kTerms>(rows, scratch.h2, scratch.d_output, scratch.terms);
  device::sync_group(seat.quartet, kQuartetThreads);
  store_tile<H>(seat, d2, scratch.h2);
}

/// A thread's part of a tile's samples: all of its sample but the observation, of which it holds every eighth
/// entry. Fetched a tile ahead, so that the reads of global memory are over when they are needed.
template <class Agent>
struct TileInput {
  static constexpr int kEntries = (Agent::O + 7) / 8;
  Sample<float> sample;
  float obs[kEntries];  // entries part, part + 8, ...

  /// The `rows` samples from position `first` of the minibatch on. Rows beyond them repeat the last one, and
  /// are left out of every sum.
  PPO_DEVICE void fetch(const Rollout<typename Agent::Env>& rollout, const Minibatch<Permutation>& minibatch,
                        int first, int rows) {
    const Seat seat;
    const std::int64_t position = minibatch.first + first + min(seat.sample, rows - 1);
    const std::int64_t i = minibatch.order(static_cast<std::uint32_t>(position));
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) {
      const int o = seat.part + 8 * e;
      obs[e] = rollout.obs[i * Agent::O + min(o, Agent::O - 1)];
    }
    sample = sample_of(rollout, minibatch.normaliser, i);
  }

  /// to [kTile][O] in shared memory.
  PPO_DEVICE void store_obs(const Seat& seat, float* to) const {
    PPO_UNROLL
    for (int e = 0; e < kEntries; ++e) {
      const int o = seat.part + 8 * e;
      if (o < Agent::O) to[seat.sample * Agent::O + o] = obs[e];
    }
  }
};

/// Adds a tile, whose observations are in scratch, to the leaf.
template <class Agent>
PPO_DEVICE void add_tile(const Hyper& hyper, const TeamBlock<Agent>& block, const Sample<float>& sample,
                         int rows, LeafOf<Agent>& leaf) {
  constexpr int O = Agent::O;
  constexpr int H = Agent::Layout::Actor::H;
  const Seat seat;
  const auto& trunk = block.shared.weights.trunk[seat.quartet];
  auto& scratch = block.shared.scratch[seat.quartet];

  input_tile<O, H>(seat, trunk, scratch.obs, scratch.h1);
  device::sync_group(seat.quartet, kQuartetThreads);
  hidden_tile<O, H>(seat, trunk, scratch.h1, scratch.h2);
  device::sync_group(seat.quartet, kQuartetThreads);
  if (seat.quartet == 0) {
    head_tile<ActorHead<Agent>>(hyper, block, sample, rows, leaf);
  } else {
    head_tile<CriticHead<Agent>>(hyper, block, sample, rows, leaf);
  }
  device::sync_group(seat.quartet, kQuartetThreads);

  leaf.add_l2(rows, scratch.h1, scratch.h2);
  const int unit = 16 * seat.warp + seat.lane % 4;  // and 4, 8, 12 further
  Tile d1 = hidden_tile_back<O, H>(seat, trunk, scratch.h2, unit);
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) {
      const float h = scratch.h1[(seat.row + 8 * m) * kPitch<H> + unit + 4 * u];
      d1.x[m][u] = d1.x[m][u] * fma(-h, h, 1.0F);
    }
  }
  device::sync_group(seat.quartet, kQuartetThreads);
  PPO_UNROLL
  for (int m = 0; m < 2; ++m) {
    PPO_UNROLL
    for (int u = 0; u < 4; ++u) scratch.h1[(seat.row + 8 * m) * kPitch<H> + unit + 4 * u] = d1.x[m][u];
  }
  device::sync_group(seat.quartet, kQuartetThreads);
  leaf.add_l1(rows, scratch.obs, scratch.h1);
  device::sync_group(seat.quartet, kQuartetThreads);  // the next tile's samples take their place
}

/// Adds the leaf to the sums in `row` [kSums], or begins them with it.
template <class Head, class Agent>
PPO_DEVICE void store_part(const LeafOf<Agent>& leaf, bool begins, float* row) {
  const auto store = [&](int offset, float sum) { row[offset] = begins ? sum : row[offset] + sum; };
  leaf.template for_each<typename Head::Net, Head::kTerms>(
      [&](int offset, float sum) { store(Head::kParams + offset, sum); },
      [&](int term, float sum) { store(Agent::P + Head::kFirstTerm + term, sum); });
}

/// Where the plan says: alone, or to the leaves of its group before it.
template <class Agent>
PPO_DEVICE void store_leaf(const LeafOf<Agent>& leaf, const LeafPlan& plan, int number, float* rows) {
  const int group = plan.group_of(number);
  const bool alone = plan.split(group);
  const bool begins = alone || number % kGroupLeaves == 0;
  float* row = rows + std::int64_t{plan.row(alone ? number : group * kGroupLeaves)} * Agent::kSums;
  if (Seat().quartet == 0) {
    store_part<ActorHead<Agent>, Agent>(leaf, begins, row);
  } else {
    store_part<CriticHead<Agent>, Agent>(leaf, begins, row);
  }
}

/// A block owns leaves, which lie side by side in the minibatch.
template <class Agent>
PPO_DEVICE void gradient_stage(const Hyper& hyper, const TeamBlock<Agent>& block,
                               const Minibatch<Permutation>& minibatch) {
  const auto& rollout = block.shared.agent.rollout;
  const LeafPlan plan(minibatch.size, block.count());
  const int leaf_size = static_cast<int>(leaf_samples(minibatch.size));
  const int end =
      static_cast<int>(min(std::int64_t{plan.begin(block.index() + 1)} * leaf_size, minibatch.size));
  const auto rows_from = [&](int position) { return min(kTile, end - position); };
  int number = plan.begin(block.index());
  int first = number * leaf_size;
  TileInput<Agent> next;
  if (first < end) next.fetch(rollout, minibatch, first, rows_from(first));
  load_weights(block);

  const Seat seat;
  LeafOf<Agent> leaf(seat);
  for (int leaf_end = min(first + leaf_size, end); first < end; leaf_end = min(first + leaf_size, end)) {
    leaf.clear();
    for (; first < leaf_end; first += kTile) {
      const TileInput<Agent> input = next;
      input.store_obs(seat, block.shared.scratch[seat.quartet].obs);
      if (first + kTile < end) next.fetch(rollout, minibatch, first + kTile, rows_from(first + kTile));
      device::sync_group(seat.quartet, kQuartetThreads);
      add_tile(hyper, block, input.sample, rows_from(first), leaf);
    }
    store_leaf<Agent>(leaf, plan, number++, block.shared.agent.groups);
  }
}

}  // namespace ppo
