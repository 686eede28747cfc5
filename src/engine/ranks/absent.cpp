// A build without MPI: a job of one rank.
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

std::unique_ptr<Channel> channel_to(int) {
  throw Failure(kRunFailed, "there are no other ranks");
}

std::unique_ptr<RankExchange> exchange_of(const RankTeam&) {
  throw Failure(kRunFailed, "there are no other ranks");
}

RankPlace rank_place() {
  return {};
}

RankSession::RankSession(bool is_asked_for) {
  if (!is_asked_for) return;
  throw Failure(kWrongInput, "--mpi: this " + program_name() +
                                 " was built without MPI; build it where CMake finds one, with -DPPO_MPI=ON");
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
