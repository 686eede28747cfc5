// A small disk of the test's own, in mounts that only it sees: root may make them, others where the kernel
// lets them be root in a user namespace.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace ppo::test {

/// Whether what this process mounts is from now on seen by it and its children only.
inline bool make_mounts_private() {
  const auto make_private = [] { return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0; };
  if (make_private()) return true;
  // In a chroot "/" is no mount. Entering its own namespace again leads a process to what is one, and back.
  const int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  return setns(mounts, CLONE_NEWNS) == 0 && make_private() && fchdir(root) == 0 && chroot(".") == 0 &&
         fchdir(here) == 0;
}

/// Whether this process, which must have one thread, may mount from now on.
inline bool unshare_mounts() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user != 0 || unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  return make_mounts_private();
}

/// Runs the body in a child that may mount, whose failed expectations are the test's. Returns whether there
/// could be such a child.
template <class Body>
bool with_own_mounts(Body body) {
  constexpr int kNotAllowed = 77;
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (!unshare_mounts()) _exit(kNotAllowed);
    body();
    std::fflush(stdout);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotAllowed) return false;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "see above; wait status " << status;
  return true;
}

class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& folder) : folder_(folder) {
    EXPECT_EQ(mount("none", folder_.c_str(), "tmpfs", 0, "size=8m"), 0);
  }
  ~SmallDisk() { umount2(folder_.c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// Another's file takes all space but for these bytes, of which the disk gives whole pages.
  void fill_but_for(std::uint64_t bytes) const {
    struct statvfs space {};
    EXPECT_EQ(statvfs(folder_.c_str(), &space), 0);
    const std::uint64_t pages =
        space.f_bavail - std::min<std::uint64_t>(space.f_bavail, bytes / space.f_bsize);
    std::ofstream(filler(), std::ios::binary) << std::string(pages * space.f_bsize, 'x');
  }
  void free() const { std::filesystem::remove(filler()); }
  void grow() const { EXPECT_EQ(mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT, "size=24m"), 0); }

  /// So few files may be made in addition.
  void limit_files(long more) const {
    struct statvfs space {};
    EXPECT_EQ(statvfs(folder_.c_str(), &space), 0);
    const std::string limit =
        "nr_inodes=" + std::to_string(static_cast<long>(space.f_files - space.f_ffree) + more);
    EXPECT_EQ(mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT, limit.c_str()), 0) << limit;
  }
  void lift_limit_of_files() const {
    EXPECT_EQ(mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT, "nr_inodes=1000"), 0);
  }

 private:
  std::filesystem::path filler() const { return folder_ / "filler"; }

  std::filesystem::path folder_;
};

}  // namespace ppo::test
