// What a launcher of MPI tells the program, and how ranks of a host share its cores.
#include "engine/ranks/launcher.hpp"

#include <gtest/gtest.h>

#include <map>

#include "engine/ranks/core_share.hpp"

namespace ppo {
namespace {

using Variables = std::map<std::string, std::string>;

GetVariable among(const Variables& variables) {
  return [variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(Launcher, SaysHowManyItHasStarted) {
  EXPECT_EQ(launched_processes(among({})), 1);
  EXPECT_EQ(launched_processes(among({{"OMPI_COMM_WORLD_SIZE", "4"}})), 4);
  EXPECT_EQ(launched_processes(among({{"PMI_RANK", "0"}, {"PMI_SIZE", "3"}})), 3);
  EXPECT_EQ(launched_processes(among({{"SLURM_STEP_NUM_TASKS", "12"}, {"PMIX_RANK", "0"}})), 12);
}

TEST(Launcher, ABatchScriptOrAShellInASlotIsOneProcess) {
  EXPECT_EQ(launched_processes(among({{"SLURM_NTASKS", "4"}, {"SLURM_PROCID", "0"}})), 1);
  EXPECT_EQ(launched_processes(among({{"SLURM_STEP_NUM_TASKS", "1"}, {"PMIX_RANK", "0"}})), 1);
  EXPECT_EQ(launched_processes(among({{"SLURM_STEP_NUM_TASKS", "none"}})), 1);
}

using Cores = std::vector<int>;

TEST(CoreShare, DealsEachCoreOut) {
  EXPECT_EQ(core_share({4, 5, 6, 7, 8}, 0, 2), (Cores{4, 5}));
  EXPECT_EQ(core_share({4, 5, 6, 7, 8}, 1, 2), (Cores{6, 7, 8}));
  EXPECT_EQ(core_share({0, 1}, 0, 1), (Cores{0, 1}));
}

TEST(CoreShare, OfFewerCoresThanRanksIsOneCore) {
  for (int rank = 0; rank < 5; ++rank) EXPECT_EQ(core_share({2, 3}, rank, 5), (Cores{2 + rank % 2}));
  EXPECT_EQ(core_share({}, 0, 2), Cores{});
}

}  // namespace
}  // namespace ppo
