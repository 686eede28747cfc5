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

std::uint64_t program_hash() {
  const std::string bytes = read_file("/proc/self/exe", std::size_t{1} << 32);
  return fnv1a(bytes.data(), bytes.size(), kFnvOffset);
}

}  // namespace

void check(int result, const char* call) {
  if (result == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(result, text.data(), &length);
  end_process(fmt::format("{}: {}", call, text.data()));
}

Job::Job(std::uint64_t arguments) {
  int provided = 0;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "MPI_Init_thread");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "MPI_Comm_rank");
  check(MPI_Comm_dup(MPI_COMM_WORLD, &messages_), "MPI_Comm_dup");
  check(MPI_Comm_dup(MPI_COMM_WORLD, &pulses_), "MPI_Comm_dup");
  name_ranks();
  check_programs(arguments);
  find_place();
  if (size() == 1) return;
  if (provided == MPI_THREAD_MULTIPLE) {
    pulse_.emplace(pulses_, rank_, names_);
  } else if (rank_ == 0) {
    say_note("this MPI serves one thread only, so that a rank that hangs will not be missed");
  }
}

void Job::name_ranks() {
  using Name = std::array<char, MPI_MAX_PROCESSOR_NAME>;
  int size = 0;
  check(MPI_Comm_size(MPI_COMM_WORLD, &size), "MPI_Comm_size");
  Name own{};
  int length = 0;
  check(MPI_Get_processor_name(own.data(), &length), "MPI_Get_processor_name");
  std::vector<Name> all(static_cast<std::size_t>(size));
  check(MPI_Allgather(own.data(), sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, messages_),
        "MPI_Allgather");
  for (int rank = 0; rank < size; ++rank) {
    names_.push_back(fmt::format("rank {} on {}", rank, all[static_cast<std::size_t>(rank)].data()));
  }
}

void Job::check_programs(std::uint64_t arguments) const {
  using Hashes = std::array<std::uint64_t, 2>;
  const Hashes own = {program_hash(), arguments};
  std::vector<Hashes> all(names_.size());
  check(MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, messages_),
        "MPI_Allgather");
  const auto other = std::ranges::find_if(all, [&](const Hashes& each) { return each != all[0]; });
  if (other == all.end()) return;
  MPI_Finalize();
  if (rank_ > 0) _exit(kDone);  // rank 0 says why
  const std::string which = name(static_cast<int>(other - all.begin()));
  if ((*other)[0] != all[0][0])
    throw Failure(kRunFailed, fmt::format("{} runs another {} than {}; install the same file on all hosts",
                                          which, program_name(), name(0)));
  throw Failure(
      kRunFailed,
      fmt::format("{} has other arguments than {}; for runs of their own write --no-mpi", which, name(0)));
}

void Job::find_place() {
  MPI_Comm host = MPI_COMM_NULL;
  check(MPI_Comm_split_type(messages_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &host),
        "MPI_Comm_split_type");
  int local_ranks = 0;
  check(MPI_Comm_rank(host, &place_.local_rank), "MPI_Comm_rank");
  check(MPI_Comm_size(host, &local_ranks), "MPI_Comm_size");
  place_.ranks.resize(static_cast<std::size_t>(local_ranks));
  check(MPI_Allgather(&rank_, 1, MPI_INT, place_.ranks.data(), 1, MPI_INT, host), "MPI_Allgather");
  cpu_set_t own;
  CPU_ZERO(&own);
  const bool is_known = sched_getaffinity(0, sizeof own, &own) == 0;
  std::vector<cpu_set_t> all(place_.ranks.size());
  check(MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, host), "MPI_Allgather");
  MPI_Comm_free(&host);
  if (is_known) take_core_share(all, place_.local_rank);
}

void Job::send(const std::string& message, int to) {
  if (message.size() > static_cast<std::size_t>(INT_MAX))
    throw Failure(kRunFailed, "a message to " + name(to) + " has more than 2 GiB; use more ranks");
  check(MPI_Send(message.data(), static_cast<int>(message.size()), MPI_BYTE, to, kTag, messages_),
        "MPI_Send");
}

MPI_Comm Job::communicator(const RankTeam& team) {
  const auto [place, is_new] = teams_.try_emplace({team.first, team.count}, MPI_COMM_NULL);
  if (!is_new) return place->second;
  MPI_Group all = MPI_GROUP_NULL;
  MPI_Group members = MPI_GROUP_NULL;
  int range[1][3] = {{team.first, team.first + team.count - 1, 1}};
  check(MPI_Comm_group(messages_, &all), "MPI_Comm_group");
  check(MPI_Group_range_incl(all, 1, range, &members), "MPI_Group_range_incl");
  check(MPI_Comm_create_group(messages_, members, kTag, &place->second), "MPI_Comm_create_group");
  MPI_Group_free(&members);
  MPI_Group_free(&all);
  return place->second;
}

std::string Job::receive(int from) {
  constexpr int kLooks = 400;  // awake: some tens of microseconds
  for (int looks = 0;; ++looks) {
    int is_there = 0;
    MPI_Message handle = MPI_MESSAGE_NULL;
    MPI_Status status;
    check(MPI_Improbe(from, kTag, messages_, &is_there, &handle, &status), "MPI_Improbe");
    if (is_there == 0) {
      if (looks < kLooks) {
        sched_yield();
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(looks < 2 * kLooks ? 50 : 1000));
      }
      continue;
    }
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    std::string message(static_cast<std::size_t>(size), '\0');
    check(MPI_Mrecv(message.data(), size, MPI_BYTE, &handle, &status), "MPI_Mrecv");
    return message;
  }
}

void Job::end() {
  check(MPI_Barrier(messages_), "MPI_Barrier");  // one that hangs is missed here
  if (pulse_) pulse_->stop();
  check(MPI_Barrier(messages_), "MPI_Barrier");  // nobody sends any more
  if (pulse_) pulse_->drain();
  for (auto& [team, communicator] : teams_) MPI_Comm_free(&communicator);
  MPI_Comm_free(&messages_);
  MPI_Comm_free(&pulses_);
  check(MPI_Finalize(), "MPI_Finalize");
}

}  // namespace ppo::mpi
