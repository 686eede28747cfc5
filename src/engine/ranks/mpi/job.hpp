// This process's MPI job: who the others are, and whether they are alive.
#pragma once

#include <mpi.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "engine/ranks/ranks.hpp"

namespace ppo::mpi {

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

  /// Waits as long as that rank lives. Throws Failure(kRunFailed) where it does not.
  std::string receive(int from);

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

  int rank_ = 0;
  std::vector<std::string> names_;  // by rank
  RankPlace place_;
  MPI_Comm messages_ = MPI_COMM_NULL;
  MPI_Comm pulses_ = MPI_COMM_NULL;
  bool has_pulses_ = false;
  bool is_lost_ = false;
  std::atomic<bool> is_over_{false};
  std::thread pulse_;
};

}  // namespace ppo::mpi
