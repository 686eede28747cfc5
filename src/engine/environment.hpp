// An environment as the rest of the program sees it: a few facts and the compiled loops, behind plain
// functions. cmake/trainer.cmake generates one instance per environment and instruction-set level, and
// the table of all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/cpu/worker.hpp"
#include "engine/probe.hpp"
#include "ppo/action.hpp"
#include "ppo/gae.hpp"
#include "ppo/hyper.hpp"
#include "ppo/metrics.hpp"
#include "ppo/network.hpp"
#include "ppo/scene.hpp"
#include "ppo/state_arrays.hpp"
#include "system/processor/per_level.hpp"

namespace ppo {

/// One of `count` actions, or, if that is 0, `numbers` real numbers with these ranges.
struct ActionFacts {
  int count;
  int numbers;
  ActionRange (*range)(int d);
};

/// Static facts about an environment.
struct EnvironmentInfo {
  std::string_view name;
  int observation_size;  // O
  ActionFacts actions;
  Layout (*layout)(int hidden_size);  // of the parameters
  int state_bytes;                    // of one environment's state
  float solved_return;                // "solved" is this mean return over 100 episodes
  std::int32_t time_limit;            // of an episode [steps]; 0: none

  // Only of an environment that can be filmed.
  bool draws_itself;
  View view;
  float step_seconds;
};

/// How `evaluate` plays.
struct EvalOptions {
  std::uint64_t seed = 0;
  std::int64_t episodes = 100;
  std::int64_t first_episode = 0;  // an episode's random numbers follow from the seed and its number
  std::int32_t max_steps = 500;    // time limit, unless the user or the run sets another
  bool greedy = false;             // take the most probable action instead of sampling
};

/// What `evaluate` plays with; TrainedPolicy owns one.
struct PolicyView {
  const Hyper& hyper;
  const float* params;             // [P]
  const Moments<double>* moments;  // [O+1], as AgentState holds them
};

/// Watches `evaluate` play.
class Spectator {
 public:
  /// Called before the first step of an episode and after each step.
  virtual void see(const Scene& scene) = 0;

 protected:
  ~Spectator() = default;
};

struct EpisodeResult {
  double episode_return = 0;
  std::int32_t length = 0;
  bool terminated = false;  // false: cut by max_steps
};

/// The loops of one environment, compiled for one instruction-set level. `agent` points at agent_bytes(sizes)
/// bytes aligned to 64; nothing in here allocates, throws or prints.
struct EnvironmentLoops {
  EnvironmentInfo info;
  std::size_t (*agent_bytes)(const Sizes& sizes);
  std::size_t (*scratch_bytes)(const Sizes& sizes);  // that `update` and `evaluate` need beside the agent
  void (*init)(const Sizes& sizes, const Tuning& tuning, void* agent);
  /// Must be called by all workers of the agent's team.
  void (*update)(const Sizes& sizes, void* agent, const Worker& worker, UpdateRow* row);
  const float* (*params)(const void* agent);  // [P]
  std::uint64_t (*trace_hash)(const Sizes& sizes, const void* agent, std::uint64_t hash);
  void (*save)(const Sizes& sizes, const void* agent, StateArrays& out);
  void (*load)(const Sizes& sizes, const StateArrays& in, void* agent);
  void (*tune)(const Tuning& tuning, void* agent);  // of the same seed; for the updates to come
  /// Plays options.episodes episodes. `scratch` is like Worker::scratch; the optional spectator may throw.
  void (*evaluate)(const PolicyView& trained, const EvalOptions& options, Spectator* spectator, void* scratch,
                   EpisodeResult* episodes);
  /// Plays with random actions to find faults; report.observation is the caller's. The optional listener may
  /// throw.
  void (*probe)(const ProbeOptions& options, ProbeListener* listener, ProbeReport& report);
};

struct CudaKernels;  // kernels/launch.hpp

/// One environment at every level. `portable` is scalar, for any processor of the architecture.
struct Environment : PerLevel<const EnvironmentLoops*> {
  const CudaKernels* cuda;  // nullptr in a build without CUDA

  const EnvironmentInfo& info() const { return portable->info; }
};

/// All environments of this build, in the order in which CMake adds them.
std::span<const Environment> environments();

/// nullptr if there is none of that name.
const Environment* find_environment(std::string_view name);

}  // namespace ppo
