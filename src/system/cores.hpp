// What of the processor this process may use.
#pragma once

#include <filesystem>
#include <vector>

namespace ppo {

/// How many hardware threads, given its affinity and its cgroups' quota.
int usable_cores();

/// How many cores they are: two hardware threads of one core share what it can do. No more than usable_cores.
int usable_whole_cores();

/// The same of those cores that are about as fast as the fastest: where a team shares its work out evenly, it
/// is as slow as its slowest.
int usable_fast_cores();

/// Of the hardware threads with these numbers, each a folder cpu<number> in `processors`; each one a core
/// where the folders do not say.
int whole_cores(const std::vector<int>& threads,
                const std::filesystem::path& processors = "/sys/devices/system/cpu");

/// Those of the threads that are about as fast as the fastest: by the kernel's cpu_capacity or, where it
/// gives none, the highest clock rate. All where the folders do not say of each.
std::vector<int> fast_threads(const std::vector<int>& threads,
                              const std::filesystem::path& processors = "/sys/devices/system/cpu");

}  // namespace ppo
