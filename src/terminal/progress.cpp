#include "terminal/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "system/text.hpp"

namespace ppo {

Progress::Progress(std::string doing, std::string things, std::int64_t total)
    : screen_(STDERR_FILENO), doing_(std::move(doing)), things_(std::move(things)), total_(total) {}

void Progress::advance(std::int64_t count) {
  done_ += count;
  if (!screen_.can_renew() || watch_.seconds() < next_s_) return;
  next_s_ = watch_.seconds() + 0.1;
  show();
}

void Progress::show() {
  const auto percent = static_cast<int>(100.0 * static_cast<double>(done_) / static_cast<double>(total_));
  const std::string line = doing_ + ' ' + grouped(done_) + " of " + grouped(total_) + ' ' + things_ + " | " +
                           std::to_string(percent) + " %";
  // A wrapped line could not be renewed.
  std::fprintf(stderr, "\r\033[K%s", cut(line, screen_.columns() - 1).c_str());
  shown_ = true;
}

void Progress::hide() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

}  // namespace ppo
