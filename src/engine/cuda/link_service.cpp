#include "engine/cuda/link_service.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace ppo::cuda {
namespace {

/// Looks at the mailbox for each at the kernel, which takes the driver about a microsecond.
constexpr int kLooksAQuery = 64;

/// Looks without a pause, some tens of microseconds: most of what a kernel does between two exchanges. Then
/// whoever else wants the core may have it now and then.
constexpr int kLooksAwake = 2000;

std::vector<std::int64_t> begins_of(const CudaLoops& loops, const Sizes& sizes, Exchanged what, int ranks) {
  std::vector<std::int64_t> begins = {0};
  for (int rank = 0; rank < ranks; ++rank) {
    begins.push_back(begins.back() + loops.packed_units(sizes, what, rank, ranks));
  }
  return begins;
}

}  // namespace

std::size_t LinkService::packed_bytes(const CudaLoops& loops, const Sizes& sizes, int ranks) {
  std::int64_t most = 0;
  for (int what = 0; what < kExchanges; ++what) {
    most = std::max(most, begins_of(loops, sizes, static_cast<Exchanged>(what), ranks).back());
  }
  return static_cast<std::size_t>(most * kPackedUnit);
}

LinkService::LinkService(const CudaLoops& loops, const Sizes& sizes, RankExchange& exchange,
                         const RankLink& link)
    : exchange_(exchange), link_(link) {
  for (int what = 0; what < kExchanges; ++what) {
    begins_[what] = begins_of(loops, sizes, static_cast<Exchanged>(what), link.ranks);
  }
}

void LinkService::begin() {
  *link_.mailbox = {};
  served_ = 0;
}

bool LinkService::serve() {
  Mailbox& mailbox = *link_.mailbox;
  const std::uint32_t asked = std::atomic_ref(mailbox.asked).load(std::memory_order_acquire);
  if (asked == served_) return false;
  exchange_.gather_units(link_.packed, kPackedUnit, begins_[static_cast<int>(mailbox.what)]);
  served_ = asked;
  std::atomic_ref(mailbox.served).store(served_, std::memory_order_release);
  return true;
}

void LinkService::serve_until(const std::function<bool()>& has_ended) {
  for (int looks = 0;; ++looks) {
    if (serve()) {
      looks = 0;
    } else if (looks % kLooksAQuery == 0 && has_ended()) {
      return;
    } else if (looks > kLooksAwake) {
      std::this_thread::yield();
    }
  }
}

}  // namespace ppo::cuda
