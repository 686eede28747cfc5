// What comes before all figures: how far the sweep has come, and how little its result may mean.
#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/judge.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

/// No confirmed trial has a score: the first of them is no winner.
std::string nothing_found(const ReportedSweep& sweep) {
  const std::string start = "Nothing was found, as no confirmed trial has a score: ";
  switch (sweep.metric) {
    case SweepMetric::return_100:
      return start + "that takes 100 training episodes with more than half of its seeds.";
    case SweepMetric::best_eval:
      return start + "of each, half of the seeds or more have diverged.";
    default:
      return start + "none reaches the target with more than half of its seeds." +
             (sweep.ranking.size() > 1 ? " They are ranked by their mean return alone." : "");
  }
}

/// The confirmed seeds lie so far apart that a median says little about the next one.
std::string spread_warning(const ReportedSweep& sweep) {
  const ConfirmedTrial& winner = sweep.ranking.front();
  if (!sweep.has_winner() || !is_wide(sweep, winner)) return "";
  const auto seeds = static_cast<std::int64_t>(sweep.confirm_seeds.size());
  if (winner.reached < seeds) {
    const std::string only = "Only " + std::to_string(winner.reached) + " of the winner's " +
                             std::to_string(seeds) + " confirmed seeds ";
    if (lower_is_better(sweep.metric)) return only + "reach the target: with another seed it may fail.";
    return only + (winner.reached == 1 ? "has" : "have") + " a score: the others have diverged" +
           (sweep.metric == SweepMetric::return_100 ? ", or ended fewer than 100 episodes." : ".");
  }
  const std::string apart = "The winner's confirmed seeds lie far apart: ";
  if (lower_is_better(sweep.metric)) {
    return apart + "the slowest takes " + number(winner.high / winner.low) +
           " times as many steps as the fastest.";
  }
  return apart + "between " + number(winner.low) + " and " + number(winner.high) +
         ", more than a fifth of their median.";
}

std::string gain_warning(const ReportedSweep& sweep) {
  const ConfirmedTrial& winner = sweep.ranking.front();
  if (!sweep.has_winner()) return nothing_found(sweep);
  if (winner.trial == 0) {
    return sweep.ranking.size() == 1
               ? "Only the config as it stands was confirmed: there is nothing to compare it with."
               : "The config as it stands has won: no other trial was better when it was confirmed.";
  }
  const ConfirmedTrial* base = confirmed_trial(sweep, 0);
  if (base == nullptr) return "";
  if (winner.score == base->score) {
    return "There is no difference between the score of the winner and that of the config as it stands. Of "
           "equals, the one with the higher mean return over the whole training is ranked first.";
  }
  const double worst = worst_seed(sweep, winner);
  const double best = best_seed(sweep, *base);
  if (is_better_value(best, worst, sweep.metric)) {
    return "Some seeds of the config as it stands do better than some of the winner's: their ranges overlap.";
  }
  if (best == worst) {
    return "The best seed of the config as it stands does as well as the worst of the winner's: their ranges "
           "touch.";
  }
  return "";
}

std::string notice(const std::string& text) {
  return text.empty() ? "" : "<p class=\"notice\">" + escape(text) + "</p>\n";
}

/// How a sweep is ended whose process has.
std::string going_on(const ReportedSweep& sweep) {
  return "<p class=\"after\">If it was ended before its time, this goes on with it:</p>\n" +
         command_line(resume_command(sweep.folder));
}

}  // namespace

std::string sweep_notices(const ReportedSweep& sweep) {
  switch (sweep.stage) {
    case SweepStage::before_first_rung:
      return notice("The sweep has not come to its first rung: there are no trials to show yet.") +
             going_on(sweep);
    case SweepStage::running:
      return notice(
                 "The sweep is not complete: this page shows what it has on record. The best trials are not "
                 "confirmed yet, so there is no ranking.") +
             going_on(sweep);
    default:
      return sweep.ranking.empty() ? "" : notice(spread_warning(sweep)) + notice(gain_warning(sweep));
  }
}

}  // namespace ppo
