// This process's MPI job: who the others are, and whether they are alive.
#pragma once

#include <mpi.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/ranks/ranks.hpp"

namespace ppo::mpi {

/// Throws Failure(kRunFailed) if the call of MPI has not succeeded.
void check(int result, const char* call);

class Job {
 public:
  /// Initialises MPI. Throws Failure(kRunFailed) where the ranks do not run the same program.
  Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job();

  int rank() const { return rank_; }
  int size() const { return static_cast<int>(names_.size()); }
  RankPlace place() const { return place_; }

  /// "rank 3 on node7"
  const std::string& name(int rank) const { return names_[static_cast<std::size_t>(rank)]; }

  /// Waits for nothing. Throws Failure(kRunFailed).
  void send(const std::string& message, int to);

  /// Waits for nothing but a message of that rank, as long as the others live. Throws Failure(kRunFailed)
  /// where one does not.
  std::string receive(int from);

  /// Likewise, for a request of MPI.
  void wait(MPI_Request& request);

  /// A communicator of those ranks, which the job keeps. At the first call all of them have to call it.
  MPI_Comm communicator(const RankTeam& team);

  /// All ranks have said that there will be no more messages. Ends MPI. Not to be called where one is lost.
  void end();

  bool is_lost() const { return is_lost_; }

 private:
  class Patience;

  void name_ranks();
  void check_programs() const;
  void find_place();
  void send_pulses();
  bool takes_pulses_of(int rank) const;

  /// The ranks that send pulses to this one, and get its own.
  int first_heard() const { return rank_ == 0 ? 1 : 0; }
  int heard_end() const { return rank_ == 0 ? size() : 1; }

  int rank_ = 0;
  std::vector<std::string> names_;  // by rank
  std::map<std::pair<int, int>, MPI_Comm> teams_;
  RankPlace place_;
  MPI_Comm messages_ = MPI_COMM_NULL;
  MPI_Comm pulses_ = MPI_COMM_NULL;
  bool has_pulses_ = false;
  bool is_lost_ = false;
  std::atomic<bool> is_over_{false};
  std::thread pulse_;
};

}  // namespace ppo::mpi
