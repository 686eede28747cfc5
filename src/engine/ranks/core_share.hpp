// How processes of one host that may run on the same cores share them.
#pragma once

#include <sched.h>

#include <span>
#include <vector>

namespace ppo {

/// The part of `cores` that process `index` of `count` takes: a range, as even as possible; with fewer cores
/// than processes, one that others have, too.
std::vector<int> core_share(const std::vector<int>& cores, int index, int count);

/// Of a host's processes, each with the cores that it may run on, this one, `self`, takes its part of those
/// that it shares. Where that is refused, they go on sharing all of them.
void take_core_share(std::span<const cpu_set_t> processes, int self);

}  // namespace ppo
