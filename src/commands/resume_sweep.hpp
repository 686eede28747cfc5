// The resume verb for a sweep: goes on as if it had never stopped.
#pragma once

#include <filesystem>
#include <optional>

#include "config/sweep/sweep_plan.hpp"
#include "config/verb.hpp"

namespace ppo {

struct ResumeSweepCommand {
  SweepConfig sweep;
  std::filesystem::path folder;
  bool quiet = false;
};

/// Nothing if what `resume` names is no sweep's folder. Throws Failure(kWrongInput).
std::optional<ResumeSweepCommand> parse_resume_sweep(const Arguments& arguments);

/// Returns and throws as run_sweep.
int run_resume_sweep(const ResumeSweepCommand& command);

}  // namespace ppo
