#include "extras.hpp"

#include <cmath>
#include <string>

#include "errors.hpp"
#include "report/report.hpp"
#include "run/files.hpp"
#include "run/saved_run.hpp"
#include "run/stop_signals.hpp"

namespace ppo {
namespace {

EvalOptions one_episode(const Config& config) {
  return {.episodes = 1, .max_steps = film_limit(config)};
}

double percent(std::int64_t updates, std::int64_t of) {
  return 100 * static_cast<double>(updates) / static_cast<double>(of);
}

std::filesystem::path in_folder(const EndedRun& run, const std::filesystem::path& asked, const char* usual) {
  return asked.empty() ? *run.folder / usual : asked;
}

void make_film(const EndedRun& run, Terminal& terminal) {
  const Config& config = run.command.config;
  const std::filesystem::path file = in_folder(run, *run.command.extras.film, "film.gif");
  write_file(file, film(file, *find_environment(config.env), run.engine.params(0),
                        {.play = one_episode(config), .size = {}}));
  terminal.made("film", file);
}

void make_training_film(const EndedRun& run, Terminal& terminal) {
  const Config& config = run.command.config;
  const std::filesystem::path file = in_folder(run, *run.command.extras.training_film, "training.gif");
  const std::span<const float> params = run.engine.params(0);
  std::vector<Snapshot> snapshots = run.snapshots.taken();
  snapshots.push_back({percent(run.updates, num_updates(config.hyper)), {params.begin(), params.end()}});
  write_file(file, training_film(*find_environment(config.env), snapshots, one_episode(config)));
  terminal.made("training", file);
}

void make_report(const EndedRun& run, Terminal& terminal) {
  const std::filesystem::path file = *run.folder / "report.html";
  write_report({{*run.folder}}, file);
  terminal.made("report", file);
}

}  // namespace

Snapshots::Snapshots(const TrainCommand& command, std::int64_t first_update) {
  if (!command.extras.training_film) return;
  const std::int64_t all = num_updates(command.config.hyper);
  constexpr double kNear = 2;           // near enough to be called by its name [percent]
  for (const int name : {0, 10, 30}) {  // 100 comes by itself
    const std::int64_t update = (name * all + 50) / 100;
    if (update < first_update || (!moments_.empty() && moments_.back().update == update)) continue;
    const double exact = percent(update, all);
    moments_.push_back({std::abs(exact - name) <= kNear ? name : exact, update});
  }
}

void Snapshots::take(const Engine& engine, std::int64_t) {
  const std::span<const float> params = engine.params(0);
  taken_.push_back({moments_.front().percent, {params.begin(), params.end()}});
  moments_.pop_front();
}

void make_extras(const EndedRun& run, Terminal& terminal) {
  const Extras& asked = run.command.extras;
  const int signal = StopSignals::received();
  std::vector<Failure> failures;
  if (run.checkpoint_failure) {
    failures.emplace_back(
        kRunFailed, *run.checkpoint_failure + (run.checkpoint ? "; the newest checkpoint is that of update " +
                                                                    std::to_string(*run.checkpoint)
                                                              : "; there is no checkpoint"));
  }
  if (run.events_failure) {
    failures.emplace_back(kRunFailed, *run.events_failure + "; TensorBoard's events end there");
  }
  const auto attempt = [&](bool wanted, void (*make)(const EndedRun&, Terminal&)) {
    if (!wanted || StopSignals::received() != signal) return;
    try {
      make(run, terminal);
    } catch (const Failure& failure) {
      failures.push_back(failure);
    }
  };
  attempt(asked.film && !run.diverged, make_film);
  attempt(asked.training_film && !run.diverged, make_training_film);
  attempt(asked.report, make_report);
  if (failures.empty()) return;
  std::string message;
  for (const Failure& failure : failures) message += std::string(failure.what()) + "; ";
  throw Failure(failures.front().exit_code,
                message + (run.folder ? "the run itself is saved" : "no run was to be saved"));
}

}  // namespace ppo
