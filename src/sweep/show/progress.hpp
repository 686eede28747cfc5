// How far a sweep has come.
#pragma once

#include <cstdint>
#include <string>

#include "sweep/sweep.hpp"

namespace ppo {

struct SweepProgress {
  std::string what;   // "rung 2 of 3, 128 trials"
  std::int64_t done;  // steps of all agents
  std::int64_t left;  // about; which trials are cut is not known yet

  double share() const {
    return done + left > 0 ? static_cast<double>(done) / static_cast<double>(done + left) : 1;
  }
};

SweepProgress progress_of(const SweepConfig& sweep, const SweepState& state);

/// Steps that all agents have trained.
std::int64_t steps_done(const SweepState& state);

}  // namespace ppo
