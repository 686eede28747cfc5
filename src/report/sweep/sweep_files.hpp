// The files of a sweep's folder, each into its part of a ReportedSweep. All throw Failure(kWrongInput),
// naming the file and, where there is one, the line.
#pragma once

#include "report/sweep/reported_sweep.hpp"

namespace ppo {

/// sweep.json; false where there is none yet.
bool read_sweep_json(ReportedSweep& sweep);

/// facts.json, of which there may be none.
void read_sweep_facts(ReportedSweep& sweep);

/// trials.csv: all trials but their at_rung.
void read_trials(ReportedSweep& sweep);

/// confirmed.csv: the seeds of the trials in the ranking.
void read_confirmed(ReportedSweep& sweep);

/// schedule.csv, which only some methods write.
void read_schedule(ReportedSweep& sweep);

/// curves.csv: the curves of confirmed trials and of trial 0, and all trials' standing at the rungs.
void read_sweep_curves(ReportedSweep& sweep);

/// A line of these files may hold a number for each of 1000 seeds.
constexpr std::size_t kLongestSweepLine = 65'535;

/// The name of a column of a seed.
inline std::string seed_column(std::int64_t seed) {
  return "seed_" + std::to_string(seed);
}

}  // namespace ppo
