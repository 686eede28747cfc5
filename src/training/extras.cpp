#include "training/extras.hpp"

#include <cmath>
#include <new>
#include <string>

#include "engine/play_limit.hpp"
#include "report/report.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/stop_signals.hpp"

namespace ppo {
namespace {

EvalOptions one_episode(const Config& config) {
  return {.episodes = 1, .max_steps = film_limit(config)};
}

double percent(std::int64_t updates, std::int64_t of) {
  return 100 * static_cast<double>(updates) / static_cast<double>(of);
}

/// Where it was asked for, or in the run's folder.
std::filesystem::path place_of(const EndedRun& run, const std::filesystem::path& asked, const char* usual) {
  return asked.empty() ? run.folder->path() / usual : asked;
}

/// Another run may have come to the folder's place, which takes nothing of this one.
void check_place(const EndedRun& run, const std::filesystem::path& file) {
  if (run.folder != nullptr && file.parent_path() == run.folder->path()) run.folder->check_place();
}

void make_film(const EndedRun& run, TrainingView& view) {
  const Config& config = run.request.config;
  const std::filesystem::path file = place_of(run, *run.request.extras.film, "film.gif");
  const std::string bytes = film(file, *find_environment(config.env), run.engine.policy(0),
                                 {.play = one_episode(config), .size = {}});
  check_place(run, file);
  write_file(file, bytes);
  view.made("film", file);
}

void make_training_film(const EndedRun& run, TrainingView& view) {
  const Config& config = run.request.config;
  const std::filesystem::path file = place_of(run, *run.request.extras.training_film, "training.gif");
  std::vector<Snapshot> snapshots = run.snapshots.taken(run.updates);
  snapshots.push_back({percent(run.updates, num_updates(config.hyper)), run.engine.policy(0)});
  const std::string bytes = training_film(*find_environment(config.env), snapshots, one_episode(config));
  check_place(run, file);
  write_file(file, bytes);
  view.made("training", file);
}

void make_report(const EndedRun& run, TrainingView& view) {
  const std::filesystem::path folder = run.folder->path();
  const std::filesystem::path file = folder / "report.html";
  check_place(run, file);
  write_report({{folder}}, file);
  view.made("report", file);
}

}  // namespace

Snapshots::Snapshots(const TrainRequest& request, std::int64_t first_update) {
  if (!request.extras.training_film) return;
  const std::int64_t all = num_updates(request.config.hyper);
  constexpr double kNear = 2;           // near enough to be called by its name [percent]
  for (const int name : {0, 10, 30}) {  // 100 comes by itself
    const std::int64_t update = (name * all + 50) / 100;
    if (update < first_update || (!moments_.empty() && moments_.back().update == update)) continue;
    const double exact = percent(update, all);
    moments_.push_back({std::abs(exact - name) <= kNear ? name : exact, update});
  }
}

void Snapshots::take(Engine& engine, std::int64_t) {
  const auto [percent, at] = moments_.front();
  taken_.push_back({at, {percent, engine.policy(0)}});
  moments_.pop_front();
}

std::vector<Snapshot> Snapshots::taken(std::int64_t before) const {
  std::vector<Snapshot> snapshots;
  for (const auto& [update, snapshot] : taken_) {
    if (update < before) snapshots.push_back(snapshot);
  }
  return snapshots;
}

void make_extras(const EndedRun& run, TrainingView& view) {
  const Extras& asked = run.request.extras;
  const int signal = StopSignals::received();
  std::vector<Failure> failures;
  if (run.checkpoint_failure) {
    failures.emplace_back(
        kRunFailed, *run.checkpoint_failure + (run.checkpoint ? "; the newest checkpoint is that of update " +
                                                                    std::to_string(*run.checkpoint)
                                                              : "; there is no checkpoint"));
  }
  if (run.best_failure) {
    failures.emplace_back(kRunFailed, *run.best_failure + "; the best policies are not saved");
  }
  if (run.events_failure) {
    failures.emplace_back(kRunFailed, *run.events_failure + "; TensorBoard's events end there");
  }
  const auto attempt = [&](bool wanted, const char* name, void (*make)(const EndedRun&, TrainingView&)) {
    if (!wanted || StopSignals::received() != signal) return;
    try {
      make(run, view);
    } catch (const Failure& failure) {
      failures.push_back(failure);
    } catch (const std::bad_alloc&) {
      failures.emplace_back(kRunFailed, std::string("there is not enough memory for the ") + name);
    }
  };
  attempt(asked.film && !run.diverged, "film", make_film);
  attempt(asked.training_film && !run.diverged, "film of the training", make_training_film);
  attempt(asked.report, "report", make_report);
  if (failures.empty()) return;
  std::string message;
  for (const Failure& failure : failures) message += std::string(failure.what()) + "; ";
  throw Failure(failures.front().exit_code,
                message + (run.folder != nullptr ? "the run itself is saved" : "--no-out saves no run"));
}

}  // namespace ppo
