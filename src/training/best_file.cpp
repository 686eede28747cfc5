#include "training/best_file.hpp"

#include <system_error>
#include <utility>

namespace ppo {

void BestFile::replace(std::string bytes) {
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(bytes);
    if (std::exchange(is_writing_, true)) return;
  }
  wait();  // for a thread that has nothing more to do
  try {
    writing_ = std::async(std::launch::async, [this] { write_all(); });
  } catch (const std::system_error&) {  // there can be no more threads
    write_all();
  }
}

void BestFile::wait() {
  if (writing_.valid()) writing_.get();
}

void BestFile::write_all() {
  for (;;) {
    std::string bytes;
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = next_.has_value();
      if (!is_writing_) return;
      bytes = std::move(*next_);
      next_.reset();
    }
    try {
      folder_.save_best(bytes);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;  // so that the next version meets the failure
      throw;
    }
  }
}

}  // namespace ppo
