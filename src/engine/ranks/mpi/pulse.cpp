#include "engine/ranks/mpi/pulse.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "system/errors.hpp"
#include "terminal/messages.hpp"

namespace ppo::mpi {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTag = 2;
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr int kLooksAPulse = 10;
constexpr double kMostSilence = 20;  // [s]

}  // namespace

Pulse::Pulse(MPI_Comm communicator, int rank, const std::vector<std::string>& names)
    : communicator_(communicator),
      rank_(rank),
      names_(names),
      first_(rank == 0 ? 1 : 0),
      end_(rank == 0 ? static_cast<int>(names.size()) : 1),
      silence_(names.size()) {
  try {
    thread_ = std::thread([this] { live(); });
  } catch (const std::system_error& error) {
    throw Failure(kRunFailed, std::string("cannot start a thread: ") + error.what());
  }
}

void Pulse::stop() {
  is_over_ = true;
  if (thread_.joinable()) thread_.join();
}

void Pulse::drain() {
  for (int rank = first_; rank < end_; ++rank) static_cast<void>(hears(rank));
}

void Pulse::live() {
  Clock::time_point last = Clock::now();
  for (int look = 0; !is_over_; ++look) {
    if (look % kLooksAPulse == 0) send();
    std::this_thread::sleep_for(kLook);
    const Clock::time_point now = Clock::now();
    // A process that was itself stopped for a while has not listened.
    listen(std::min(std::chrono::duration<double>(now - last).count(), 0.5));
    last = now;
  }
}

void Pulse::send() const {
  constexpr char kPulse = 0;
  for (int to = first_; to < end_; ++to) {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Isend(&kPulse, 1, MPI_BYTE, to, kTag, communicator_, &request);
    if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);
  }
}

void Pulse::listen(double passed) {
  for (int rank = first_; rank < end_; ++rank) {
    double& silence = silence_[static_cast<std::size_t>(rank)];
    silence = hears(rank) ? 0 : silence + passed;
    if (silence >= kMostSilence) miss(rank);
  }
}

bool Pulse::hears(int rank) const {
  bool is_any = false;
  for (int is_there = 1; is_there != 0;) {
    is_there = 0;
    char pulse = 0;
    if (MPI_Iprobe(rank, kTag, communicator_, &is_there, MPI_STATUS_IGNORE) != MPI_SUCCESS) return is_any;
    if (is_there == 0) break;
    MPI_Recv(&pulse, 1, MPI_BYTE, rank, kTag, communicator_, MPI_STATUS_IGNORE);
    is_any = true;
  }
  return is_any;
}

void Pulse::miss(int rank) const {
  if (rank_ > 1) {  // all of them miss rank 0: one line is enough
    std::this_thread::sleep_for(std::chrono::seconds(2));
    _exit(kRunFailed);
  }
  end_process(fmt::format("{} has not answered for {} s, so the job ends",
                          names_[static_cast<std::size_t>(rank)], kMostSilence));
}

}  // namespace ppo::mpi
