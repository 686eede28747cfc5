// Keeps best.safetensors up to date from another thread: training need not wait for the disk.
#pragma once

#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "run/run_folder.hpp"

namespace ppo {

/// A run goes on without a version that cannot be written, which a note says once.
class BestFile {
 public:
  explicit BestFile(const RunFolder& folder) : folder_(folder) {}

  /// Replaces the file soon; of versions that come while one is being written, only the latest.
  void replace(std::string bytes);

  /// Says so if the latest version that has been tried could not be written.
  void say_failure();

  /// Until nothing is being written.
  void wait();

  /// Why the file is not of the latest version, if so; known after wait.
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  /// What the other thread does until there is nothing more to write.
  void write_all();

  const RunFolder& folder_;
  std::mutex mutex_;                 // of next_, is_writing_ and failure_
  std::optional<std::string> next_;  // to be written
  bool is_writing_ = false;
  std::optional<std::string> failure_;
  bool told_ = false;
  std::future<void> writing_;
};

}  // namespace ppo
