// What a training run shows: a start line, its progress, a summary.
#pragma once

#include <filesystem>
#include <optional>

#include "engine.hpp"
#include "run/records.hpp"

namespace ppo {

/// Writes to stdout: on a terminal one line that renews itself, otherwise a line every log_every updates.
class Terminal : public MetricsSink {
 public:
  Terminal(const Config& config, bool quiet);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();  // leaves a live line that an error has cut short

  void start(const EngineInfo& engine);
  void update(std::span<const Record> agents, const Timing& timing) override;
  void summary(const Outcome& outcome, const std::optional<std::filesystem::path>& folder);
  void made(std::string_view what, const std::filesystem::path& file);

 private:
  void live_line(std::span<const Record> agents, const Timing& timing);
  void plain_line(std::span<const Record> agents, const Timing& timing);

  Config config_;
  const EnvironmentInfo& environment_;
  bool quiet_;
  bool is_terminal_;
  bool live_ = false;       // the cursor stands in a live line
  double next_live_s_ = 0;  // the live line renews itself at most ten times a second
};

}  // namespace ppo
