#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "engine/parts/requests.hpp"
#include "engine/parts/serve.hpp"
#include "engine/ranks/launcher.hpp"
#include "engine/ranks/mpi/exchange.hpp"
#include "engine/ranks/mpi/job.hpp"
#include "engine/ranks/ranks.hpp"
#include "system/errors.hpp"
#include "system/stop_signals.hpp"

namespace ppo {
namespace {

/// MPI is one thing of a process; so is this. Empty outside of a job.
std::optional<mpi::Job>& the_job() {
  static std::optional<mpi::Job> job;
  return job;
}

class RankChannel : public Channel {
 public:
  explicit RankChannel(int rank) : rank_(rank) {}
  void send(std::string message) override { the_job()->send(message, rank_); }
  std::string receive() override { return the_job()->receive(rank_); }
  std::string prefix() const override { return the_job()->name(rank_) + ": "; }

 private:
  int rank_;
};

void check_srun() {
  const int tasks = tasks_of_srun();
  if (tasks == 1 || the_job()->size() > 1) return;
  throw Failure(kRunFailed, "srun has started " + std::to_string(tasks) +
                                " processes, but they do not see each other; use srun --mpi=pmix, or mpirun");
}

}  // namespace

std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  if (MPI_Get_library_version(text, &length) != MPI_SUCCESS) return "unknown";
  const std::string version(text);
  return version.substr(0, version.find_first_of(",\n"));
}

int rank_count() {
  return the_job() ? the_job()->size() : 1;
}

std::unique_ptr<Channel> channel_to(int rank) {
  return std::make_unique<RankChannel>(rank);
}

std::unique_ptr<RankExchange> exchange_of(const RankTeam& team) {
  return std::make_unique<mpi::MpiExchange>(*the_job(), team);
}

RankPlace rank_place() {
  return the_job() ? the_job()->place() : RankPlace{};
}

RankSession::RankSession(bool is_asked_for) {
  if (!is_asked_for && !is_launched()) return;
  the_job().emplace();
  check_srun();
}

RankSession::~RankSession() = default;

bool RankSession::serves() const {
  return the_job() && the_job()->rank() > 0;
}

int RankSession::serve() {
  // Whoever stops the job stops rank 0, which lets the others end.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
  RankChannel channel(0);
  try {
    ppo::serve(channel);
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s: %s\n", the_job()->name(the_job()->rank()).c_str(), failure.what());
    _exit(kRunFailed);
  }
  the_job()->end();
  return kDone;
}

int RankSession::end(int exit_code) {
  if (!the_job()) return exit_code;
  std::fflush(nullptr);
  if (the_job()->is_lost()) _exit(exit_code);
  for (int rank = 1; rank < the_job()->size(); ++rank) {
    Message request;
    request.put(Request::end);
    the_job()->send(request.take(), rank);
  }
  the_job()->end();
  return exit_code;
}

}  // namespace ppo
