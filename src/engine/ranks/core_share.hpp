// How processes of one host that may run on the same cores share them.
#pragma once

#include <vector>

namespace ppo {

/// The part of `cores` that process `index` of `count` takes: a range, as even as possible; with fewer cores
/// than processes, one that others have, too.
std::vector<int> core_share(const std::vector<int>& cores, int index, int count);

}  // namespace ppo
