// The processes of an MPI job. Rank 0 runs the program; the others serve it engines and touch no file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/cpu/exchange.hpp"
#include "engine/engine.hpp"
#include "engine/parts/channel.hpp"

namespace ppo {

/// Whether the module with an MPI is where this program looks for it.
bool has_mpi();

/// Which MPI this program has: "Open MPI v4.1.4", or why it cannot be loaded; empty: none. Loads it.
std::string mpi_version();

/// Ranks of this job; 1 outside of one.
int rank_count();

/// "rank 3 on node7"
std::string rank_name(int rank);
std::string own_rank_name();

/// Ranks that train each agent together: a divisor of rank_count().
int ranks_per_agent();

/// To rank 1, 2, ... of the job.
std::unique_ptr<Channel> channel_to(int rank);

/// Between ranks of the job, of which this is one.
std::unique_ptr<RankExchange> exchange_of(const RankTeam& team);

/// Where this process is among the ranks on its host.
struct RankPlace {
  int local_rank = 0;
  std::vector<int> ranks = {0};  // of the host, in the job, in order

  int local_ranks() const { return static_cast<int>(ranks.size()); }
  /// Those of them that train, where the first `trainers` of the job do.
  int local_trainers(int trainers) const {
    return static_cast<int>(std::ranges::count_if(ranks, [=](int rank) { return rank < trainers; }));
  }
};
RankPlace rank_place();

/// What the command line says of the job.
struct JobRequest {
  enum class Join { if_launched, always, never };
  Join join = Join::if_launched;
  int ranks_per_agent = 1;
  std::uint64_t arguments = 0;  // a hash of all others
};

/// This process's part in the job.
class RankSession {
 public:
  /// Joins the job if a launcher of MPI has started this process together with others, or as the request
  /// says. Takes this rank's part of the cores that ranks of this host share. Throws Failure, also where
  /// those others cannot be joined: as many copies would train the same.
  explicit RankSession(const JobRequest& request);
  RankSession(const RankSession&) = delete;
  RankSession& operator=(const RankSession&) = delete;
  ~RankSession();

  /// Whether this is not rank 0.
  bool serves() const;

  /// Serves rank 0 until it has ended. Returns the exit code.
  int serve();

  /// Rank 0 has nothing more to do. Returns the exit code.
  int end(int exit_code);
};

}  // namespace ppo
