// SIGINT, SIGTERM and SIGHUP ask training to stop at the next update. A further SIGINT or SIGTERM, half a
// second or more after the first signal, ends the process at once.
#pragma once

#include <csignal>
#include <string>

namespace ppo {

/// Catches the signals during its lifetime.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  /// The first signal received, or 0.
  static int received();

  static std::string name(int signal);

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction previous_[3];
};

}  // namespace ppo
