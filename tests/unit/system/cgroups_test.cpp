// The limits of control groups, in folders as the kernel shows them.
#include "system/cgroups.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

class CgroupsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(base_ / "mount/slice/job");
    join("0::/slice/job\n");
  }

  void join(const std::string& text) const { std::ofstream(base_ / "membership") << text; }

  void set(const std::string& file, const std::string& text) const {
    std::ofstream(base_ / "mount" / file) << text << '\n';
  }

  Cgroups cgroups() const { return Cgroups(base_ / "mount", base_ / "membership"); }

  const TemporaryFolder folder_;
  const fs::path& base_ = folder_.path();
};

TEST_F(CgroupsTest, WithoutFilesThereAreNoLimits) {
  EXPECT_TRUE(std::isinf(cgroups().cores()));
  EXPECT_EQ(cgroups().memory(), kNoLimit);
  EXPECT_TRUE(std::isinf(Cgroups(base_ / "none", base_ / "none").cores()));
}

TEST_F(CgroupsTest, MaxIsNoLimit) {
  set("slice/job/cpu.max", "max 100000");
  set("slice/job/memory.max", "max");
  set("slice/job/memory.current", "1000");
  EXPECT_TRUE(std::isinf(cgroups().cores()));
  EXPECT_EQ(cgroups().memory(), kNoLimit);
}

TEST_F(CgroupsTest, TheProcessesOwnGroupLimits) {
  set("slice/job/cpu.max", "150000 100000");
  set("slice/job/memory.max", "1000000");
  set("slice/job/memory.current", "300000");
  EXPECT_EQ(cgroups().cores(), 1.5);
  EXPECT_EQ(cgroups().memory(), 700'000U);
}

TEST_F(CgroupsTest, AGroupAboveLimitsToo) {
  set("slice/job/cpu.max", "400000 100000");
  set("slice/cpu.max", "200000 100000");
  set("cpu.max", "300000 100000");
  set("slice/job/memory.max", "4000");
  set("slice/job/memory.current", "1000");
  set("memory.max", "5000");  // of which others have taken most
  set("memory.current", "4500");
  EXPECT_EQ(cgroups().cores(), 2);
  EXPECT_EQ(cgroups().memory(), 500U);
}

TEST_F(CgroupsTest, AGroupBesideDoesNot) {
  fs::create_directory(base_ / "mount/other");
  set("other/cpu.max", "100000 100000");
  set("other/memory.max", "1");
  EXPECT_TRUE(std::isinf(cgroups().cores()));
  EXPECT_EQ(cgroups().memory(), kNoLimit);
}

TEST_F(CgroupsTest, IdlePagesOfFilesAreNotTaken) {
  set("slice/job/memory.max", "1000");
  set("slice/job/memory.current", "900");
  set("slice/job/memory.stat",
      "anon 100\nfile 800\ninactive_file 400\nactive_file 100\nslab_reclaimable 100");
  EXPECT_EQ(cgroups().memory(), 700U);
  set("slice/job/memory.current", "1100");  // over a limit that was lowered
  set("slice/job/memory.stat", "anon 1100\ninactive_file 0");
  EXPECT_EQ(cgroups().memory(), 0U);
}

TEST_F(CgroupsTest, TheVersion2LineCounts) {
  join("4:memory:/elsewhere\n1:name=systemd:/init\n0::/slice\n");
  set("slice/cpu.max", "50000 100000");
  set("slice/job/cpu.max", "10000 100000");
  EXPECT_EQ(cgroups().cores(), 0.5);
}

TEST_F(CgroupsTest, OfVersion1EachControllerHasItsOwn) {
  join("5:cpu,cpuacct:/slice\n4:memory:/slice/job\n3:cpuset:/\n0::/\n");
  fs::create_directories(base_ / "mount/cpu/slice");
  fs::create_directories(base_ / "mount/memory/slice/job");
  set("cpu/cpu.cfs_quota_us", "-1");
  set("cpu/cpu.cfs_period_us", "100000");
  set("memory/memory.limit_in_bytes", "9223372036854771712");  // what it says for none
  set("memory/memory.usage_in_bytes", "5000");
  EXPECT_TRUE(std::isinf(cgroups().cores()));
  EXPECT_GT(cgroups().memory(), std::uint64_t{1} << 62);
  set("cpu/slice/cpu.cfs_quota_us", "250000");
  set("cpu/slice/cpu.cfs_period_us", "100000");
  set("memory/slice/memory.limit_in_bytes", "4000");
  set("memory/slice/memory.usage_in_bytes", "3000");
  set("memory/slice/memory.stat", "inactive_file 1\ntotal_inactive_file 300\ntotal_active_file 200");
  set("memory/slice/job/memory.limit_in_bytes", "2000");
  EXPECT_EQ(cgroups().cores(), 2.5);
  EXPECT_EQ(cgroups().memory(), 1500U);
}

TEST_F(CgroupsTest, OutsideOfWhatIsMountedTheMountCounts) {
  set("cpu.max", "200000 100000");
  set("slice/job/cpu.max", "100000 100000");
  for (const char* membership : {"0::/../slice/job\n", "0::/\n", "", "nonsense"}) {
    join(membership);
    EXPECT_EQ(cgroups().cores(), 2) << membership;
  }
}

}  // namespace
}  // namespace ppo::test
