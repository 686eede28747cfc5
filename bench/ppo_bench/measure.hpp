// The measurements. All that is compared is measured in turn within each round, because the machine may be
// shared and its speed drifts: ratios are taken within a round, and the median is reported.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "profile.hpp"

namespace ppo::bench {

struct Plan {
  Config config;  // run.threads > 0; without anneal_lr and target_kl, which change an update's work
  int rounds = 5;
  double seconds = 0.3;  // of each measurement
};

/// What one team size reaches.
struct Rates {
  int threads = 1;
  std::vector<double> peak;   // [rounds] [FLOP/s] of as many cores
  std::vector<double> sps;    // [rounds] environment steps a second, all agents together
  std::vector<double> cache;  // [rounds] [B/s] read and written in level-2 caches
  Profile profile{};          // [s] an update of one agent, mean over the rounds
};

struct Result {
  std::string level;
  std::vector<Rates> rates;     // of 1 thread and, if there are more, of all
  std::vector<double> barrier;  // [rounds] of all threads, which arrive together [s]
};

double median(std::vector<double> values);

/// numerator / denominator, round by round.
std::vector<double> ratios(const std::vector<double>& numerator, const std::vector<double>& denominator);

Result measure(const Plan& plan);

struct SweepPoint {
  std::string key;  // "num_envs" or "num_seeds"
  std::int64_t value = 0;
  double sps = 0;
  double ratio = 0;     // to the plan's own config, measured before and after
  std::string skipped;  // why there is no figure
};

/// The plan's config with other numbers of environments, then with several agents; all threads.
std::vector<SweepPoint> sweep(const Plan& plan);

}  // namespace ppo::bench
