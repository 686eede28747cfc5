// What a training run prints: a start line, its progress and a summary.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "run/records.hpp"
#include "run/train_request.hpp"
#include "terminal/screen.hpp"
#include "training/return_curve.hpp"

namespace ppo {

/// Writes to stdout: on a terminal one line that renews itself, otherwise a line every log_every updates. On
/// a terminal all is in colour and fits its width. Or, where the request says so, the return as a curve.
class TrainingView : public MetricsSink {
 public:
  explicit TrainingView(const TrainRequest& request);
  TrainingView(const TrainingView&) = delete;
  TrainingView& operator=(const TrainingView&) = delete;
  ~TrainingView();  // leaves a live line that an error has cut short

  /// `resumed_at`: the update that a resumed run goes on with.
  void start(const EngineInfo& engine, std::optional<std::int64_t> resumed_at = {});
  void update(std::span<const Record> agents, const Timing& timing) override;
  void evaluated(std::span<const EvalRecord> agents) override;
  /// `has_checkpoint`: one can go on with the run.
  void summary(const Outcome& outcome, const std::optional<std::filesystem::path>& folder,
               bool has_checkpoint);
  void made(std::string_view what, const std::filesystem::path& file);

 private:
  /// "label    text", wrapped at `width` columns.
  void show(const std::string& label, const std::string& text, std::size_t width) const;
  void end_live_line();
  void start_line(const EngineInfo& engine) const;
  void live_line(std::span<const Record> agents, const Timing& timing);
  void plain_line(std::span<const Record> agents, const Timing& timing);
  /// "▕██████    ▏  62 % " if there is room for it beside `text`, else nothing.
  std::string progress_bar(double share, const std::string& text, std::size_t room);
  /// The latest of each agent, also of those that are done.
  std::string evaluations() const;
  /// Some may be done while others train.
  bool agents_stop() const;
  /// "3 of 10", where the others have records.
  std::string number_stopped(std::span<const Record> agents) const;

  Config config_;
  const EnvironmentInfo& environment_;
  bool quiet_;
  bool draws_curve_;
  Screen screen_;
  Style style_;
  std::optional<ReturnCurve> curve_;  // from the start on, if it draws one
  std::vector<double> evaluations_;   // [K] mean return of the latest; NaN: none
  bool live_ = false;                 // the cursor stands in a live line
  double next_live_s_ = 0;            // the live line renews itself at most ten times a second
  std::size_t longest_live_ = 0;      // text of a live line so far [columns]
};

}  // namespace ppo
