// Where a trial stands after some of its evaluations, by the rules of the sweep.
#pragma once

#include <optional>
#include <vector>

#include "report/sweep/standing.hpp"
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

}  // namespace ppo
