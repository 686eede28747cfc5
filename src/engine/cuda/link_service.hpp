// The host's end of a RankLink: exchanges with the other ranks what a kernel of this one has packed, while it
// waits.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/cpu/exchange.hpp"
#include "kernels/launch.hpp"

namespace ppo::cuda {

/// What RankLink::packed has to have room for.
inline std::size_t packed_bytes(const CudaLoops& loops, const Sizes& sizes, int ranks) {
  return static_cast<std::size_t>(loops.packed_units(sizes, ranks) * ranks * kPackedUnit);
}

class LinkService {
 public:
  /// `exchange` and the memory of `link`, which are of the same ranks, must outlive it.
  LinkService(RankExchange& exchange, const RankLink& link) : exchange_(exchange), link_(link) {}

  /// To be called before every launch.
  void begin();

  /// Exchanges what the kernel has packed; false: it has asked for nothing.
  bool serve();

  /// Serves until has_ended(), which is asked now and then.
  void serve_until(const std::function<bool()>& has_ended);

 private:
  RankExchange& exchange_;
  RankLink link_;
  std::uint32_t served_ = 0;
};

}  // namespace ppo::cuda
