// How long a block of the laboratory waits for the others.
#pragma once

#include <cstdint>

namespace ppo::probes {

/// Some seconds [cycles]: then a barrier that hangs ends the launch with a fault, which costs a check one
/// figure and not the card.
constexpr std::uint64_t kPatience = std::uint64_t{1} << 33;

}  // namespace ppo::probes
