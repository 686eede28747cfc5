// The results as a table for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"
#include "run/facts.hpp"

namespace ppo::bench {

std::string table(const Plan& plan, const Result& result);
std::string table(const std::vector<SweepPoint>& points);

/// Rates in steps/s and FLOP/s, times in s. Of all threads: "sps", "fraction_of_peak", "barrier_s", ...; of
/// each team size: "threads", with the raw rounds and the stages.
Json to_json(const Plan& plan, const Result& result, const std::vector<SweepPoint>& points);

}  // namespace ppo::bench
