// Disturbances that a test brings on the program it starts, each for Launch::prepare.
#pragma once

#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>

namespace ppo::test {

/// No file may grow beyond it.
inline std::function<bool()> file_size_limit(long bytes) {
  return [limit = rlimit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)}] {
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  };
}

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

/// Others' files are not removed from a folder with the sticky bit, not even by root.
inline bool obey_owners() {
  return geteuid() != 0 || prctl(PR_CAPBSET_DROP, CAP_FOWNER) == 0;
}

}  // namespace ppo::test
