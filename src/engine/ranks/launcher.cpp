#include "engine/ranks/launcher.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace ppo {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int launched_processes(const GetVariable& get) {
  // Open MPI's mpirun; MPICH's and Intel's; srun. A batch script has SLURM_NTASKS, too, but is one process.
  int most = 1;
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    const std::optional<std::string> text = get(name);
    int processes = 1;
    if (text) std::from_chars(text->data(), text->data() + text->size(), processes);
    most = std::max(most, processes);
  }
  return most;
}

}  // namespace ppo
