#include "report/sweep/judge.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "sweep/score.hpp"

namespace ppo {

Judge::Judge(SweepMetric metric, std::optional<double> target)
    : metric_(metric), target_(target.value_or(std::numeric_limits<double>::infinity())) {
  plan_.metric = metric == SweepMetric::steps_to_greedy ? "steps_to_greedy"
                 : metric == SweepMetric::return_100    ? "return_100"
                                                        : "best_eval";
}

Standing Judge::standing(std::vector<SweepAgent> agents) {
  if (agents.empty()) return {};
  trial_.agents = std::move(agents);
  const Score score = score_of(plan_, target_, trial_);
  return {score.median.value_or(std::numeric_limits<double>::quiet_NaN()), score.mean_return};
}

RungStanding Judge::rung_standing(const std::vector<SweepAgent>& agents) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  RungStanding at{standing(agents), kNone, kNone};
  for (const SweepAgent& agent : agents) {
    const double value = rung_value(standing({agent}), metric_);
    at.low = std::fmin(at.low, value);  // fmin and fmax prefer a number to NaN
    at.high = std::fmax(at.high, value);
  }
  return at;
}

}  // namespace ppo
