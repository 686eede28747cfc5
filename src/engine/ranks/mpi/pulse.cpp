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

Pulse::Pulse(Communicator communicator, int rank, const std::vector<std::string>& names)
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
  for (int to = first_; to < end_; ++to) calls().send_pulse(to, kTag, communicator_);
}

void Pulse::listen(double passed) {
  for (int rank = first_; rank < end_; ++rank) {
    double& silence = silence_[static_cast<std::size_t>(rank)];
    silence = hears(rank) ? 0 : silence + passed;
    if (silence >= kMostSilence) miss(rank);
  }
}

bool Pulse::hears(int rank) const {
  for (bool is_any = false;; is_any = true) {
    Letter letter = 0;
    int size = 0;
    char pulse = 0;
    if (calls().probe(rank, kTag, communicator_, &letter, &size) != 0 || size < 0) return is_any;
    calls().receive(&pulse, size, letter);
  }
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
