// Sizes as the compiler knows them: what the rest of the program learns at run time, a kernel has as
// constants.
#pragma once

#include "kernels/launch.hpp"
#include "ppo/train_state.hpp"

namespace ppo {

/// A network and the offsets of its tensors (Mlp) within its part of the parameters.
template <int O_, int H_, int Out_>
struct Net {
  static constexpr int O = O_;
  static constexpr int H = H_;
  static constexpr int Out = Out_;

 private:
  static constexpr Mlp kMlp{O, H, Out};

 public:
  static constexpr int l1_w = kMlp.l1_w();
  static constexpr int l1_b = kMlp.l1_b();
  static constexpr int l2_w = kMlp.l2_w();
  static constexpr int l2_b = kMlp.l2_b();
  static constexpr int head_w = kMlp.head_w();
  static constexpr int head_b = kMlp.head_b();
};

/// An agent whose hidden layers have H units, which is what its `layout` says at run time.
template <IsEnv Env_, int H_>
struct SizedAgent : Agent<Env_> {
  using Head = typename Agent<Env_>::Head;
  static constexpr int H = H_;
  using Actor = Net<Env_::kObservationSize, H, Head::kOutputs>;
  using Critic = Net<Env_::kObservationSize, H, 1>;

 private:
  static constexpr Layout kLayout = layout_of<Env_>(H);

 public:
  static constexpr int P = kLayout.size();
  static constexpr int kSums = sums_size(kLayout);
  static constexpr int kActorBegin = kLayout.actor_begin();
  static constexpr int kCriticBegin = kLayout.critic_begin();
  static constexpr int kExtraBegin = kLayout.extra_begin();

  /// The sums of such a second layer are too many to stay in a block's registers.
  static constexpr bool kLarge = H > 64;

  /// Whether a team's blocks may form clusters, where the card has them and room for what they keep.
  static constexpr bool kClusters = !kLarge && slice_count(P) <= 8 * kClusterBlocks;

  /// A row of sums in a team's workspace: the actor's parameters from its start on, all others from kRowRest
  /// on, so that four floats of either network lie in one piece. [floats]
  static constexpr int kRowRest = (kCriticBegin + 3) / 4 * 4;
  static constexpr int kRowPitch = (kRowRest + kSums - kCriticBegin + 3) / 4 * 4;

  /// Where the sum of parameter or term number p lies in a row.
  PPO_HD static constexpr int place_in_row(int p) {
    return p < kCriticBegin ? p : p + kRowRest - kCriticBegin;
  }

  /// What the actor's loss sums besides the gradient of its network, from kExtraBegin on.
  static constexpr int kActorTerms = Head::kExtra + kPolicyTerms;
};

}  // namespace ppo
