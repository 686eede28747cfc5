#include "train.hpp"

#include <cmath>
#include <optional>

#include "engine.hpp"
#include "errors.hpp"
#include "run/policy.hpp"
#include "run/run_folder.hpp"
#include "run/stop_signals.hpp"
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
  std::vector<Record> records(outcome.agents.size());
  std::optional<std::string> divergence;
  terminal.start(engine->info());
  const Stopwatch watch;
  while (outcome.updates < num_updates(config.hyper) && signals.received() == 0 && !divergence) {
    const std::span<const UpdateRow> rows = engine->run(1);
    for (std::size_t k = 0; k < records.size(); ++k) records[k] = outcome.agents[k].add(rows[k]);
    ++outcome.updates;
    outcome.steps = outcome.updates * batch_size(config.hyper) * config.num_seeds;
    outcome.wall_s = watch.seconds();
    const Timing timing{outcome.wall_s, static_cast<double>(outcome.steps) / outcome.wall_s};
    if (folder) folder->metrics().update(records, timing);
    terminal.update(records, timing);
    divergence = find_divergence(records);
  }

  const int signal = signals.received();
  if (signal != 0) outcome.stopped_by = StopSignals::name(signal);
  if (divergence) outcome.stopped_by = Outcome::kByDivergence;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    outcome.param_hashes.push_back(param_hash(engine->params(k)));
  }
  if (folder) folder->finish(command, *engine, outcome);
  if (divergence) {
    throw Failure(kDiverged, "training diverged: " + *divergence + "; try a smaller lr or max_grad_norm");
  }
  terminal.summary(outcome, folder ? std::optional(folder->path()) : std::nullopt);
  return signal == 0 ? kDone : 128 + signal;
}

}  // namespace ppo
