#include "engine/ranks/core_share.hpp"

#include <algorithm>
#include <cstddef>

namespace ppo {

std::vector<int> core_share(const std::vector<int>& cores, int index, int count) {
  const auto all = static_cast<std::ptrdiff_t>(cores.size());
  if (all == 0) return {};
  if (all < count) return {cores[static_cast<std::size_t>(index % all)]};
  return {cores.begin() + all * index / count, cores.begin() + all * (index + 1) / count};
}

}  // namespace ppo
