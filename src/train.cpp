#include "train.hpp"

#include <chrono>
#include <cmath>
#include <optional>

#include "engine.hpp"
#include "errors.hpp"
#include "run/policy.hpp"
#include "run/run_folder.hpp"
#include "run/stop_signals.hpp"
#include "run/terminal.hpp"

namespace ppo {
namespace {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Throws Failure(kDiverged) when a number of the row is none.
void check_finite(const Record& record) {
  const UpdateRow& row = record.row;
  const struct {
    const char* name;
    float value;
  } quantities[] = {{"policy loss", row.loss_policy},
                    {"value loss", row.loss_value},
                    {"entropy", row.entropy},
                    {"gradient norm", row.grad_norm}};
  for (const auto& quantity : quantities) {
    if (std::isfinite(quantity.value)) continue;
    throw Failure(kDiverged, "training diverged: the " + std::string(quantity.name) + " of agent " +
                                 std::to_string(record.agent) + " is not finite in update " +
                                 std::to_string(row.update) + "; try a smaller lr or max_grad_norm");
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
  std::vector<Record> records(outcome.agents.size());
  terminal.start(engine->info());
  const Stopwatch watch;
  while (outcome.updates < num_updates(config.hyper) && signals.received() == 0) {
    const std::span<const UpdateRow> rows = engine->run(1);
    for (std::size_t k = 0; k < records.size(); ++k) {
      records[k] = outcome.agents[k].add(rows[k]);
      check_finite(records[k]);
    }
    ++outcome.updates;
    outcome.steps = outcome.updates * batch_size(config.hyper) * config.num_seeds;
    outcome.wall_s = watch.seconds();
    const Timing timing{outcome.wall_s, static_cast<double>(outcome.steps) / outcome.wall_s};
    if (folder) folder->metrics().update(records, timing);
    terminal.update(records, timing);
  }

  const int signal = signals.received();
  if (signal != 0) outcome.stopped_by = StopSignals::name(signal);
  for (std::int64_t k = 0; k < config.num_seeds; ++k)
    outcome.param_hashes.push_back(param_hash(engine->params(k)));
  if (folder) folder->finish(command, *engine, outcome);
  terminal.summary(outcome, folder ? std::optional(folder->path()) : std::nullopt);
  return signal == 0 ? kDone : 128 + signal;
}

}  // namespace ppo
