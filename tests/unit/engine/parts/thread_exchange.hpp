// An exchange between threads, each of which stands for a rank.
#pragma once

#include <barrier>
#include <cstring>
#include <vector>

#include "engine/cpu/exchange.hpp"

namespace ppo::testing {

/// Where they meet.
struct MeetingPlace {
  explicit MeetingPlace(int ranks) : barrier(ranks), arrays(static_cast<std::size_t>(ranks)) {}
  std::barrier<> barrier;
  std::vector<std::byte*> arrays;  // by rank
};

class ThreadExchange : public RankExchange {
 public:
  ThreadExchange(MeetingPlace& place, int rank)
      : RankExchange(rank, static_cast<int>(place.arrays.size())), place_(place) {}

 private:
  void gather_units(std::byte* all, std::int64_t unit_bytes, std::span<const std::int64_t> begins) override {
    const auto own = static_cast<std::size_t>(rank());
    place_.arrays[own] = all;
    place_.barrier.arrive_and_wait();
    for (std::size_t other = 0; other < place_.arrays.size(); ++other) {
      const std::int64_t begin = begins[other] * unit_bytes;
      const auto bytes = static_cast<std::size_t>(begins[other + 1] * unit_bytes - begin);
      if (other != own && bytes > 0) std::memcpy(all + begin, place_.arrays[other] + begin, bytes);
    }
    place_.barrier.arrive_and_wait();
  }

  MeetingPlace& place_;
};

}  // namespace ppo::testing
