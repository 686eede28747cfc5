// The results as a table for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"
#include "run/facts.hpp"

namespace ppo::bench {

std::string table(const Plan& plan, const Result& result);
std::string table(const std::vector<SweepPoint>& points);

/// All in one line: machine, compiler, config, and of each team its rate and what it is of the peak.
std::string submit_line(const Plan& plan, const Result& result);

/// What every file of figures begins with: version, date, machine, config.
Json facts_json(const Plan& plan);

Json to_json(const Plan& plan, const std::vector<SweepPoint>& points);

/// Rates in steps/s and FLOP/s, times in s. Of the largest team: "sps", "fraction_of_peak", "barrier_s", ...;
/// of each team size: "threads" or "blocks_per_agent", with the raw rounds and the stages.
Json to_json(const Plan& plan, const Result& result, const std::vector<SweepPoint>& points);

}  // namespace ppo::bench
