// Where a trial stands after some of its evaluations, by the rules of the sweep.
#pragma once

#include <optional>
#include <vector>

#include "report/sweep/reported_sweep.hpp"
#include "sweep/trial.hpp"

namespace ppo {

/// Asks sweep/score.hpp, by which trials were cut and ranked.
class Judge {
 public:
  Judge(SweepMetric metric, std::optional<double> target);

  /// Of a trial with these agents, one a seed.
  Standing standing(std::vector<SweepAgent> agents);
  RungStanding rung_standing(const std::vector<SweepAgent>& agents);

 private:
  SweepMetric metric_;
  double target_;
  SweepPlan plan_;
  Trial trial_;  // of which only the agents matter
};

/// Whether the seeds of a confirmed trial differ so much that their median says little; asks
/// sweep/ranking.hpp, as the summary on the terminal does.
bool is_wide(const ReportedSweep& sweep, const ConfirmedTrial& trial);

}  // namespace ppo
