// SIGINT, SIGTERM and SIGHUP ask training to stop at the next update; one that comes half a second or more
// after the first ends the process at once, if it is not SIGHUP.
#pragma once

#include <csignal>
#include <string>

namespace ppo {

/// Catches the signals while it lives.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  /// The first signal that came, or 0.
  static int received();

  static std::string name(int signal);

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction previous_[3];
};

}  // namespace ppo
