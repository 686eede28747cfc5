#include "engine/cpu/team_size.hpp"

#include <algorithm>
#include <utility>

namespace ppo {
namespace {

/// Long enough to see what another program takes: a scheduler hands out a core in turns of 3 to 6 ms.
constexpr double kPart = 0.012;  // [s]

/// A size must be so much faster to be taken: less may be chance.
constexpr double kFaster = 0.97;

/// A look goes on past sizes that are hardly slower, as there may be more threads than there is work for;
/// past one that is slower, as two programs may be in the way; and past none that is much slower.
constexpr double kHardlySlower = 1.05;
constexpr double kMuchSlower = 1.15;
constexpr int kSlowerSizes = 2;

/// A speed that has changed so much asks for a look.
constexpr double kChange = 1.3;

/// Looks are so many times apart as they cost, if the speed has changed or not, and so far at least. The
/// pause doubles as long as nothing comes of them.
constexpr double kCostsIfChanged = 12;
constexpr double kCosts = 25;
constexpr double kLeastPause = 0.25;  // [s]
constexpr double kMostPause = 2;      // [s]

/// Every size up to 12, then at most 12 % apart; also one and two less than all, for as many other programs.
std::vector<int> sizes_up_to(int most) {
  std::vector<int> sizes;
  for (int size = most; size >= 1;) {
    sizes.push_back(size);
    size = size > most - 2 || size <= 12 ? size - 1 : std::max(size * 22 / 25, 12);
  }
  std::ranges::reverse(sizes);
  return sizes;
}

}  // namespace

TeamSize::TeamSize(int most, int first)
    : sizes_(sizes_up_to(most)),
      at_(static_cast<std::size_t>(std::ranges::lower_bound(sizes_, first) - sizes_.begin())),
      look_(look_from_here()),
      pause_s_(kLeastPause) {}

void TeamSize::add(double seconds, double work) {
  seconds_ += seconds;
  thread_seconds_ += seconds * current();
  if (sizes_.size() == 1) return;
  if (looks_) {
    look_.all.seconds += seconds;
    look_.all.work += work;
  } else {
    settled_s_ += seconds;
  }
  // The first time, a new thread wakes up and its cache is empty.
  if (std::exchange(is_new_, false) && seconds < kPart / 4) return;
  part_.seconds += seconds;
  part_.work += work;
  if (part_.seconds < kPart) return;
  const double rate = std::exchange(part_, {}).rate();
  if (looks_) {
    judge(rate);
  } else if (is_due(rate)) {  // and begins with the next part: this one may have asked for it by being slow
    looks_ = true;
    look_ = look_from_here();
  }
}

/// Of the size in use: what to try next.
void TeamSize::judge(double rate) {
  if (look_.checks) {
    if (look_.best_rate >= kFaster * rate) {
      look_.best = look_.from;
      look_.best_rate = rate;
    }
    return settle();
  }
  const bool is_first = look_.best_rate == 0;
  if (is_first || rate < kFaster * look_.best_rate) {
    look_.best = at_;
    look_.best_rate = rate;
    look_.slower = 0;
  } else if (rate > kHardlySlower * look_.best_rate) {
    const bool is_much = rate > kMuchSlower * look_.best_rate;
    if ((++look_.slower == kSlowerSizes || is_much) && !turn()) return finish();
  }
  if (next() == at_ && !turn()) return finish();
  at_ = next();
  is_new_ = true;
}

/// To the larger sizes, if none of the smaller is faster. False: that was all.
bool TeamSize::turn() {
  if (!look_.goes_down || look_.best != look_.from) return false;
  look_.goes_down = false;
  look_.slower = 0;
  at_ = look_.best;
  return next() != at_;
}

std::size_t TeamSize::next() const {
  if (look_.goes_down) return at_ > 0 ? at_ - 1 : at_;
  return at_ + 1 < sizes_.size() ? at_ + 1 : at_;
}

/// Before the first look takes another size, the one it began with is tried once more: when a process starts,
/// the scheduler has yet to give each thread a core.
void TeamSize::finish() {
  const bool is_first_look = usual_rate_ == 0;
  if (look_.best == look_.from || !is_first_look) return settle();
  look_.checks = true;
  at_ = look_.from;
  is_new_ = true;
}

void TeamSize::settle() {
  looks_ = false;
  is_new_ = at_ != look_.best;
  at_ = look_.best;
  usual_rate_ = recent_rate_ = look_.best_rate;
  settled_s_ = 0;
  cost_s_ = std::max(look_.all.seconds - look_.all.work * look_.best_rate, 0.0);
  pause_s_ = look_.best == look_.from ? std::min(2 * pause_s_, kMostPause) : kLeastPause;
}

/// Whether it is time for a look.
bool TeamSize::is_due(double rate) {
  recent_rate_ = (recent_rate_ + rate) / 2;
  const double change = recent_rate_ / usual_rate_;
  const bool is_changed = change > kChange || change * kChange < 1;
  return settled_s_ > kCostsIfChanged * cost_s_ &&
         (is_changed || (settled_s_ > pause_s_ && settled_s_ > kCosts * cost_s_));
}

}  // namespace ppo
