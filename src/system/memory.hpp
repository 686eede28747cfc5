// How much memory a run may use, and how to say it.
#pragma once

#include <cstdint>
#include <string>

namespace ppo {

/// Bytes this process can still allocate without swapping: the kernel's estimate, limited by its cgroups and
/// its address space (ulimit -v).
std::uint64_t available_memory();

/// "62.2 GiB", rounded up, so that what is too much does not look like what there is.
std::string needed_text(double bytes);

/// "22.4 GiB", rounded down.
std::string available_text(std::uint64_t bytes);

}  // namespace ppo
