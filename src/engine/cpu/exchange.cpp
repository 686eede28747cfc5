#include "engine/cpu/exchange.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "terminal/messages.hpp"

namespace ppo {
namespace {

constexpr std::int64_t kPackedUnit = 64;  // bytes

}  // namespace

std::int64_t DealtArray::begin(int rank, int ranks) const {
  const std::int64_t units = (items + unit - 1) / unit;
  return std::min(units * rank / ranks * unit, items);
}

void RankExchange::gather(std::span<const DealtArray> arrays) noexcept {
  try {
    begins_.assign(1, 0);
    if (arrays.size() > 1 || arrays[0].rows > 1) return gather_packed(arrays);
    for (int rank = 1; rank <= ranks_; ++rank) begins_.push_back(arrays[0].begin(rank, ranks_));
    gather_units(static_cast<std::byte*>(arrays[0].data), arrays[0].item_bytes, begins_);
  } catch (const std::bad_alloc&) {  // the others wait for this rank
    end_process("there is not enough memory; free some, or use a smaller config");
  }
}

/// The parts of a rank one behind the other, padded to whole units.
void RankExchange::gather_packed(std::span<const DealtArray> arrays) {
  for (int rank = 0; rank < ranks_; ++rank) {
    std::int64_t bytes = 0;
    for (const DealtArray& array : arrays) {
      bytes += array.rows * array.item_bytes * (array.begin(rank + 1, ranks_) - array.begin(rank, ranks_));
    }
    begins_.push_back(begins_.back() + (bytes + kPackedUnit - 1) / kPackedUnit);
  }
  packed_.resize(static_cast<std::size_t>(begins_.back() * kPackedUnit));
  const auto copy_all = [&](int rank, bool packs) {
    std::byte* packed = packed_.data() + begins_[static_cast<std::size_t>(rank)] * kPackedUnit;
    for (const DealtArray& array : arrays) packed = copy(array, rank, packs, packed);
  };
  copy_all(rank_, true);
  gather_units(packed_.data(), kPackedUnit, begins_);
  for (int rank = 0; rank < ranks_; ++rank) {
    if (rank != rank_) copy_all(rank, false);
  }
}

/// A rank's part of an array, to `packed` or from there; returns where the next array's begins.
std::byte* RankExchange::copy(const DealtArray& array, int rank, bool packs, std::byte* packed) const {
  const std::int64_t begin = array.begin(rank, ranks_);
  const auto bytes = static_cast<std::size_t>((array.begin(rank + 1, ranks_) - begin) * array.item_bytes);
  auto* part = static_cast<std::byte*>(array.data) + begin * array.item_bytes;
  for (std::int64_t row = 0; row < array.rows && bytes > 0; ++row) {
    std::memcpy(packs ? packed : part, packs ? part : packed, bytes);
    part += array.items * array.item_bytes;
    packed += bytes;
  }
  return packed;
}

}  // namespace ppo
