#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
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

int& team_size() {
  static int size = 1;
  return size;
}

void check_job(const JobRequest& request, int launched) {
  const int size = rank_count();
  const int team = request.ranks_per_agent;
  if (launched > 1 && size == 1) {
    throw Failure(kRunFailed,
                  fmt::format("{} processes were started together, but they do not see each other; start "
                              "them with the mpirun of {}, or with srun --mpi=pmix, or write --no-mpi",
                              launched, mpi_version()));
  }
  if (team == 1) return;
  if (size == 1) {
    throw Failure(kWrongInput,
                  fmt::format("--ranks-per-agent {}: there is one rank only; start the program with "
                              "mpirun -n {}",
                              team, team));
  }
  if (size % team != 0) {
    throw Failure(
        kWrongInput,
        fmt::format("--ranks-per-agent {}: the job has {} ranks; write a divisor of that", team, size));
  }
}

void refuse_without_mpi(const JobRequest& request, int launched) {
  if (request.join == JobRequest::Join::always) throw Failure(kWrongInput, "--mpi: " + mpi::without_module());
  if (request.ranks_per_agent > 1) throw Failure(kWrongInput, "--ranks-per-agent: " + mpi::without_module());
  if (launched > 1) {
    throw Failure(kWrongInput,
                  fmt::format("{} processes were started together, but {}, or, for runs of their own, write "
                              "--no-mpi",
                              launched, mpi::without_module()));
  }
}

/// Open MPI gives ranks a terminal of its own, whose width is 0, wherever what they print goes in the end.
void print_plainly_to_launchers() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col == 0) ::setenv("TERM", "dumb", 1);
}

}  // namespace

bool has_mpi() {
  return !mpi::module_path().empty();
}

std::string mpi_version() {
  if (!has_mpi()) return "";
  std::array<char, 256> text{};
  try {
    if (mpi::calls().version(text.data(), text.size()) != 0) return "unknown";
  } catch (const Failure& failure) {
    return failure.what();
  }
  const std::string version(text.data());
  return version.substr(0, version.find_first_of(",\n"));
}

int rank_count() {
  return the_job() ? the_job()->size() : 1;
}

std::string rank_name(int rank) {
  return the_job() ? the_job()->name(rank) : "rank " + std::to_string(rank);
}

std::string own_rank_name() {
  return rank_name(the_job() ? the_job()->rank() : 0);
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

int ranks_per_agent() {
  return team_size();
}

RankSession::RankSession(const JobRequest& request) {
  const bool joins = request.join != JobRequest::Join::never;
  const int launched = joins ? launched_processes() : 1;
  if (joins && !has_mpi()) refuse_without_mpi(request, launched);
  if (launched > 1 || request.join == JobRequest::Join::always) {
    print_plainly_to_launchers();
    mpi::calls();  // loaded before the job is made, the MPI's own objects outlive it
    the_job().emplace(request.arguments);
  }
  if (serves()) return;  // rank 0 says what is wrong
  check_job(request, launched);
  team_size() = request.ranks_per_agent;
}

RankSession::~RankSession() = default;

bool RankSession::serves() const {
  return the_job() && the_job()->rank() > 0;
}

int RankSession::serve() {
  // Whoever stops the job stops rank 0, which lets the others end.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_IGN);
  RankChannel channel(0);
  ppo::serve(channel);
  the_job()->end();
  return kDone;
}

int RankSession::end(int exit_code) {
  if (!the_job()) return exit_code;
  std::fflush(nullptr);
  for (int rank = 1; rank < the_job()->size(); ++rank) {
    Message request;
    request.put(Request::end);
    the_job()->send(request.take(), rank);
  }
  the_job()->end();
  return exit_code;
}

}  // namespace ppo
