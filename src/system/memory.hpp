// How much memory a run may take.
#pragma once

#include <cstdint>

namespace ppo {

/// Bytes that this process can still take without swapping: the kernel's estimate, and within the limits of
/// its cgroups and of its address space (ulimit -v).
std::uint64_t available_memory();

}  // namespace ppo
