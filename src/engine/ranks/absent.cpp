// A build without MPI: a job of one rank.
#include "engine/ranks/launcher.hpp"
#include "engine/ranks/ranks.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"

namespace ppo {

std::string mpi_version() {
  return "";
}

int rank_count() {
  return 1;
}

std::string rank_name(int rank) {
  return "rank " + std::to_string(rank);
}

std::string own_rank_name() {
  return rank_name(0);
}

std::unique_ptr<Channel> channel_to(int) {
  throw Failure(kRunFailed, "there are no other ranks");
}

std::unique_ptr<RankExchange> exchange_of(const RankTeam&) {
  throw Failure(kRunFailed, "there are no other ranks");
}

RankPlace rank_place() {
  return {};
}

int ranks_per_agent() {
  return 1;
}

RankSession::RankSession(const JobRequest& request) {
  if (request.join == JobRequest::Join::never) return;
  const int launched = launched_processes();
  const std::string built = " was built without MPI; build it where CMake finds one, with -DPPO_MPI=ON";
  if (request.join == JobRequest::Join::always)
    throw Failure(kWrongInput, "--mpi: this " + program_name() + built);
  if (request.ranks_per_agent > 1)
    throw Failure(kWrongInput, "--ranks-per-agent: this " + program_name() + built);
  if (launched > 1) {
    throw Failure(kWrongInput, std::to_string(launched) + " processes were started together, but this " +
                                   program_name() + built + ", or, for runs of their own, write --no-mpi");
  }
}

RankSession::~RankSession() = default;

bool RankSession::serves() const {
  return false;
}

int RankSession::serve() {
  return kDone;
}

int RankSession::end(int exit_code) {
  return exit_code;
}

}  // namespace ppo
