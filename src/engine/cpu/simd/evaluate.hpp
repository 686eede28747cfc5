// reference::evaluate for up to kPass episodes at once, step by step together.
#pragma once

#include <new>

#include "engine/cpu/reference/evaluate.hpp"
#include "engine/cpu/simd/network.hpp"
#include "engine/cpu/simd/workspace.hpp"

namespace ppo::simd {

/// What an evaluation needs beside the policy, in scratch memory.
template <IsEnv Env>
struct EvaluationSpace {
  using Head = PolicyHead<typename Env::Action>;

  reference::Episode<Env>* episodes;  // [kPass], one a row
  float* obs;                         // [kPass][O]
  HiddenBatch hidden;
  PackedNetwork actor;
  float* outputs;  // [outputs][kPass]
  float* noise;    // [kNoise][kPass]
  float* actions;  // [numbers of an action][kPass]

  /// Lays it out in `block`; returns the bytes that it needs.
  static std::size_t carve(const Layout& layout, void* block, EvaluationSpace& all) {
    Carver carver(block);
    all.episodes = carver.take<reference::Episode<Env>>(kPass);
    all.obs = carver.take<float>(kPass * layout.O);
    const auto hidden_units = std::int64_t{kPass} * layout.H;
    all.hidden = {carver.take<float>(hidden_units), carver.take<float>(hidden_units), nullptr};
    all.actor = {.net = layout.actor(),
                 .activation = {},
                 .params = nullptr,
                 .head = carver.take<float>(std::int64_t{layout.outputs} * layout.H),
                 .l2 = carver.take<float>(std::int64_t{layout.H} * layout.H),
                 .l2_transposed = nullptr};
    all.outputs = carver.take<float>(Head::kOutputs * kPass);
    all.noise = carver.take<float>(Head::kNoise * kPass);
    all.actions = carver.take<float>(Head::kNumbers * kPass);
    return carver.used();
  }
};

/// What the episodes of so many rows show the policy, and the noise that their actions are drawn with.
template <IsEnv Env>
void observe_rows(const EvalOptions& options, const typename reference::Episode<Env>::Norm& norm, int rows,
                  const EvaluationSpace<Env>& space) {
  constexpr int kNoise = EvaluationSpace<Env>::Head::kNoise;
  for (int row = 0; row < rows; ++row) {
    const auto& episode = space.episodes[row];
    episode.observe(norm, space.obs + row * Env::kObservationSize);
    if (options.greedy) continue;
    float noise[kNoise];
    episode.action_noise(noise);
    store_sample<kNoise>(noise, row, space.noise);
  }
}

/// Their actions: drawn, or the most probable ones.
template <IsEnv Env>
void choose_actions(const EvalOptions& options, const float* extra, int rows,
                    const EvaluationSpace<Env>& space) {
  using Head = typename EvaluationSpace<Env>::Head;
  for_policies<Head>(space.outputs, extra, rows, [&](const auto& policy, int row) {
    Lanes action[Head::kNumbers];
    if (options.greedy) {
      Head::mode(policy, action);
    } else {
      draw<Head>(policy, space.noise, row, action);
    }
    store_columns(action, Head::kNumbers, kPass, space.actions + row);
  });
}

template <IsEnv Env>
void act_rows(const EvalOptions& options, Spectator* spectator, int rows, const EvaluationSpace<Env>& space) {
  constexpr int kNumbers = EvaluationSpace<Env>::Head::kNumbers;
  for (int row = 0; row < rows; ++row) {
    float action[kNumbers];
    load_sample<kNumbers>(space.actions, row, action);
    space.episodes[row].act(options, action);
    space.episodes[row].show(spectator);
  }
}

/// An episode that ends makes room for the next one; if there is none, for the last row. A spectator sees one
/// episode after the other.
template <IsEnv Env>
void evaluate(const PolicyView& trained, const EvalOptions& options, Spectator* spectator, void* scratch,
              EpisodeResult* results) {
  using Episode = reference::Episode<Env>;
  const Layout layout = layout_of<Env>(trained.hyper.hidden_size);
  const typename Episode::Norm norm(trained.hyper.norm_obs, trained.moments);
  EvaluationSpace<Env> space;
  EvaluationSpace<Env>::carve(layout, scratch, space);
  space.actor.activation = trained.hyper.activation;
  space.actor.params = trained.params + layout.actor_begin();
  PPO_NETWORK.pack_forward(space.actor);

  const int most_rows = spectator == nullptr ? kPass : 1;
  int rows = 0;
  std::int64_t next = 0;
  const auto start = [&](int row) { (new (space.episodes + row) Episode(options, next++))->show(spectator); };
  while (rows < most_rows && next < options.episodes) start(rows++);
  while (rows > 0) {
    observe_rows(options, norm, rows, space);
    PPO_NETWORK.forward(space.actor, space.obs, rows, space.hidden, space.outputs);
    choose_actions(options, trained.params + layout.extra_begin(), rows, space);
    act_rows(options, spectator, rows, space);
    for (int row = rows - 1; row >= 0; --row) {
      Episode& episode = space.episodes[row];
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
