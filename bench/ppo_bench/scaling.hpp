// How training one agent should scale over cores that this machine need not have: a team's threads take turns
// on one core, from barrier to barrier, so that each stage of each thread is timed as if it had a core of its
// own. A stage takes what the thread with the most to do in it takes over an update, and then its barriers.
//
// The turns share one scratch, which stays in the nearest cache as a thread's own would. What they do not
// show: other cores have to fetch what a thread has written, many busy cores have a lower clock, and threads
// that have as much to do come to a barrier at different times.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "measure.hpp"
#include "ppo/stage.hpp"

namespace ppo::bench {

struct TeamModel {
  int threads = 1;
  std::array<std::vector<double>, kStages> most;  // [rounds] [s] an update, of the thread with the most to do
  double barriers = 0;                            // all of an update [s]

  double seconds() const;  // an update
};

struct Scaling {
  std::string level;
  double barrier = 0;  // of two threads when both arrive together [s]; others as many times as log2 of theirs
  std::vector<TeamModel> teams;  // of plan.threads
};

/// Throws Failure.
Scaling measure_scaling(const Plan& plan);

std::string table(const Plan& plan, const Scaling& scaling);
Json to_json(const Plan& plan, const Scaling& scaling);

}  // namespace ppo::bench
