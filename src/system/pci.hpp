// What is plugged into this machine, whether or not a driver knows it.
#pragma once

#include <filesystem>

namespace ppo {

/// Whether one of the PCI devices, each a folder in `devices`, is an NVIDIA display controller. Not as far as
/// one can see where the folder cannot be read.
bool has_nvidia_card(const std::filesystem::path& devices = "/sys/bus/pci/devices");

}  // namespace ppo
