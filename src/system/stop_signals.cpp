#include "system/stop_signals.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <ctime>
#include <iterator>

namespace ppo {
namespace {

// A handler can reach nothing but static storage.
std::atomic<int> received_signal{0};
std::atomic<std::int64_t> received_at{0};  // [ns], 0: none has come
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

/// Who asks once may send several: timeout signals the process and its group, and when a terminal closes both
/// its shell and the kernel send SIGHUP.
constexpr std::int64_t kSameRequest = 500'000'000;  // [ns]

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void on_signal(int signal) {
  std::int64_t first = 0;
  if (received_at.compare_exchange_strong(first, now())) {
    received_signal = signal;
  } else if (signal != SIGHUP && now() - first >= kSameRequest) {
    _exit(128 + signal);
  }
}

}  // namespace

StopSignals::StopSignals() {
  received_signal = 0;
  received_at = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], nullptr, &previous_[i]);
    // nohup has asked to outlive its terminal. SIGINT is caught even if a shell started us in the background
    // with it ignored: whoever sends it to this process means it.
    if (kSignals[i] == SIGHUP && previous_[i].sa_handler == SIG_IGN) continue;
    sigaction(kSignals[i], &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &previous_[i], nullptr);
}

int StopSignals::received() {
  return received_signal;
}

std::string StopSignals::name(int signal) {
  switch (signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "SIGHUP";
  }
}

}  // namespace ppo
