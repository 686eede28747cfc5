#include "extras.hpp"

#include <cmath>
#include <exception>

#include "errors.hpp"
#include "report/report.hpp"
#include "run/files.hpp"
#include "run/saved_run.hpp"

namespace ppo {
namespace {

EvalOptions one_episode(const Config& config) {
  return {.episodes = 1, .max_steps = play_limit(config, std::nullopt)};
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
  const double share = static_cast<double>(run.updates) / static_cast<double>(num_updates(config.hyper));
  snapshots.push_back({static_cast<int>(std::lround(100 * share)), {params.begin(), params.end()}});
  write_file(file, training_film(*find_environment(config.env), snapshots, one_episode(config)));
  terminal.made("training", file);
}

void make_report(const EndedRun& run, Terminal& terminal) {
  const std::filesystem::path file = *run.folder / "report.html";
  write_report({{*run.folder}}, file);
  terminal.made("report", file);
}

}  // namespace

Snapshots::Snapshots(const TrainCommand& command) : num_updates_(num_updates(command.config.hyper)) {
  if (!command.extras.training_film) return;
  for (const int percent : {0, 10, 30}) {  // 100 comes by itself
    const std::int64_t update = (percent * num_updates_ + 50) / 100;
    if (moments_.empty() || moments_.back().update < update) moments_.push_back({percent, update});
  }
}

void Snapshots::take(const Engine& engine, std::int64_t update) {
  if (moments_.empty() || update != moments_.front().update) return;
  const std::span<const float> params = engine.params(0);
  taken_.push_back({moments_.front().percent, {params.begin(), params.end()}});
  moments_.pop_front();
}

void make_extras(const EndedRun& run, Terminal& terminal) {
  const Extras& asked = run.command.extras;
  std::exception_ptr first;
  if (run.events_failure) {
    first = std::make_exception_ptr(
        Failure(kRunFailed, *run.events_failure + "; TensorBoard's events end there, all else is saved"));
  }
  const auto attempt = [&](bool wanted, void (*make)(const EndedRun&, Terminal&)) {
    if (!wanted) return;
    try {
      make(run, terminal);
    } catch (...) {
      if (first == nullptr) first = std::current_exception();
    }
  };
  attempt(asked.film.has_value(), make_film);
  attempt(asked.training_film.has_value(), make_training_film);
  attempt(asked.report, make_report);
  if (first != nullptr) std::rethrow_exception(first);
}

}  // namespace ppo
