#include "report/report.hpp"

#include "engine/play_limit.hpp"
#include "film/film.hpp"
#include "report/page.hpp"
#include "run/saved/saved_agents.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// The run has a policy, and its environment draws itself.
bool can_be_filmed(const ReportedRun& run) {
  return run.has_policy() && run.saved.environment->info().draws_itself;
}

/// The policies of all agents are read to film one of them: above 1 GiB that is too much to ask of a machine.
void check_size(const ReportedRun& run) {
  const auto numbers =
      run.config().num_seeds * run.saved.environment->info().layout(run.config().hyper.hidden_size).size();
  if (numbers * static_cast<std::int64_t>(sizeof(float)) <= std::int64_t{1} << 30) return;
  throw Failure(kWrongInput,
                "the policies of its " + grouped(run.config().num_seeds) + " agents take more than 1 GiB");
}

/// The page is made with or without the film: a run is often copied without its policy.
ReportedFilm film_of(const ReportedRun& run) {
  ReportedFilm made{.agent = median_agent(run)};
  try {
    check_size(run);
    FilmOptions options;
    options.play.max_steps = film_limit(run.config());
    made.film = film_and_still(*run.saved.environment, read_agent(run.saved, made.agent), options);
  } catch (const Failure& failure) {
    made.why_none = failure.what();
  }
  return made;
}

void add_films(Report& report) {
  std::size_t made = 0;
  for (const ReportedRun& run : report.runs) {
    report.films.emplace_back();
    if (!can_be_filmed(run)) continue;
    if (made == Report::kMostFilms) {
      report.lacks_films = true;
      continue;
    }
    report.films.back() = film_of(run);
    if (report.films.back()->is_there()) ++made;
  }
}

}  // namespace

void write_report(std::span<const std::filesystem::path> runs, const std::filesystem::path& file) {
  Report report{.runs = read_reported_runs(runs)};
  output_file(file);  // before the films, which take a moment
  add_films(report);
  write_file(file, page(report));
}

}  // namespace ppo
