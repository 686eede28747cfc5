// Event files for TensorBoard, with the tags of CleanRL's ppo.py, and for evaluations those of
// Stable-Baselines3.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "run/records.hpp"
#include "system/files.hpp"

namespace ppo {

/// One file an agent: in the run folder, of several agents in its folder seed<seed>. A run is worth more than
/// its events: when they cannot be written, it goes on without.
class TensorBoardSink : public MetricsSink {
 public:
  /// Creates the files with the config. Of a run that goes on with the update `resumed_at` they tell
  /// TensorBoard to forget what older files say of that update and later ones.
  TensorBoardSink(const std::filesystem::path& folder, const Config& config,
                  std::optional<std::int64_t> resumed_at = {});

  /// Adds an event of all numbers to each file, until one cannot be written.
  void update(std::span<const Record> agents, const Timing& timing) override;
  void evaluated(std::span<const EvalRecord> agents) override;

  /// Why events are missing, if they are.
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  void create_files(const std::filesystem::path& folder, const Config& config,
                    std::optional<std::int64_t> resumed_at);
  /// Remembers why writing fails; from then on does nothing.
  template <class Write>
  void attempt(Write write);

  std::deque<GrowingFile> files_;  // [K]
  std::optional<std::string> failure_;
};

}  // namespace ppo
