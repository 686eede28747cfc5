// Says what went wrong in a launch, in one line.
#include "simt/execution.hpp"

namespace ppo::simt {
namespace {

std::string name(const Thread& thread) {
  return "block " + std::to_string(thread.block->index) + " thread " + std::to_string(thread.index);
}

std::string name(const Site* site) {
  if (site == nullptr) return "the beginning";
  return std::string(to_string(site->call)) + " at " + site->file + ":" + std::to_string(site->line);
}

const char* doing(State state) {
  switch (state) {
    case State::kReady:
    case State::kParked:
      return " looks, in ";
    case State::kWaiting:
      return " waits in ";
    case State::kEnded:
      return " ended after ";
  }
  return "";
}

}  // namespace

/// Where all threads are: for each place the first one, and how many more.
std::string Execution::list_threads() const {
  struct Place {
    const Thread* first;
    int count;
  };
  constexpr std::size_t kMostPlaces = 6;
  std::vector<Place> places;
  for (const Thread& thread : threads_) {
    std::size_t i = 0;
    while (i < places.size() &&
           (places[i].first->site != thread.site || places[i].first->state != thread.state)) {
      ++i;
    }
    if (i == places.size()) places.push_back({&thread, 0});
    ++places[i].count;
  }
  std::string text;
  for (std::size_t i = 0; i < places.size() && i < kMostPlaces; ++i) {
    const Thread& thread = *places[i].first;
    text += (i == 0 ? "" : "; ") + name(thread) +
            (places[i].count > 1 ? " (and " + std::to_string(places[i].count - 1) + " more)" : "") +
            doing(thread.state) + name(thread.site);
  }
  return text + (places.size() > kMostPlaces ? "; others elsewhere" : "");
}

std::string Execution::describe() const {
  const Failure& f = failure_;
  switch (f.kind) {
    case Failure::Kind::kNone:
    case Failure::Kind::kException:
      return "";
    case Failure::Kind::kDeadlock:
      return "deadlock: " + list_threads();
    case Failure::Kind::kNoProgress:
      return "no progress, nobody raises a counter any more: " + list_threads();
    case Failure::Kind::kEnded:
      return name(*f.thread) + " came to " + name(f.site) + ", which needs " + name(*f.other) +
             ", and that has ended";
    case Failure::Kind::kLeft:
      return name(*f.thread) + " ended, but " + name(*f.other) + " needs it in " + name(f.site);
    case Failure::Kind::kDiverged:
      return name(*f.thread) + " came to " + name(f.site) + ", but thread " + std::to_string(f.other->index) +
             " of its warp to " + name(f.other->site);
    case Failure::Kind::kGroupConflict:
      return name(*f.thread) + " came to " + name(f.thread->site) + ", but thread " +
             std::to_string(f.other->index) +
             " waits at the same barrier for another number of threads, in " + name(f.other->site);
    case Failure::Kind::kNotOfGroup:
      return name(*f.thread) + " is not of group " + std::to_string(f.numbers[0]) + " of " +
             std::to_string(f.numbers[1]) + " threads, in " + name(f.site);
    case Failure::Kind::kBadGroup:
      return name(*f.thread) + " asks for group " + std::to_string(f.numbers[0]) + " of " +
             std::to_string(f.numbers[1]) + " threads, which a block of " + std::to_string(shape_.threads) +
             " does not have, in " + name(f.site);
    case Failure::Kind::kBadLane:
      return name(*f.thread) + " reads lane " + std::to_string(f.numbers[0]) + " of 32, in " + name(f.site);
    case Failure::Kind::kArrivedTwice:
      return name(*f.thread) + " came to " + name(f.site) + ", but has not waited since " +
             name(f.thread->arrived);
    case Failure::Kind::kNotArrived:
      return name(*f.thread) + " came to " + name(f.site) + " without having arrived";
    case Failure::Kind::kBadRank:
      return name(*f.thread) + " asks for block " + std::to_string(f.numbers[0]) + " of a cluster of " +
             std::to_string(f.numbers[1]) + ", in " + name(f.site);
    case Failure::Kind::kNotShared:
      return name(*f.thread) + " asks for " + std::to_string(f.numbers[0]) +
             " bytes where its block has none in its shared memory, or not so aligned, in " + name(f.site);
    case Failure::Kind::kNotBegun:
      return name(*f.thread) + " came to " + name(f.site) + ", but block " + std::to_string(f.numbers[0]) +
             " has not begun";
    case Failure::Kind::kBlockEnded:
      return name(*f.thread) + " came to " + name(f.site) + ", but block " + std::to_string(f.numbers[0]) +
             " has ended";
    case Failure::Kind::kTooManySites:
      return name(*f.thread) + " came to a call site more than the emulator's table holds";
    case Failure::Kind::kSharedOverrun:
      return "block " + std::to_string(f.thread->block->index) + " wrote behind its " +
             std::to_string(shape_.shared_bytes) + " bytes of shared memory";
  }
  return "";
}

void Execution::rethrow() const {
  if (exception_) std::rethrow_exception(exception_);
  if (failure_.kind == Failure::Kind::kNone) return;
  throw SimtError("simt: " + describe() + " [seed " + std::to_string(schedule_.seed) + "]");
}

}  // namespace ppo::simt
