// Flags of all verbs that say how this process is part of an MPI job.
#pragma once

#include <string>
#include <vector>

#include "engine/ranks/ranks.hpp"

namespace ppo {

/// Takes --mpi, --no-mpi and --ranks-per-agent out of the arguments. Throws Failure(kWrongInput).
JobRequest take_job_flags(std::vector<std::string>& arguments);

}  // namespace ppo
