// Small runs whose bytes are written down. All engines, compilers, optimisation levels and machines must
// reproduce them; a change of any of them needs a new kNumericsVersion. (Of a row, what was there before
// `fault`.)
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/cpu/reference/loops.hpp"
#include "ppo/env/cartpole.hpp"
#include "ppo/hash.hpp"

namespace ppo::test {

struct Hashes {
  std::uint64_t params;
  std::uint64_t rows;
  std::uint64_t trace;
  bool operator==(const Hashes&) const = default;
};

struct HashedRun {
  const char* name;
  Hyper hyper;
  Hashes expected;
};

/// Sizes that divide nothing, every option away from its default somewhere, one run like the default.
inline constexpr HashedRun kHashedRuns[] = {
    {"plain",
     {{.total_timesteps = 3 * 8 * 32, .num_envs = 8, .num_steps = 32}, {.seed = 1}},
     {0xdbe1ca9a78cdd3bb, 0x0e618c5b0daf6b9b, 0xff195c0f1b1a6b5b}},
    {"awkward",
     {{.total_timesteps = 4 * 7 * 33,
       .num_envs = 7,
       .num_steps = 33,
       .num_minibatches = 3,
       .max_episode_steps = 20},
      {.seed = 2, .lr = 1e-3F, .clip_vloss = false, .anneal_lr = true, .target_kl = 1e-3F}},
     {0xa3371a7905bddddb, 0x211f3e9032a1a9fb, 0x364aa09620e5b676}},
    {"one_environment",
     {{.total_timesteps = 5 * 17, .num_envs = 1, .num_steps = 17, .num_minibatches = 1},
      {.seed = 0xFFFFFFFFFFFF}},
     {0x01f5a9c6559bd4ec, 0x0d8f70c40aea5e4c, 0x4cf0488bcf086db1}},
    {"several_groups",
     {{.total_timesteps = 2 * 299 * 2,
       .num_envs = 299,
       .num_steps = 2,
       .num_minibatches = 1,
       .max_episode_steps = 1},
      {.seed = 3, .update_epochs = 2, .norm_adv = false}},
     {0x5eee6e7840f1be47, 0x64cc84db092099f0, 0x889841ed61a15561}},
    {"relu_normalised",
     {{.total_timesteps = 3 * 19 * 16,
       .num_envs = 19,
       .num_steps = 16,
       .num_minibatches = 2,
       .max_episode_steps = 12,
       .hidden_size = 32,
       .activation = Activation::relu},
      {.seed = 4, .lr = 1e-3F, .norm_obs = true, .norm_reward = true}},
     {0x347291a56cef53ba, 0x385656ea81fc623c, 0xe66253ac06bfdbd8}},
};

/// Of three real numbers as actions, in testing::Hover<3>.
inline constexpr HashedRun kBoxRuns[] = {
    {"box",
     {{.total_timesteps = 3 * 8 * 32, .num_envs = 8, .num_steps = 32, .max_episode_steps = 30}, {.seed = 5}},
     {0x2f3e2b66edf2a787, 0x9f0b91720ccafcd3, 0x4fd4e2d46dbca6d1}},
    {"box_wide_normalised",
     {{.total_timesteps = 2 * 21 * 10,
       .num_envs = 21,
       .num_steps = 10,
       .num_minibatches = 3,
       .max_episode_steps = 7,
       .hidden_size = 128,
       .activation = Activation::relu},
      {.seed = 6,
       .lr = 1e-3F,
       .update_epochs = 2,
       .log_std_init = -0.5F,
       .norm_obs = true,
       .norm_reward = true}},
     {0x96008dcced6a0d2c, 0xa78d959799def8b5, 0xfa416b689640c6f0}},
};

/// What tells rows apart.
inline std::uint64_t hash_row(const UpdateRow& row, std::uint64_t hash) {
  return fnv1a(&row, offsetof(UpdateRow, fault), hash);
}

/// Runs all updates of one agent on the given loops.
inline Hashes hash_run(const EnvironmentLoops& loops, const Hyper& hyper) {
  const std::size_t bytes = loops.agent_bytes(hyper);
  const std::unique_ptr<void, void (*)(void*)> agent(std::aligned_alloc(64, bytes), std::free);
  std::memset(agent.get(), 0, bytes);
  const std::size_t scratch_bytes = (loops.scratch_bytes(hyper) + 63) / 64 * 64;
  const std::unique_ptr<void, void (*)(void*)> scratch(std::aligned_alloc(64, scratch_bytes), std::free);
  std::memset(scratch.get(), 0, scratch_bytes);
  loops.init(hyper, hyper, agent.get());
  Hashes hashes{0, kFnvOffset, kFnvOffset};
  for (std::int64_t update = 0; update < num_updates(hyper); ++update) {
    UpdateRow row;
    loops.update(hyper, agent.get(), Worker{.scratch = scratch.get()}, &row);
    hashes.rows = hash_row(row, hashes.rows);
    hashes.trace = loops.trace_hash(hyper, agent.get(), hashes.trace);
  }
  const auto count = static_cast<std::size_t>(loops.info.layout(hyper.hidden_size).size());
  hashes.params = fnv1a(loops.params(agent.get()), count * sizeof(float));
  return hashes;
}

}  // namespace ppo::test
