// Evaluates the agents of a run while they train: keeps the best policies, and lets those be done that are
// good enough.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluator.hpp"
#include "run/records.hpp"
#include "run/run_folder.hpp"
#include "training/best_file.hpp"
#include "training/pause.hpp"

namespace ppo {

/// An agent is evaluated every eval_every updates and when it is done, always by the same episodes, which
/// `eval --seed 1` plays, too. While the CUDA engine trains on, the host plays, unless agents may be done by
/// the evaluation. One of the update that the run ends before is given up when a stop signal comes: nothing
/// of it is kept, so that the resumed run makes it. What an agent does here never depends on other agents or
/// on the length of the run: so the evaluation after the last update is left to take_last; a run that is
/// extended does not need it.
class Evaluations : public Pause {
 public:
  static constexpr std::uint64_t kSeed = 1;  // of the episodes; `eval` has 0

  /// For a run that is evaluated or has stop_at_return. `folder` may be nullptr. Throws as Evaluator.
  Evaluations(const Config& config, const EngineInfo& engine, Outcome& outcome,
              std::vector<MetricsSink*> sinks, const RunFolder* folder);

  std::int64_t next(std::int64_t now) const override;
  void take(Engine& engine, std::int64_t update) override;
  void settle() override;

  /// After the last update, and once the last checkpoint is copied.
  void take_last(Engine& engine);

  /// A signal has kept it from making an evaluation that was due, or from ending it.
  bool has_given_up() const { return has_given_up_; }

  /// Until best.safetensors is written, which is tried again if it could not be.
  void save_best();

  /// Why it could not be, if so; known after save_best.
  std::optional<std::string> failure() const;

 private:
  /// Policies that play.
  struct Evaluation {
    std::int64_t update = 0;
    std::vector<std::int64_t> agents;
    std::vector<TrainedPolicy> policies;     // [agents]
    std::vector<EpisodeStatistics> results;  // [agents]
  };

  std::vector<std::int64_t> agents_in_training() const;
  /// Those whose return_100 has reached stop_at_return.
  std::vector<std::int64_t> reached_in_training() const;
  /// Those whose latest evaluation has.
  std::vector<std::int64_t> reached_in_evaluation() const;
  void evaluate(const Engine& engine, std::int64_t update, const std::vector<std::int64_t>& agents,
                bool in_background);
  /// Returns false where it was given up.
  bool play();
  void record(bool is_complete);

  const Config& config_;
  const EvaluationPlan& plan_;
  Outcome& outcome_;
  std::vector<MetricsSink*> sinks_;
  std::optional<BestFile> best_file_;
  std::optional<Evaluator> evaluator_;  // of a run that is evaluated
  EvalOptions options_;
  bool may_play_beside_;  // training
  std::int64_t taken_at_;
  Evaluation latest_;
  std::atomic<bool> may_give_up_ = true;  // the latest: training has not gone on without its results
  bool has_given_up_ = false;
  std::future<bool> playing_;  // the latest, in the background
};

}  // namespace ppo
