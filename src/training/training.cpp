#include "training/training.hpp"

#include <string>
#include <utility>
#include <vector>

#include "run/checkpoint_files.hpp"
#include "run/policy.hpp"
#include "run/tensorboard.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/messages.hpp"
#include "training/checkpoints.hpp"
#include "training/extras.hpp"
#include "training/loop.hpp"
#include "training/recorder.hpp"
#include "training/view.hpp"

namespace ppo {
namespace {

/// What to say of a run that diverged; `newest` is the update of its last checkpoint.
std::string divergence_message(const std::string& divergence, const RunFolder* folder,
                               std::optional<std::int64_t> newest) {
  const std::string message = "training diverged: " + divergence;
  if (!newest) return message;
  return message + "; " + printable(checkpoint_path(folder->path(), *newest).native()) +
         " is the last good checkpoint";
}

/// For the end of an error: what has been saved is not lost.
std::string way_on(Checkpoints& checkpoints, const RunFolder& folder) {
  checkpoints.wait();
  const std::optional<std::int64_t> newest = checkpoints.newest();
  if (!newest || !folder.holds_checkpoint(*newest)) return "";
  return "; once that is mended, " + resume_command(folder.path()) + " goes on at update " +
         std::to_string(*newest);
}

/// The agents as they are now are the run's end.
void end_run(const StandingRun& run, const Recorder& recorder, Outcome& outcome, Checkpoints* checkpoints) {
  const int signal = run.signals.received();
  const bool is_done =
      outcome.updates == num_updates(run.request.config.hyper);  // nothing was left to be stopped
  if (signal != 0 && !is_done) outcome.stopped_by = StopSignals::name(signal);
  if (recorder.divergence()) {
    outcome.stopped_by = Outcome::kByDivergence;
  } else {
    if (checkpoints != nullptr) checkpoints->take_last(run.engine);
    for (std::size_t k = 0; k < outcome.agents.size(); ++k) {
      outcome.param_hashes.push_back(param_hash(run.engine.params(static_cast<std::int64_t>(k))));
    }
  }
  if (run.folder == nullptr) return;
  if (!recorder.divergence()) run.folder->save_policy(run.request.config, run.engine);
  checkpoints->wait();
  run.folder->finish(run.request, run.engine.info(), outcome);
}

}  // namespace

Outcome no_outcome_yet(const Config& config) {
  Outcome outcome;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    outcome.agents.emplace_back(config, find_environment(config.env)->info(), k);
  }
  return outcome;
}

int train_to_the_end(StandingRun run) {
  const TrainRequest& request = run.request;
  const Config& config = request.config;
  Outcome& outcome = run.outcome;
  Terminal terminal(config, request.quiet);

  std::vector<MetricsSink*> sinks;
  std::optional<TensorBoardSink> events;
  if (run.folder != nullptr) sinks.push_back(&run.folder->metrics());
  if (request.extras.tensorboard) {
    sinks.push_back(&events.emplace(run.folder->path(), config, run.resumed_at));
  }
  sinks.push_back(&terminal);
  Recorder recorder(config, outcome, std::move(sinks));

  std::vector<Pause*> pauses;
  Snapshots snapshots(request, outcome.updates);
  pauses.push_back(&snapshots);
  std::optional<Checkpoints> checkpoints;
  if (run.folder != nullptr) {
    pauses.push_back(&checkpoints.emplace(*run.folder, config, outcome, run.saved_at));
  }

  terminal.start(run.engine.info(), run.resumed_at);
  try {
    train_all(run.engine, outcome.updates, num_updates(config.hyper), recorder, pauses);
    end_run(run, recorder, outcome, checkpoints ? &*checkpoints : nullptr);
  } catch (const Failure& failure) {
    if (!checkpoints || failure.exit_code != kRunFailed) throw;
    if (recorder.divergence()) {
      checkpoints->wait();
      const std::string message =
          divergence_message(*recorder.divergence(), run.folder, checkpoints->newest());
      throw Failure(kDiverged, message + "; " + failure.what());
    }
    throw Failure(failure.exit_code, failure.what() + way_on(*checkpoints, *run.folder));
  }
  const EndedRun ended{.request = request,
                       .engine = run.engine,
                       .snapshots = snapshots,
                       .updates = outcome.updates,
                       .folder = run.folder,
                       .checkpoint = checkpoints ? checkpoints->newest() : std::nullopt,
                       .checkpoint_failure = checkpoints ? checkpoints->failure() : std::nullopt,
                       .events_failure = events ? events->failure() : std::nullopt,
                       .diverged = recorder.divergence().has_value()};
  if (ended.diverged) {
    std::string message = divergence_message(*recorder.divergence(), run.folder, ended.checkpoint);
    try {
      make_extras(ended, terminal);
    } catch (const Failure& failure) {
      message += std::string("; ") + failure.what();
    }
    throw Failure(kDiverged, message);
  }
  terminal.summary(outcome, run.folder != nullptr ? std::optional(run.folder->path()) : std::nullopt,
                   ended.checkpoint.has_value());
  make_extras(ended, terminal);
  return run.signals.received() == 0 ? kDone : 128 + run.signals.received();
}

}  // namespace ppo
