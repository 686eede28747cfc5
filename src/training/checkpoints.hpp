// Decides when to save checkpoints: at the first update, every so many updates, every 30 s, and at the end.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "formats/safetensors.hpp"
#include "run/records.hpp"
#include "run/run_folder.hpp"
#include "system/stopwatch.hpp"
#include "training/pause.hpp"

namespace ppo {

/// The engine stands still while its state is copied; another thread writes it. A run goes on without a
/// checkpoint that cannot be written, which a note says once.
class Checkpoints : public Pause {
 public:
  static constexpr double kUsualSeconds = 30;

  /// `saved_at` is the update of the checkpoint that the run goes on from, if there is one.
  Checkpoints(RunFolder& folder, const Config& config, const Outcome& outcome,
              std::optional<std::int64_t> saved_at, double every_seconds = kUsualSeconds);
  ~Checkpoints() override { wait(); }

  std::int64_t next(std::int64_t now) const override;

  /// The outcome must have come as far as the engine.
  void take(Engine& engine, std::int64_t update) override;

  /// Saves the end of the run, unless that has been done.
  void take_last(const Engine& engine);

  /// Until nothing is being written.
  void wait();

  /// Why the latest checkpoint is missing, or older ones are still there, if so; known after wait.
  const std::optional<std::string>& failure() const { return failure_; }

  /// The update of the newest that is saved, if one is; known after wait.
  std::optional<std::int64_t> newest() const { return newest_; }

 private:
  static constexpr std::int64_t kNotYet = -1;

  struct Written {
    bool is_saved = false;
    std::optional<std::string> failure = {};  // of saving it or, if it is saved, of removing older ones
  };

  void save(const Engine& engine, std::int64_t update);
  void end(Written written);
  void write(std::int64_t update, SafeTensorsImage copy);

  RunFolder& folder_;
  const Config& config_;
  const Outcome& outcome_;
  double every_seconds_;
  std::int64_t taken_at_;  // the latest, or kNotYet
  Stopwatch since_;
  std::future<Written> writing_;  // that of taken_at_
  std::optional<std::string> failure_;
  bool told_ = false;
  std::optional<std::int64_t> newest_;
};

}  // namespace ppo
