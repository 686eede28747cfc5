// This process's MPI job. Where a call of MPI fails, the process ends with a line, and with it the job:
// others may wait for the same call.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/ranks/mpi/calls.hpp"
#include "engine/ranks/mpi/pulse.hpp"
#include "engine/ranks/ranks.hpp"

namespace ppo::mpi {

/// Ends the process if the call has not succeeded.
void check(int result, const char* call);

class Job {
 public:
  /// Initialises MPI. Throws Failure(kRunFailed) where the ranks do not run the same program in the same way:
  /// `arguments` is a hash of what they were told.
  explicit Job(std::uint64_t arguments);

  int rank() const { return rank_; }
  int size() const { return static_cast<int>(names_.size()); }
  const RankPlace& place() const { return place_; }

  /// "rank 3 on node7"
  const std::string& name(int rank) const { return names_[static_cast<std::size_t>(rank)]; }

  /// Waits until a large message is received.
  void send(const std::string& message, int to);

  /// Waits for a message of that rank, in naps.
  std::string receive(int from);

  /// A communicator of those ranks, which the job keeps. At the first call all of them have to call it.
  Communicator communicator(const RankTeam& team);

  /// All ranks have said that there will be no more messages. Ends MPI.
  void end();

 private:
  void name_ranks();
  void check_programs(std::uint64_t arguments) const;
  void find_place();

  int rank_ = 0;
  std::vector<std::string> names_;  // by rank
  std::map<std::pair<int, int>, Communicator> teams_;
  RankPlace place_;
  Communicator messages_ = 0;
  Communicator pulses_ = 0;
  std::optional<Pulse> pulse_;
};

}  // namespace ppo::mpi
