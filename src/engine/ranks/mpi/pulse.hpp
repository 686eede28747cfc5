// Whether the ranks of a job live. Each sends a pulse a second, rank 0 to all and all to rank 0, from a
// thread of its own: however long a rank computes or waits, it is heard, and hears the others.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "engine/ranks/mpi/calls.hpp"

namespace ppo::mpi {

class Pulse {
 public:
  /// `names` of all ranks. Where one that this rank hears has been silent for 20 s, the process ends, with a
  /// line that names it, and with the process the job: files are whole at any moment, and nothing that a
  /// caller could do would bring back a rank. Throws Failure(kRunFailed) if the thread cannot be started.
  Pulse(Communicator communicator, int rank, const std::vector<std::string>& names);
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;
  ~Pulse() { stop(); }

  void stop();

  /// Receives all that have been sent. To be called when all ranks have stopped.
  void drain();

 private:
  void live();
  void send() const;
  void listen(double passed);
  bool hears(int rank) const;
  [[noreturn]] void miss(int rank) const;

  const Communicator communicator_;
  const int rank_;
  const std::vector<std::string>& names_;
  const int first_, end_;        // the ranks that it hears
  std::vector<double> silence_;  // of each rank [s]
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace ppo::mpi
