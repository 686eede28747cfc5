// Disturbances that a test brings on the program it starts, each for Launch::prepare.
#pragma once

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <iterator>

namespace ppo::test {

/// No file may grow beyond it.
inline std::function<bool()> file_size_limit(long bytes) {
  return [limit = rlimit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)}] {
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  };
}

/// Sanitizers that keep a shadow of the memory need more of it than a test allows.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCanLimitMemory = false;
#else
inline constexpr bool kCanLimitMemory = true;
#endif

/// No more memory may be mapped.
inline std::function<bool()> address_space_limit(long bytes) {
  return [limit = rlimit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)}] {
    return setrlimit(RLIMIT_AS, &limit) == 0;
  };
}

inline bool run_on_one_core() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return false;
  int core = 0;
  while (!CPU_ISSET(core, &allowed)) ++core;
  CPU_ZERO(&allowed);
  CPU_SET(core, &allowed);
  return sched_setaffinity(0, sizeof allowed, &allowed) == 0;
}

/// What may not be written is not written, not even by root.
inline bool obey_permissions() {
  return geteuid() != 0 ||
         (prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE) == 0 && prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH) == 0);
}

/// As on a file system that locks nothing: flock fails. False where such a filter cannot be installed.
inline bool without_locks() {
  const sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_flock, 0, 1),
                                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
                                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog program = {static_cast<unsigned short>(std::size(filter)),
                              const_cast<sock_filter*>(filter)};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// Others' files are not removed from a folder with the sticky bit, not even by root.
inline bool obey_owners() {
  return geteuid() != 0 || prctl(PR_CAPBSET_DROP, CAP_FOWNER) == 0;
}

}  // namespace ppo::test
