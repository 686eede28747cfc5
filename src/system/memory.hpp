// How much memory a run may use.
#pragma once

#include <cstdint>

namespace ppo {

/// Bytes this process can still allocate without swapping: the kernel's estimate, limited by its cgroups and
/// its address space (ulimit -v).
std::uint64_t available_memory();

}  // namespace ppo
