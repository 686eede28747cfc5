// What the processor of this machine is called.
#pragma once

#include <istream>
#include <string>

namespace ppo {

/// From the lines of /proc/cpuinfo: the model's name or, on AArch64, where the kernel has none, the numbers
/// of its maker and part. "unknown" if they say neither.
std::string processor_name(std::istream& cpuinfo);

/// Of this machine.
std::string processor_name();

}  // namespace ppo
