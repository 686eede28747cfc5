// Keeps best.safetensors up to date from another thread: training need not wait for the disk.
#pragma once

#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "run/run_folder.hpp"

namespace ppo {

class BestFile {
 public:
  explicit BestFile(const RunFolder& folder) : folder_(folder) {}

  /// Replaces the file soon; of versions that come while one is being written, only the latest. Throws
  /// Failure when an earlier one could not be written.
  void replace(std::string bytes);

  /// Until the latest version is written. Throws Failure when it could not be.
  void wait();

 private:
  /// What the other thread does until there is nothing more to write.
  void write_all();

  const RunFolder& folder_;
  std::mutex mutex_;
  std::optional<std::string> next_;  // to be written
  bool is_writing_ = false;
  std::future<void> writing_;
};

}  // namespace ppo
