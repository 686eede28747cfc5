// How many cores hardware threads are, from folders as the kernel shows them.
#include "system/cores.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

class CoresTest : public ::testing::Test {
 protected:
  void thread(int number, const std::string& siblings) const {
    const fs::path topology = folder_.path() / ("cpu" + std::to_string(number)) / "topology";
    fs::create_directories(topology);
    std::ofstream(topology / "thread_siblings_list") << siblings << '\n';
  }

  void speed(int number, const std::string& file, int value) const {
    const fs::path path = folder_.path() / ("cpu" + std::to_string(number)) / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << value << '\n';
  }

  const TemporaryFolder folder_;
};

TEST_F(CoresTest, ThreadsOfOneCoreCountOnce) {
  for (const int core : {0, 1, 2}) {
    const std::string siblings = std::to_string(core) + "," + std::to_string(core + 64);
    thread(core, siblings);
    thread(core + 64, siblings);
  }
  EXPECT_EQ(whole_cores({0, 1, 2, 64, 65, 66}, folder_.path()), 3);
  EXPECT_EQ(whole_cores({0, 1, 2}, folder_.path()), 3);
  EXPECT_EQ(whole_cores({1, 65}, folder_.path()), 1);
}

TEST_F(CoresTest, AThreadOfWhichNothingIsKnownIsACore) {
  EXPECT_EQ(whole_cores({0, 1, 5}, folder_.path()), 3);
}

// A Core i9-13900K, a laptop's ARM, a machine that does not say it of every thread.
TEST_F(CoresTest, TellsFastCoresFromOthers) {
  for (const int number : {0, 1, 2, 3}) {
    speed(number, "cpufreq/cpuinfo_max_freq", number < 2 ? 5'500'000 + 300'000 * number : 4'300'000);
  }
  EXPECT_EQ(fast_threads({0, 1, 2, 3}, folder_.path()), (std::vector{0, 1}));
  EXPECT_EQ(fast_threads({2, 3}, folder_.path()), (std::vector{2, 3}));
  for (const int number : {0, 1, 2, 3}) speed(number, "cpu_capacity", number < 3 ? 1024 : 420);
  EXPECT_EQ(fast_threads({0, 1, 2, 3}, folder_.path()), (std::vector{0, 1, 2}));
  EXPECT_EQ(fast_threads({0, 3, 9}, folder_.path()), (std::vector{0, 3, 9}));
}

TEST(Cores, OfThisMachineAreNoMoreThanItsThreads) {
  EXPECT_GE(usable_whole_cores(), 1);
  EXPECT_LE(usable_whole_cores(), usable_cores());
  EXPECT_GE(usable_fast_cores(), 1);
  EXPECT_LE(usable_fast_cores(), usable_whole_cores());
}

}  // namespace
}  // namespace ppo::test
