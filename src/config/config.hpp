// A run as its user describes it: what fixes the result (Hyper, env, num_seeds, EvaluationPlan) and what does
// not (RunOptions).
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "ppo/hyper.hpp"

namespace ppo {

/// How to run: never changes a byte of the result.
struct RunOptions {
  std::string device = "auto";          // auto | cpu | cuda | cuda:N
  std::string simd = "auto";            // auto, or one of kLevelNames
  std::int32_t threads = 0;             // 0: as many as are fastest, up to all that the process may use
  std::int32_t blocks_per_agent = 0;    // of the CUDA engine; 0: as many as help and fit
  std::int32_t updates_per_launch = 0;  // of the CUDA engine, at most; 0: about 10 ms of work
  std::int64_t log_every = 10;          // [updates] between plain lines when the output is no terminal
  std::int64_t checkpoint_every = 0;    // [updates] between checkpoints; 0: only every 30 s
  std::int64_t keep = 3;                // checkpoints
};

/// When agents are evaluated while they train, and when they are good enough.
struct EvaluationPlan {
  static constexpr float kNever = std::numeric_limits<float>::infinity();

  std::int64_t eval_every = 0;  // [updates]; 0: never
  std::int64_t eval_episodes = 20;
  bool eval_greedy = true;        // instead of sampling actions
  float stop_at_return = kNever;  // an agent is done at this mean return ...
  std::string stop_on = "eval";   // ... eval: of an evaluation; return_100: of training

  bool evaluates() const { return eval_every > 0; }
  bool stops() const { return stop_at_return < kNever; }
  bool stops_on_eval() const { return stops() && stop_on == "eval"; }
  bool stops_on_return_100() const { return stops() && stop_on == "return_100"; }
  /// At the precision of the key, so that 0.3 reaches 0.3.
  bool reaches(double mean_return) const { return static_cast<float>(mean_return) >= stop_at_return; }
};

constexpr std::int64_t kMostSamples = std::int64_t{1} << 30;  // of one update: indices fit 32 bits
constexpr std::int64_t kLastSeed = std::numeric_limits<std::int64_t>::max();  // TOML has no larger integers

struct Config {
  std::string env = "cartpole";
  Hyper hyper;
  std::int64_t num_seeds = 1;       // K agents with seeds seed, seed + 1, ...
  std::string init_from = {};       // the run folder or policy file that training starts from; empty: none
  std::string init_from_hash = {};  // of what it has learned; empty: any
  EvaluationPlan evaluation;
  RunOptions run;
};

}  // namespace ppo
