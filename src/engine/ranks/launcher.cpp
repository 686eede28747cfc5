#include "engine/ranks/launcher.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace ppo {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_launched(const GetVariable& get) {
  // Open MPI's mpirun; MPICH's and Intel's, or srun with PMI-1 or PMI-2; any with PMIx.
  constexpr std::array kOfLaunchers = {"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_FD", "PMIX_RANK"};
  const bool knows_rank =
      std::ranges::any_of(kOfLaunchers, [&](const char* name) { return get(name).has_value(); });
  return knows_rank || tasks_of_srun(get) > 1;
}

int tasks_of_srun(const GetVariable& get) {
  // A batch script has SLURM_NTASKS, too, but is one process, so only what a step of it is told counts.
  const std::optional<std::string> text = get("SLURM_STEP_NUM_TASKS");
  int tasks = 1;
  if (text) std::from_chars(text->data(), text->data() + text->size(), tasks);
  return tasks;
}

}  // namespace ppo
