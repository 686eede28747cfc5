// reference::evaluate for up to kPass episodes at once, step by step together.
#pragma once

#include <new>

#include "engine/cpu/reference/evaluate.hpp"
#include "engine/cpu/simd/network.hpp"
#include "engine/cpu/simd/workspace.hpp"

namespace ppo::simd {

/// What playing needs beside the policy, in scratch memory.
template <IsEnv Env>
struct Playground {
  using Head = PolicyHead<typename Env::Action>;

  reference::Episode<Env>* episodes;  // [kPass], one a row
  float* obs;                         // [kPass][O]
  HiddenBatch hidden;
  PackedNetwork actor;
  float* outputs;  // [outputs][kPass]
  float* noise;    // [kNoise][kPass]
  float* actions;  // [numbers of an action][kPass]

  /// Lays it out in `block`; returns the bytes that it needs.
  static std::size_t carve(const Layout& layout, void* block, Playground& all) {
    Carver carver(block);
    all.episodes = carver.take<reference::Episode<Env>>(kPass);
    all.obs = carver.take<float>(kPass * layout.O);
    const auto hidden_units = std::int64_t{kPass} * layout.H;
    all.hidden = {carver.take<float>(hidden_units), carver.take<float>(hidden_units), nullptr};
    all.actor = {.net = layout.actor(),
                 .activation = {},
                 .params = nullptr,
                 .head = carver.take<float>(std::int64_t{layout.outputs} * layout.H),
                 .l2_transposed = nullptr};
    all.outputs = carver.take<float>(Head::kOutputs * kPass);
    all.noise = carver.take<float>(Head::kNoise * kPass);
    all.actions = carver.take<float>(Head::kNumbers * kPass);
    return carver.used();
  }
};

/// The actions [numbers][kPass] of so many rows: drawn with the noise [kNoise][kPass], or the most probable
/// ones.
template <class Head>
void choose_actions(const float* outputs, const float* extra, const float* noise, bool greedy, int rows,
                    float* actions) {
  for (int row = 0; row < rows; row += Lanes::kWidth) {
    Lanes columns[Head::kOutputs];
    Lanes random[Head::kNoise];
    Lanes action[Head::kNumbers];
    load_columns(outputs + row, Head::kOutputs, kPass, columns);
    const auto policy = Head::policy(static_cast<const Lanes*>(columns), extra);
    if (greedy) {
      Head::mode(policy, action);
    } else {
      load_columns(noise + row, Head::kNoise, kPass, random);
      Head::sample(policy, static_cast<const Lanes*>(random), action);
    }
    store_columns(action, Head::kNumbers, kPass, actions + row);
  }
}

/// An episode that ends makes room for the next one; if there is none, for the last row. A spectator sees one
/// episode after the other.
template <IsEnv Env>
void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator, void* scratch,
              EpisodeResult* results) {
  using Episode = reference::Episode<Env>;
  using Head = typename Episode::Head;
  const Layout layout = layout_of<Env>(trained.hyper.hidden_size);
  const typename Episode::Norm norm(trained.hyper.norm_obs, trained.moments);
  const float* extra = trained.params + layout.extra_begin();
  Playground<Env> space;
  Playground<Env>::carve(layout, scratch, space);
  space.actor.activation = trained.hyper.activation;
  space.actor.params = trained.params + layout.actor_begin();
  PPO_NETWORK.pack_head(space.actor);

  const int most_rows = spectator == nullptr ? kPass : 1;
  int rows = 0;
  std::int64_t next = 0;
  const auto start = [&](int row) { (new (space.episodes + row) Episode(options, next++))->show(spectator); };
  while (rows < most_rows && next < options.episodes) start(rows++);
  while (rows > 0) {
    for (int row = 0; row < rows; ++row) {
      const Episode& episode = space.episodes[row];
      episode.observe(norm, space.obs + row * Env::kObservationSize);
      if (options.greedy) continue;
      float noise[Head::kNoise];
      episode.action_noise(noise);
      for (int i = 0; i < Head::kNoise; ++i) space.noise[i * kPass + row] = noise[i];
    }
    PPO_NETWORK.forward(space.actor, space.obs, rows, space.hidden, space.outputs);
    choose_actions<Head>(space.outputs, extra, space.noise, options.greedy, rows, space.actions);
    for (int row = rows - 1; row >= 0; --row) {
      Episode& episode = space.episodes[row];
      float action[Head::kNumbers];
      for (int d = 0; d < Head::kNumbers; ++d) action[d] = space.actions[d * kPass + row];
      episode.act(options, action);
      episode.show(spectator);
      if (!episode.ended()) continue;
      episode.report(results);
      if (next < options.episodes) {
        start(row);
      } else {
        episode = space.episodes[--rows];
      }
    }
  }
}

}  // namespace ppo::simd
