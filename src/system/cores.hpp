// What of the processor this process may use.
#pragma once

#include <filesystem>
#include <vector>

namespace ppo {

/// How many hardware threads, given its affinity and its cgroups' quota.
int usable_cores();

/// How many cores they are: two hardware threads of one core share what it can do. No more than usable_cores.
int usable_whole_cores();

/// Of the hardware threads with these numbers, each a folder cpu<number> in `processors`; each one a core
/// where the folders do not say.
int whole_cores(const std::vector<int>& threads,
                const std::filesystem::path& processors = "/sys/devices/system/cpu");

}  // namespace ppo
