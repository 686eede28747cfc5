// Sorting that keeps the order of equals.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace ppo {

/// As std::stable_sort, which in libstdc++ 12 calls what C++20 has deprecated, so that clang++ warns of it.
template <class T, class Less>
void sort_stably(std::vector<T>& all, const Less& less) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return less(all[a], all[b]) || (a < b && !less(all[b], all[a]));
  });
  std::vector<T> sorted;
  sorted.reserve(all.size());
  for (const std::size_t place : order) sorted.push_back(std::move(all[place]));
  all = std::move(sorted);
}

}  // namespace ppo
