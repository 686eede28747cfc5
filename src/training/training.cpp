#include "training/training.hpp"

#include <string>
#include <vector>

#include "run/checkpoint_files.hpp"
#include "run/policy_hash.hpp"
#include "run/tensorboard.hpp"
#include "system/errors.hpp"
#include "terminal/messages.hpp"
#include "training/checkpoints.hpp"
#include "training/divergence.hpp"
#include "training/evaluations.hpp"
#include "training/extras.hpp"
#include "training/loop.hpp"
#include "training/recorder.hpp"
#include "training/replay.hpp"
#include "training/view.hpp"

namespace ppo {
namespace {

/// All that watches a run train: sinks see each update, pauses the engine at rest.
struct Observers {
  explicit Observers(StandingRun& run)
      : view(run.request),
        snapshots(run.request, run.outcome.updates),
        sinks(make_sinks(run)),
        recorder(run.request.config, run.outcome, sinks) {
    const Config& config = run.request.config;
    if (run.request.schedule) pauses.push_back(&replay.emplace(config, *run.request.schedule));
    pauses.push_back(&snapshots);
    if (config.evaluation.evaluates() || config.evaluation.stops()) {
      pauses.push_back(&evaluations.emplace(config, run.engine.info(), run.outcome, sinks, run.folder));
    }
    if (run.folder == nullptr) return;
    pauses.push_back(&checkpoints.emplace(*run.folder, config, run.outcome, run.saved_at));
  }

  std::vector<MetricsSink*> make_sinks(StandingRun& run) {
    std::vector<MetricsSink*> all;
    if (run.folder != nullptr) all.push_back(&run.folder->metrics());
    if (run.request.extras.tensorboard) {
      all.push_back(&events.emplace(run.folder->path(), run.request.config, run.resumed_at));
    }
    all.push_back(&view);
    return all;
  }

