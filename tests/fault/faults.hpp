// Disturbances that a test brings on the program it starts, each for Launch::prepare.
#pragma once

#include <sched.h>
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

/// Root may write anywhere; nobody may not. Who is not root stays what they are.
inline bool drop_root() {
  constexpr uid_t kNobody = 65534;
  return geteuid() != 0 || (setgid(kNobody) == 0 && setuid(kNobody) == 0);
}

}  // namespace ppo::test
