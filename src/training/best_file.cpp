#include "training/best_file.hpp"

#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "terminal/messages.hpp"

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

void BestFile::say_failure() {
  std::optional<std::string> failure;
  {
    const std::lock_guard lock(mutex_);
    failure = failure_;
  }
  if (failure && !told_) say_note(*failure + "; training continues without the best policies on disk");
  told_ = failure.has_value();
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
    std::optional<std::string> failure;
    try {
      folder_.save_best(bytes);
    } catch (const std::bad_alloc&) {
      failure = "there is not enough memory for the best policies";
    } catch (const std::exception& error) {
      failure = error.what();
    }
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
}

}  // namespace ppo
