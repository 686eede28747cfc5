// The host's end of a RankLink: exchanges with the other ranks what a kernel of this one has packed, while it
// waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/cpu/exchange.hpp"
#include "kernels/launch.hpp"

namespace ppo::cuda {

class LinkService {
 public:
  /// What RankLink::packed has to have room for.
  static std::size_t packed_bytes(const CudaLoops& loops, const Sizes& sizes, int ranks);

  /// `exchange` and the memory of `link` must outlive it.
  LinkService(const CudaLoops& loops, const Sizes& sizes, RankExchange& exchange, const RankLink& link);

  /// To be called before every launch.
  void begin();

  /// Exchanges what the kernel has packed; false: it has asked for nothing.
  bool serve();

  /// Serves until has_ended(), which is asked now and then.
  void serve_until(const std::function<bool()>& has_ended);

 private:
  RankExchange& exchange_;
  RankLink link_;
  std::vector<std::int64_t> begins_[kExchanges];  // [ranks + 1] of the parts [units]
  std::uint32_t served_ = 0;
};

}  // namespace ppo::cuda
