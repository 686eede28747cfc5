#include "training.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoints.hpp"
#include "errors.hpp"
#include "extras.hpp"
#include "recorder.hpp"
#include "run/policy.hpp"
#include "run/stop_signals.hpp"
#include "run/tensorboard.hpp"
#include "run/terminal.hpp"

namespace ppo {
namespace {

std::int64_t next_pause(std::span<Pause* const> pauses, std::int64_t now) {
  std::int64_t next = Pause::kNever;
  for (const Pause* pause : pauses) next = std::min(next, pause->next(now));
  return next;
}

void take_pauses(std::span<Pause* const> pauses, const Engine& engine, std::int64_t update) {
  for (Pause* pause : pauses) {
    if (pause->next(update) <= update) pause->take(engine, update);
  }
}

/// Keeps the engine's queue full from update `done` until all updates are done, a signal has come or an agent
/// has diverged; what is under way then is recorded, too. Lets the queue run empty where a pause is due.
void train_all(Engine& engine, std::int64_t done, std::int64_t updates, Recorder& recorder,
               std::span<Pause* const> pauses) {
  std::int64_t asked_for = done;
  int queued = 0;
  const auto goes_on = [&] {
    return asked_for < updates && StopSignals::received() == 0 && !recorder.divergence();
  };
  for (;;) {
    if (queued == 0 && !recorder.divergence()) take_pauses(pauses, engine, asked_for);
    const bool more = goes_on();
    if (!more && queued == 0) return;
    const std::int64_t before_pause = next_pause(pauses, asked_for) - asked_for;
    if (more && queued < engine.depth() && before_pause > 0) {
      const std::int64_t part = std::min({engine.batch(), before_pause, updates - asked_for});
      engine.start(part);
      asked_for += part;
      ++queued;
    } else {
      recorder.add(engine.collect());
      if (--queued == 0) recorder.check(engine);
    }
  }
}

/// What to say of a run that diverged, of which there may be a report.
std::string divergence_message(const std::string& divergence, const EndedRun& ended, Terminal& terminal) {
  const std::string message = "training diverged: " + divergence + "; try a smaller lr or max_grad_norm";
  try {
    make_extras(ended, terminal);
    return message;
  } catch (const Failure& failure) {
    return message + "; " + failure.what();
  }
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
  const TrainCommand& command = run.command;
  const Config& config = command.config;
  Outcome& outcome = run.outcome;
  Terminal terminal(config, command.quiet);
  const StopSignals signals;

  std::vector<MetricsSink*> sinks;
  std::optional<TensorBoardSink> events;
  if (run.folder != nullptr) sinks.push_back(&run.folder->metrics());
  if (command.extras.tensorboard) {
    sinks.push_back(&events.emplace(run.folder->path(), config, run.resumed_at));
  }
  sinks.push_back(&terminal);
  Recorder recorder(config, outcome, std::move(sinks));

  std::vector<Pause*> pauses;
  Snapshots snapshots(command, outcome.updates);
  pauses.push_back(&snapshots);
  std::optional<Checkpoints> checkpoints;
  if (run.folder != nullptr) {
    pauses.push_back(&checkpoints.emplace(*run.folder, config, outcome, run.saved_at));
  }

  terminal.start(run.engine.info(), run.resumed_at);
  train_all(run.engine, outcome.updates, num_updates(config.hyper), recorder, pauses);

  const int signal = signals.received();
  const std::optional<std::string>& divergence = recorder.divergence();
  if (signal != 0) outcome.stopped_by = StopSignals::name(signal);
  if (divergence) outcome.stopped_by = Outcome::kByDivergence;
  if (!divergence) {
    if (checkpoints) checkpoints->take_last(run.engine);
    for (std::int64_t k = 0; k < config.num_seeds; ++k) {
      outcome.param_hashes.push_back(param_hash(run.engine.params(k)));
    }
  }
  if (run.folder != nullptr) run.folder->finish(command, run.engine, outcome);
  if (checkpoints) checkpoints->wait();
  const EndedRun ended{.command = command,
                       .engine = run.engine,
                       .snapshots = snapshots,
                       .updates = outcome.updates,
                       .folder = run.folder != nullptr ? std::optional(run.folder->path()) : std::nullopt,
                       .checkpoint_failure = checkpoints ? checkpoints->failure() : std::nullopt,
                       .events_failure = events ? events->failure() : std::nullopt,
                       .diverged = divergence.has_value()};
  if (divergence) throw Failure(kDiverged, divergence_message(*divergence, ended, terminal));
  terminal.summary(outcome, ended.folder);
  make_extras(ended, terminal);
  return signals.received() == 0 ? kDone : 128 + signals.received();
}

}  // namespace ppo
