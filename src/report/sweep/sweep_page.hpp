// The report of a sweep as one HTML file that needs nothing else.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/reported_run.hpp"
#include "report/sweep/axes.hpp"
#include "report/sweep/effects.hpp"
#include "report/sweep/reported_sweep.hpp"

namespace ppo {

std::string sweep_page(const ReportedSweep& sweep);

/// The sections of the page, as HTML; empty where there is nothing to show.
std::string sweep_notices(const ReportedSweep& sweep);
std::string sweep_result_section(const ReportedSweep& sweep);
std::string sweep_values_section(const ReportedSweep& sweep);
std::string sweep_curves_section(const ReportedSweep& sweep);
std::string importance_section(const ReportedSweep& sweep);
std::string explore_sections(const ReportedSweep& sweep);  // the charts of all trials
std::string rungs_section(const ReportedSweep& sweep);     // among them
std::string schedule_section(const ReportedSweep& sweep);
std::string ranking_section(const ReportedSweep& sweep);
std::string trials_section(const ReportedSweep& sweep);
std::string plan_section(const ReportedSweep& sweep);

/// The return curves of the best trials and of trial 0 as runs, for the charts that draw those.
std::vector<ReportedRun> curves_as_runs(const ReportedSweep& sweep);

/// Of many steps the first ones, where the best trials come to the target; nothing where they are most of
/// all.
std::optional<std::int64_t> first_steps(const ReportedSweep& sweep);

/// What the charts of all trials draw, for the page's scripts.
nlohmann::ordered_json trials_data(const ReportedSweep& sweep);

/// The numbers of the trials that the charts draw: of very many the best and an even choice of the others.
std::vector<std::size_t> drawn_trials(const ReportedSweep& sweep);
constexpr std::size_t kMostDrawnTrials = 3000;

/// How the median and the quartiles of a measure go over the values of the key at `place`.
std::vector<EffectBin> effect_of(const ReportedSweep& sweep, std::size_t place, const Measure& measure);

/// Whether the trial takes part at that rung; how.
enum class AtRung { absent, kept, cut, control };
AtRung at_rung(const ReportedSweep& sweep, const ReportedTrial& trial, std::size_t rung);

/// How many trials a rung ranked, and how many of them it kept. Controls that were lost before are not
/// ranked any more.
struct Ranked {
  std::int64_t rivals = 0;
  std::int64_t kept = 0;
};
Ranked ranked_at(const ReportedSweep& sweep, std::size_t rung);

/// "cut at 25,000 steps".
std::string state_text(const ReportedTrial& trial);

/// Six digits that count; null for NaN.
nlohmann::ordered_json short_json(double value);

}  // namespace ppo
