// What started this process.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace ppo {

/// An environment variable, if it is set.
using GetVariable = std::function<std::optional<std::string>(const char* name)>;

/// That of this process.
std::optional<std::string> variable(const char* name);

/// How many processes a launcher of MPI, mpirun (of Open MPI, MPICH or Intel MPI) or srun, says that it has
/// started together, this one among them; 1 without one.
int launched_processes(const GetVariable& get = variable);

}  // namespace ppo
