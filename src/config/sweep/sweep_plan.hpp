// A sweep as its user describes it: the tables [sweep] and [sweep.space] beside the keys of a config.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/options.hpp"
#include "config/value.hpp"

namespace ppo {

/// How a range is covered: what of the value is uniform.
enum class Scale : std::int32_t {
  linear,
  log,
  log1m,  // log(1 - value), for what is near 1
  pow2    // the powers of two in the range
};

/// A key of the space: a range, or a list of values.
struct Dimension {
  const Option* option = nullptr;
  Scale scale = Scale::linear;
  double min = 0;
  double max = 0;
  std::vector<Value> values = {};  // instead of a range, if there are any
  std::string where = {};          // "sweep.toml:12:8", for errors

  bool is_list() const { return !values.empty(); }
};

struct SweepPlan {
  static constexpr float kOwnTarget = std::numeric_limits<float>::infinity();  // the environment's

  std::int64_t trials = 64;                // trial 0 is the config as it stands
  std::string method = "halving";          // random | halving | pbt
  std::int64_t seeds_per_trial = 3;        // seed, seed + 1, ...
  std::string metric = "steps_to_greedy";  // steps_to_greedy | return_100 | best_eval
  float target_return = kOwnTarget;        // of steps_to_greedy
  std::int64_t grace_steps = 25'000;       // of an agent before the first is cut; PBT: between two copies
  std::int64_t eval_steps = 4'000;         // of an agent between two evaluations
  std::int64_t confirm_trials = 5;
  std::int64_t confirm_seeds = 10;  // the seeds behind those of the trials
  std::vector<Dimension> space = {};

  bool halves() const { return method == "halving"; }
  bool copies() const { return method == "pbt"; }
  bool counts_steps() const { return metric == "steps_to_greedy"; }  // lower is better
  bool evaluates() const { return metric != "return_100"; }
};

struct SweepConfig {
  Config config;
  SweepPlan plan;
  std::string trials_at = {};   // where the number of trials was given, for errors; empty: nowhere
  std::string confirm_at = {};  // how many are confirmed
  std::string metric_at = {};   // and what decides on the return to reach
};

}  // namespace ppo
