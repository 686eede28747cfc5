#include "commands/about/version.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "commands/about/supported.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "engine/ranks/ranks.hpp"
#include "system/errors.hpp"
#include "system/join.hpp"
#include "system/processor/levels.hpp"
#include "system/program.hpp"

namespace ppo {

int run_version(const VersionCommand&, std::string_view commit) {
  std::string text = program_name() + " " PPO_VERSION "\n";
  if (!commit.empty()) text += fmt::format("commit            {}\n", commit);
  text += fmt::format("numerics version  {}\n", kNumericsVersion);
  text += fmt::format("cpu               {}\n", join(level_names(), ", "));
  const auto built = [](bool has) { return has ? "in this build" : "not in this build"; };
  text += fmt::format("cuda              {}\n", built(has_cuda_engine()));
  text += fmt::format("mpi               {}\n", built(has_mpi()));
  std::fputs(text.c_str(), stdout);
  return kDone;
}

}  // namespace ppo
