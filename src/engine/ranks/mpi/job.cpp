#include "engine/ranks/mpi/job.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <climits>
#include <cstdint>

#include "engine/ranks/core_share.hpp"
#include "ppo/hash.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/read_file.hpp"

namespace ppo::mpi {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kTag = 1;
constexpr auto kBetweenPulses = std::chrono::seconds(1);
constexpr double kMostSilence = 20;  // of a rank that is waited for [s]

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
  throw Failure(kRunFailed, fmt::format("{}: {}", call, text.data()));
}

/// Waits for others as long as those live that this rank hears of: rank 0 of all, all of rank 0, which ends
/// the job where it misses one. `awake`, as data only moves while somebody looks; or soon in naps.
class Job::Patience {
 public:
  enum class Kind { awake, napping };

  Patience(Job& job, Kind kind) : job_(job), kind_(kind), silence_(job.names_.size()) {}

  void wait() {
    constexpr int kLooks = 400;  // some tens of microseconds
    if (kind_ == Kind::awake || ++looks_ < kLooks) {
      sched_yield();
    } else {
      std::this_thread::sleep_for(looks_ < 2 * kLooks ? std::chrono::microseconds(50) : milliseconds(1));
    }
    watch();
  }

 private:
  void watch() {
    const double passed = std::chrono::duration<double>(Clock::now() - last_).count();
    if (passed < 0.1) return;
    last_ = Clock::now();
    for (int rank = job_.first_heard(); rank < job_.heard_end(); ++rank) {
      // A process that was itself stopped for a while has not listened.
      double& silence = silence_[static_cast<std::size_t>(rank)];
      silence = job_.takes_pulses_of(rank) ? 0 : silence + std::min(passed, 0.5);
      if (silence < kMostSilence) continue;
      job_.is_lost_ = true;
      throw Failure(kRunFailed, fmt::format("{} has not answered for {} s, so the job ends", job_.name(rank),
                                            kMostSilence));
    }
  }

  Job& job_;
  const Kind kind_;
  int looks_ = 0;
  std::vector<double> silence_;  // of each rank [s]
  Clock::time_point last_ = Clock::now();
};

Job::Job() {
  int provided = 0;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "MPI_Init_thread");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "MPI_Comm_rank");
  check(MPI_Comm_dup(MPI_COMM_WORLD, &messages_), "MPI_Comm_dup");
  check(MPI_Comm_dup(MPI_COMM_WORLD, &pulses_), "MPI_Comm_dup");
  has_pulses_ = provided == MPI_THREAD_MULTIPLE;
  name_ranks();
  check_programs();
  find_place();
  if (has_pulses_ && size() > 1) pulse_ = std::thread([this] { send_pulses(); });
}

Job::~Job() {
  is_over_ = true;
  if (pulse_.joinable()) pulse_.join();
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

void Job::check_programs() const {
  const std::uint64_t own = program_hash();
  std::vector<std::uint64_t> all(names_.size());
  check(MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, messages_),
        "MPI_Allgather");
  for (int rank = 0; rank < size(); ++rank) {
    if (all[static_cast<std::size_t>(rank)] == all[0]) continue;
    MPI_Finalize();
    if (rank_ > 0) _exit(kRunFailed);  // rank 0 says why
    throw Failure(kRunFailed, fmt::format("{} runs another {} than {}; install the same file on all hosts",
                                          name(rank), program_name(), name(0)));
  }
}

void Job::find_place() {
  MPI_Comm host = MPI_COMM_NULL;
  check(MPI_Comm_split_type(messages_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &host),
        "MPI_Comm_split_type");
  check(MPI_Comm_rank(host, &place_.local_rank), "MPI_Comm_rank");
  check(MPI_Comm_size(host, &place_.local_ranks), "MPI_Comm_size");
  cpu_set_t own;
  CPU_ZERO(&own);
  const bool is_known = sched_getaffinity(0, sizeof own, &own) == 0;
  std::vector<cpu_set_t> all(static_cast<std::size_t>(place_.local_ranks));
  check(MPI_Allgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE, host), "MPI_Allgather");
  MPI_Comm_free(&host);
  if (is_known) take_core_share(all, place_.local_rank);
}

void Job::send_pulses() {
  constexpr char kPulse = 0;
  for (auto next = Clock::now(); !is_over_; std::this_thread::sleep_for(milliseconds(20))) {
    if (Clock::now() < next) continue;
    next = Clock::now() + kBetweenPulses;
    for (int to = first_heard(); to < heard_end(); ++to) {
      MPI_Request request = MPI_REQUEST_NULL;
      MPI_Isend(&kPulse, 1, MPI_BYTE, to, kTag, pulses_, &request);
      if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);
    }
  }
}

bool Job::takes_pulses_of(int rank) const {
  if (!has_pulses_) return true;  // which nobody sends
  bool is_any = false;
  for (int is_there = 1; is_there != 0;) {
    is_there = 0;
    char pulse = 0;
    if (MPI_Iprobe(rank, kTag, pulses_, &is_there, MPI_STATUS_IGNORE) != MPI_SUCCESS) return is_any;
    if (is_there == 0) break;
    MPI_Recv(&pulse, 1, MPI_BYTE, rank, kTag, pulses_, MPI_STATUS_IGNORE);
    is_any = true;
  }
  return is_any;
}

void Job::send(const std::string& message, int to) {
  if (message.size() > static_cast<std::size_t>(INT_MAX))
    throw Failure(kRunFailed, "a message to " + name(to) + " has more than 2 GiB; use more ranks");
  MPI_Request request = MPI_REQUEST_NULL;
  check(MPI_Isend(message.data(), static_cast<int>(message.size()), MPI_BYTE, to, kTag, messages_, &request),
        "MPI_Isend");
  wait(request);
}

void Job::wait(MPI_Request& request) {
  Patience patience(*this, Patience::Kind::awake);
  for (int is_done = 0;;) {
    check(MPI_Test(&request, &is_done, MPI_STATUS_IGNORE), "MPI_Test");
    if (is_done != 0) return;
    patience.wait();
  }
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
  Patience patience(*this, Patience::Kind::napping);
  for (;;) {
    int is_there = 0;
    MPI_Message handle = MPI_MESSAGE_NULL;
    MPI_Status status;
    check(MPI_Improbe(from, kTag, messages_, &is_there, &handle, &status), "MPI_Improbe");
    if (is_there == 0) {
      patience.wait();
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
  is_over_ = true;
  if (pulse_.joinable()) pulse_.join();
  check(MPI_Barrier(messages_), "MPI_Barrier");  // nobody sends any more
  for (int rank = 0; rank < size(); ++rank) static_cast<void>(takes_pulses_of(rank));
  for (auto& [team, communicator] : teams_) MPI_Comm_free(&communicator);
  MPI_Comm_free(&messages_);
  MPI_Comm_free(&pulses_);
  check(MPI_Finalize(), "MPI_Finalize");
}

}  // namespace ppo::mpi
