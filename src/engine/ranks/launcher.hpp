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

/// Whether a launcher of MPI did: mpirun (of Open MPI, MPICH or Intel MPI), or srun.
bool is_launched(const GetVariable& get = variable);

/// How many processes srun has started together with this one; 1 if it did not.
int tasks_of_srun(const GetVariable& get = variable);

}  // namespace ppo
