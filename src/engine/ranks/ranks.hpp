// The processes of an MPI job. Rank 0 runs the program; the others serve it engines and touch no file. A
// build without MPI uses absent.cpp.
#pragma once

#include <memory>
#include <string>

#include "engine/cpu/exchange.hpp"
#include "engine/engine.hpp"
#include "engine/parts/channel.hpp"

namespace ppo {

/// Which MPI this program was built with: "Open MPI v4.1.4"; empty: none.
std::string mpi_version();

/// Ranks of this job; 1 outside of one.
int rank_count();

/// To rank 1, 2, ... of the job.
std::unique_ptr<Channel> channel_to(int rank);

/// Between ranks of the job, of which this is one.
std::unique_ptr<RankExchange> exchange_of(const RankTeam& team);

/// Where this process is among the ranks on its host.
struct RankPlace {
  int local_rank = 0;
  int local_ranks = 1;
};
RankPlace rank_place();

/// This process's part in the job.
class RankSession {
 public:
  /// Joins the job if a launcher of MPI has started this process, or if `is_asked_for`. Takes this rank's
  /// part of the cores that ranks of this host share. Throws Failure.
  explicit RankSession(bool is_asked_for);
  RankSession(const RankSession&) = delete;
  RankSession& operator=(const RankSession&) = delete;
  ~RankSession();

  /// Whether this is not rank 0.
  bool serves() const;

  /// Serves rank 0 until it has ended. Returns the exit code.
  int serve();

  /// Rank 0 has nothing more to do. Returns the exit code; does not return where another rank is lost, which
  /// could not be waited for.
  int end(int exit_code);
};

}  // namespace ppo
