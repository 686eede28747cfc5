// The measurements. All that is compared is measured in turn within each round, because the machine may be
// shared and its speed drifts: ratios are taken within a round, and the median is reported.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/profile.hpp"
#include "run/facts.hpp"

namespace ppo {
class Team;
}

namespace ppo::bench {

struct Plan {
  Config
      config;  // without anneal_lr and target_kl, which change an update's work; on the CPU run.threads > 0
  int rounds = 5;
  double seconds = 0.3;           // of each measurement
  std::vector<int> threads = {};  // teams on the CPU, ascending; the last is run.threads
};

/// What one team size reaches. A worker is a thread, or a block of a GPU.
struct Rates {
  int workers = 1;            // of the team that trains an agent
  std::vector<double> peak;   // [rounds] [FLOP/s] of as many cores; [1] of the whole GPU
  std::vector<double> sps;    // [rounds] environment steps a second, all agents together
  std::vector<double> cache;  // [rounds] [B/s] read and written in level-2 caches; empty: not measured
  Profile profile{};          // [s] an update of one agent, mean over the rounds
};

struct BarrierCost {
  int workers = 2;
  std::vector<double> seconds;  // [rounds] when all arrive together
};

struct Result {
  std::string device;                 // "cpu", "cuda:0"
  std::string level;                  // of the CPU: its instructions
  Json gpu;                           // facts; null on the CPU
  std::vector<Rates> rates;           // of one worker and, if there are more, up to all; or of plan.threads
  std::vector<BarrierCost> barriers;  // on the CPU of the same teams
};

/// On the CPU.
Result measure_cpu(const Plan& plan);

/// A barrier of the team, when all arrive together [s].
double barrier_cost(Team& team);

/// On the GPU that plan.config.run.device names. Throws what make_engine does.
Result measure_cuda(const Plan& plan);

struct SweepPoint {
  std::string key;  // "num_envs" or "num_seeds"
  std::int64_t value = 0;
  double sps = 0;
  double ratio = 0;     // to the plan's own config, measured before and after
  std::string skipped;  // why there is no figure
};

/// The plan's config with other values of that key ("num_envs" or "num_seeds"); all workers.
std::vector<SweepPoint> sweep(const Plan& plan, const std::string& key);

}  // namespace ppo::bench
