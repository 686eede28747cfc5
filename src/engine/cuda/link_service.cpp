#include "engine/cuda/link_service.hpp"

#include <atomic>
#include <thread>

namespace ppo::cuda {
namespace {

/// Looks at the mailbox for each at the kernel, which takes the driver about a microsecond.
constexpr int kLooksAQuery = 64;

/// Looks without a pause, some tens of microseconds: most of what a kernel does between two exchanges. Then
/// whoever else wants the core may have it now and then.
constexpr int kLooksAwake = 2000;

}  // namespace

void LinkService::begin() {
  *link_.mailbox = {};
  served_ = 0;
}

bool LinkService::serve() {
  Mailbox& mailbox = *link_.mailbox;
  const std::uint32_t asked = std::atomic_ref(mailbox.asked).load(std::memory_order_acquire);
  if (asked == served_) return false;
  const DealtArray parts{.data = link_.packed,
                         .items = link_.ranks * mailbox.units,
                         .item_bytes = kPackedUnit};  // a rank's share of which is its part
  exchange_.gather({&parts, 1});
  served_ = asked;
  std::atomic_ref(mailbox.served).store(served_, std::memory_order_release);
  return true;
}

void LinkService::serve_until(const std::function<bool()>& has_ended) {
  for (std::int64_t looks = 0;; ++looks) {
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