  TrainingView view;
  std::optional<TensorBoardSink> events;
  std::optional<Replay> replay;
  Snapshots snapshots;
  std::vector<MetricsSink*> sinks;
  std::optional<Evaluations> evaluations;
  std::optional<Checkpoints> checkpoints;
  Recorder recorder;
  std::vector<Pause*> pauses;
};

/// Where the newest checkpoint is, if one is saved.
std::optional<std::filesystem::path> newest_checkpoint(const StandingRun& run, Observers& observers) {
  if (!observers.checkpoints) return std::nullopt;
  observers.checkpoints->wait();
  const std::optional<std::int64_t> newest = observers.checkpoints->newest();
  return newest ? std::optional(checkpoint_path(run.folder->path(), *newest)) : std::nullopt;
}

/// Whether all have come as far as the outcome says: where one had a fault, others may have gone on.
bool agents_stand_together(const StandingRun& run) {
  for (std::int64_t k = 0; k < run.request.config.num_seeds; ++k) {
    if (run.outcome.agents[static_cast<std::size_t>(k)].stopped_at()) continue;
    if (run.engine.save(k).update != run.outcome.updates) return false;
  }
  return true;
}

bool all_updates_are_done(const StandingRun& run) {
  return run.outcome.updates == num_updates(run.request.config.hyper);
}

/// Says what ended the run early, if anything did.
void set_stopped_by(StandingRun& run, const Observers& observers) {
  Outcome& outcome = run.outcome;
  const std::optional<Divergence>& divergence = observers.recorder.divergence();
  const int signal = run.signals.received();
  const bool is_over = all_updates_are_done(run) || outcome.all_stopped();
  const bool was_left = !is_over || (observers.evaluations && observers.evaluations->has_given_up());
  if (signal != 0 && was_left) outcome.stopped_by = StopSignals::name(signal);
  if (divergence) outcome.stopped_by = divergence->is_fault ? Outcome::kByFault : Outcome::kByDivergence;
}

void add_hashes(StandingRun& run) {
  for (std::int64_t k = 0; k < run.request.config.num_seeds; ++k) {
    run.outcome.param_hashes.push_back(param_hash(run.engine.params(k)));
    if (!normalises(run.engine.hyper(k))) continue;
    const TrainedPolicy policy = run.engine.policy(k);
    run.outcome.policy_hashes.push_back(policy_hash({&policy, 1}));
  }
}

/// The agents as they are now are the run's end.
void end_run(StandingRun& run, Observers& observers) {
  const std::optional<Divergence>& divergence = observers.recorder.divergence();
  if (observers.evaluations) observers.evaluations->settle();
  set_stopped_by(run, observers);
  const bool is_good = !run.outcome.diverged();
  if (is_good) {
    if (observers.checkpoints && (!divergence || agents_stand_together(run))) {
      observers.checkpoints->take_last(run.engine);
    }
    if (observers.evaluations && all_updates_are_done(run)) observers.evaluations->take_last(run.engine);
    set_stopped_by(run, observers);
    add_hashes(run);
  }
  if (run.folder == nullptr) return;
  if (is_good) run.folder->save_policy(run.request.config, run.engine);
  if (observers.evaluations) observers.evaluations->save_best();
  observers.checkpoints->wait();
  run.folder->finish(run.request, run.engine.info(), run.outcome);
}

/// What could not go on, with what is saved all the same: nothing but the way on, or that it diverged before.
Failure explained(const Failure& failure, const StandingRun& run, Observers& observers) {
  if (!observers.checkpoints || failure.exit_code != kRunFailed) return failure;
  const std::optional<std::filesystem::path> newest = newest_checkpoint(run, observers);
  if (const auto& divergence = observers.recorder.divergence()) {
    return {kDiverged, divergence_message(*divergence, newest) + "; " + failure.what()};
  }
  const std::optional<std::int64_t> update = observers.checkpoints->newest();
  if (!update || !run.folder->holds_checkpoint(*update)) return failure;
  return {failure.exit_code, std::string(failure.what()) + "; once that is fixed, " +
                                 resume_command(run.folder->path()) + " continues at update " +
                                 std::to_string(*update)};
}

void train_and_save(StandingRun& run, Observers& observers) {
  observers.view.start(run.engine.info(), run.resumed_at);
  try {
    train_all(run.engine, run.outcome.updates, num_updates(run.request.config.hyper), observers.recorder,
              observers.pauses);
    end_run(run, observers);
  } catch (const Failure& failure) {
    throw explained(failure, run, observers);
  }
}

EndedRun ended(const StandingRun& run, const Observers& observers) {
  const auto& checkpoints = observers.checkpoints;
  return {.request = run.request,
          .engine = run.engine,
          .snapshots = observers.snapshots,
          .updates = run.outcome.agents.front().stopped_at().value_or(run.outcome.updates),
          .folder = run.folder,
          .checkpoint = checkpoints ? checkpoints->newest() : std::nullopt,
          .checkpoint_failure = checkpoints ? checkpoints->failure() : std::nullopt,
          .best_failure = observers.evaluations ? observers.evaluations->failure() : std::nullopt,
          .events_failure = observers.events ? observers.events->failure() : std::nullopt,
          .diverged = run.outcome.diverged()};
}

/// What there is to say of the run that did.
std::string message_of_divergence(const StandingRun& run, Observers& observers) {
  const Divergence& divergence = *observers.recorder.divergence();
  const std::optional<std::filesystem::path> newest = newest_checkpoint(run, observers);
  if (run.folder == nullptr || !divergence.is_fault) return divergence_message(divergence, newest);
  return fault_message(divergence, run.folder->path(), observers.checkpoints->newest());
}

/// A run that diverged ends with that, whatever else fails.
[[noreturn]] void fail_diverged(const StandingRun& run, Observers& observers) {
  std::string message = message_of_divergence(run, observers);
  try {
    make_extras(ended(run, observers), observers.view);
  } catch (const Failure& failure) {
    message += std::string("; ") + failure.what();
  }
  throw Failure(kDiverged, message);
}

}  // namespace

Outcome no_outcome_yet(const Config& config) {
  Outcome outcome;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    outcome.agents.emplace_back(config, find_environment(config.env)->info(), k);
  }
  outcome.best.resize(outcome.agents.size());
  outcome.latest.resize(outcome.agents.size());
  return outcome;
}

int train_to_the_end(StandingRun run) {
  Observers observers(run);
  train_and_save(run, observers);
  if (observers.recorder.divergence()) fail_diverged(run, observers);
  const EndedRun end = ended(run, observers);
  observers.view.summary(run.outcome,
                         run.folder != nullptr ? std::optional(run.folder->path()) : std::nullopt,
                         end.checkpoint.has_value());
  make_extras(end, observers.view);
  return run.signals.received() == 0 ? kDone : 128 + run.signals.received();
}

}  // namespace ppo
