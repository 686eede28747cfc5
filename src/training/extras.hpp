// The extras of a training run: films and the report.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "film/film.hpp"
#include "run/run_folder.hpp"
#include "run/train_request.hpp"
#include "training/pause.hpp"
#include "training/view.hpp"

namespace ppo {

/// The first agent at the moments of training that --render-training shows: none where it is not asked for.
/// Those before `first_update`, with which a resumed run goes on, are lost.
class Snapshots : public Pause {
 public:
  Snapshots(const TrainRequest& request, std::int64_t first_update);

  std::int64_t next(std::int64_t) const override {
    return moments_.empty() ? kNever : moments_.front().update;
  }
  void take(Engine& engine, std::int64_t update) override;

  /// Those before that update.
  std::vector<Snapshot> taken(std::int64_t before) const;

 private:
  struct Moment {
    double percent;
    std::int64_t update;
  };
  std::deque<Moment> moments_;                            // that are to come
  std::vector<std::pair<std::int64_t, Snapshot>> taken_;  // by update
};

/// A run as it has ended and been saved.
struct EndedRun {
  const TrainRequest& request;
  const Engine& engine;
  const Snapshots& snapshots;
  std::int64_t updates;                           // that the first agent made
  const RunFolder* folder;                        // nullptr with --no-out
  std::optional<std::int64_t> checkpoint;         // the update of the newest, if there is one
  std::optional<std::string> checkpoint_failure;  // why the last one is missing, if it is
  std::optional<std::string> best_failure;        // why best.safetensors is missing or older, if it is
  std::optional<std::string> events_failure;      // why TensorBoard's events end early, if they do
  bool diverged = false;                          // then there is no agent to film
};

/// Makes what the request asks for and says where it is. What fails does not keep the rest from being made;
/// throws Failure in the end, which names all that has failed. After a stop signal nothing more is made.
void make_extras(const EndedRun& run, TrainingView& view);

}  // namespace ppo
