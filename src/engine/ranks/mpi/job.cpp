#include "engine/ranks/mpi/job.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdint>
#include <thread>

#include "engine/ranks/core_share.hpp"
#include "ppo/hash.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/read_file.hpp"
#include "terminal/messages.hpp"

namespace ppo::mpi {
namespace {

constexpr int kTag = 1;

/// Of the program and the module.
std::uint64_t program_hash() {
  std::uint64_t hash = kFnvOffset;
  for (const std::string& path : {std::string("/proc/self/exe"), module_path()}) {
    const std::string bytes = read_file(path, std::size_t{1} << 32);
    hash = fnv1a(bytes.data(), bytes.size(), hash);
  }
  return hash;
}

}  // namespace

void check(int result, const char* call) {
  if (result == 0) return;
  std::array<char, 1024> text{};
  calls().explain(result, text.data(), text.size());
  end_process(fmt::format("{}: {}", call, text.data()));
}

Job::Job(std::uint64_t arguments) {
  int serves_threads = 0;
  check(calls().start(&serves_threads), "MPI_Init_thread");
  check(calls().duplicate_world(&messages_), "MPI_Comm_dup");
  check(calls().duplicate_world(&pulses_), "MPI_Comm_dup");
  check(calls().rank(messages_, &rank_), "MPI_Comm_rank");
  name_ranks();
  check_programs(arguments);
  find_place();
  if (size() == 1) return;
  if (serves_threads != 0) {
    pulse_.emplace(pulses_, rank_, names_);
  } else if (rank_ == 0) {
    say_note("this MPI serves one thread only, so that a rank that hangs will not be missed");
  }
}

void Job::name_ranks() {
  using Name = std::array<char, 256>;
  int size = 0;
  check(calls().size(messages_, &size), "MPI_Comm_size");
  Name own{};
  check(calls().host_name(own.data(), own.size()), "MPI_Get_processor_name");
  std::vector<Name> all(static_cast<std::size_t>(size));
  check(calls().gather(own.data(), sizeof own, all.data(), messages_), "MPI_Allgather");
  for (int rank = 0; rank < size; ++rank) {
    names_.push_back(fmt::format("rank {} on {}", rank, all[static_cast<std::size_t>(rank)].data()));
  }
}

void Job::check_programs(std::uint64_t arguments) const {
  using Hashes = std::array<std::uint64_t, 2>;
  const Hashes own = {program_hash(), arguments};
  std::vector<Hashes> all(names_.size());
  check(calls().gather(&own, sizeof own, all.data(), messages_), "MPI_Allgather");
  const auto other = std::ranges::find_if(all, [&](const Hashes& each) { return each != all[0]; });
  if (other == all.end()) return;
  calls().end();
  if (rank_ > 0) _exit(kDone);  // rank 0 says why
  const std::string which = name(static_cast<int>(other - all.begin()));
  if ((*other)[0] != all[0][0])
    throw Failure(kRunFailed,
                  fmt::format("{} runs another {} or ppo_mpi.so than {}; install the same files on all hosts",
                              which, program_name(), name(0)));
  throw Failure(
      kRunFailed,
      fmt::format("{} has other arguments than {}; for runs of their own write --no-mpi", which, name(0)));
}

void Job::find_place() {
  Communicator host = 0;
  check(calls().split_by_host(messages_, rank_, &host), "MPI_Comm_split_type");
  int local_ranks = 0;
  check(calls().rank(host, &place_.local_rank), "MPI_Comm_rank");
  check(calls().size(host, &local_ranks), "MPI_Comm_size");
  place_.ranks.resize(static_cast<std::size_t>(local_ranks));
  check(calls().gather(&rank_, sizeof rank_, place_.ranks.data(), host), "MPI_Allgather");
  cpu_set_t own;
  CPU_ZERO(&own);
  const bool is_known = sched_getaffinity(0, sizeof own, &own) == 0;
  std::vector<cpu_set_t> all(place_.ranks.size());
  check(calls().gather(&own, sizeof own, all.data(), host), "MPI_Allgather");
  calls().free(&host);
  if (is_known) take_core_share(all, place_.local_rank);
}

void Job::send(const std::string& message, int to) {
  if (message.size() > static_cast<std::size_t>(INT_MAX))
    throw Failure(kRunFailed, "a message to " + name(to) + " has more than 2 GiB; use more ranks");
  check(calls().send(message.data(), static_cast<int>(message.size()), to, kTag, messages_), "MPI_Send");
}

Communicator Job::communicator(const RankTeam& team) {
  const auto [place, is_new] = teams_.try_emplace({team.first, team.count}, 0);
  if (is_new) {
    check(calls().team(messages_, team.first, team.first + team.count - 1, kTag, &place->second),
          "MPI_Comm_create_group");
  }
  return place->second;
}

std::string Job::receive(int from) {
  constexpr int kLooks = 400;  // awake: some tens of microseconds
  for (int looks = 0;; ++looks) {
    Letter letter = 0;
    int size = 0;
    check(calls().probe(from, kTag, messages_, &letter, &size), "MPI_Improbe");
    if (size < 0) {
      if (looks < kLooks) {
        sched_yield();
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(looks < 2 * kLooks ? 50 : 1000));
      }
      continue;
    }
    std::string message(static_cast<std::size_t>(size), '\0');
    check(calls().receive(message.data(), size, letter), "MPI_Mrecv");
    return message;
  }
}

void Job::end() {
  check(calls().barrier(messages_), "MPI_Barrier");  // one that hangs is missed here
  if (pulse_) pulse_->stop();
  check(calls().barrier(messages_), "MPI_Barrier");  // nobody sends any more
  if (pulse_) pulse_->drain();
  for (auto& [team, communicator] : teams_) calls().free(&communicator);
  calls().free(&messages_);
  calls().free(&pulses_);
  check(calls().end(), "MPI_Finalize");
}

}  // namespace ppo::mpi
