#include "train.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine.hpp"
#include "errors.hpp"
#include "extras.hpp"
#include "run/policy.hpp"
#include "run/run_folder.hpp"
#include "run/stop_signals.hpp"
#include "run/tensorboard.hpp"
#include "run/terminal.hpp"
#include "stopwatch.hpp"

namespace ppo {
namespace {

/// "the value loss of agent 0 is not finite in update 3", or nothing.
std::optional<std::string> find_divergence(std::span<const Record> records) {
  for (const Record& record : records) {
    const UpdateRow& row = record.row;
    const std::pair<const char*, float> quantities[] = {{"policy loss", row.loss_policy},
                                                        {"value loss", row.loss_value},
                                                        {"entropy", row.entropy},
                                                        {"gradient norm", row.grad_norm}};
    for (const auto& [name, value] : quantities) {
      if (std::isfinite(value)) continue;
      return "the " + std::string(name) + " of agent " + std::to_string(record.agent) +
             " is not finite in update " + std::to_string(row.update);
    }
  }
  return std::nullopt;
}

/// Takes what the engine hands over, update by update, to the sinks and into the outcome.
class Recorder {
 public:
  Recorder(const Config& config, Outcome& outcome, std::vector<MetricsSink*> sinks)
      : config_(config), outcome_(outcome), sinks_(std::move(sinks)), records_(outcome.agents.size()) {}

  /// Rows [updates][K]. Those behind an update that diverged are dropped.
  void add(std::span<const UpdateRow> rows) {
    for (; !rows.empty() && !divergence_; rows = rows.subspan(records_.size())) add_update(rows);
  }

  const std::optional<std::string>& divergence() const { return divergence_; }

 private:
  void add_update(std::span<const UpdateRow> rows) {
    for (std::size_t k = 0; k < records_.size(); ++k) records_[k] = outcome_.agents[k].add(rows[k]);
    ++outcome_.updates;
    outcome_.steps = outcome_.updates * batch_size(config_.hyper) * config_.num_seeds;
    outcome_.wall_s = watch_.seconds();
    const Timing timing{outcome_.wall_s, static_cast<double>(outcome_.steps) / outcome_.wall_s};
    for (MetricsSink* sink : sinks_) sink->update(records_, timing);
    divergence_ = find_divergence(records_);
  }

  const Config& config_;
  Outcome& outcome_;
  std::vector<MetricsSink*> sinks_;
  std::vector<Record> records_;  // [K] of the latest update
  std::optional<std::string> divergence_;
  Stopwatch watch_;
};

/// Keeps the engine's queue full until all updates are done, a signal has come or an agent has diverged; what
/// is under way then is recorded, too. Lets the queue run empty where a snapshot is due.
void train_all(Engine& engine, std::int64_t updates, Recorder& recorder, Snapshots& snapshots) {
  std::int64_t asked_for = 0;
  int queued = 0;
  const auto goes_on = [&] {
    return asked_for < updates && StopSignals::received() == 0 && !recorder.divergence();
  };
  for (;;) {
    if (queued == 0) snapshots.take(engine, asked_for);
    const bool more = goes_on();
    if (!more && queued == 0) return;
    const std::int64_t before_snapshot = snapshots.next() - asked_for;
    if (more && queued < engine.depth() && before_snapshot > 0) {
      const std::int64_t part = std::min(engine.batch(), before_snapshot);
      engine.start(part);
      asked_for += part;
      ++queued;
    } else {
      recorder.add(engine.collect());
      --queued;
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

int run_train(const TrainCommand& command) {
  const Config& config = command.config;
  const std::unique_ptr<Engine> engine = make_engine(config);
  std::optional<RunFolder> folder;
  if (!command.keep_nothing) folder.emplace(command);
  Terminal terminal(config, command.quiet);
  const StopSignals signals;

  Outcome outcome;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    outcome.agents.emplace_back(config, find_environment(config.env)->info(), k);
  }
  std::vector<MetricsSink*> sinks;
  if (folder) sinks.push_back(&folder->metrics());
  std::optional<TensorBoardSink> events;
  if (command.extras.tensorboard) sinks.push_back(&events.emplace(folder->path(), config));
  sinks.push_back(&terminal);
  terminal.start(engine->info());
  Recorder recorder(config, outcome, std::move(sinks));
  Snapshots snapshots(command);
  train_all(*engine, num_updates(config.hyper), recorder, snapshots);

  const int signal = signals.received();
  const std::optional<std::string>& divergence = recorder.divergence();
  if (signal != 0) outcome.stopped_by = StopSignals::name(signal);
  if (divergence) outcome.stopped_by = Outcome::kByDivergence;
  if (!divergence) {
    for (std::int64_t k = 0; k < config.num_seeds; ++k) {
      outcome.param_hashes.push_back(param_hash(engine->params(k)));
    }
  }
  if (folder) folder->finish(command, *engine, outcome);
  const EndedRun ended{.command = command,
                       .engine = *engine,
                       .snapshots = snapshots,
                       .updates = outcome.updates,
                       .folder = folder ? std::optional(folder->path()) : std::nullopt,
                       .events_failure = events ? events->failure() : std::nullopt,
                       .diverged = divergence.has_value()};
  if (divergence) throw Failure(kDiverged, divergence_message(*divergence, ended, terminal));
  terminal.summary(outcome, ended.folder);
  make_extras(ended, terminal);
  return signals.received() == 0 ? kDone : 128 + signals.received();
}

}  // namespace ppo
