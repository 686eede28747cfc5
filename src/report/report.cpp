#include "report/report.hpp"

#include "config/run_verbs.hpp"
#include "film/film.hpp"
#include "report/page.hpp"
#include "report/svg.hpp"
#include "run/files.hpp"
#include "run/terminal.hpp"

namespace ppo {
namespace {

std::optional<ReportedFilm> film_of(const ReportedRun& run) {
  if (!can_be_filmed(run) || is_too_large_to_film(run)) return std::nullopt;
  ReportedFilm made{.agent = median_agent(run)};
  const std::vector<float> params = read_agent(run.saved, made.agent);
  FilmOptions options;
  options.play.max_steps = play_limit(run.saved.config, std::nullopt);
  made.gif = film("film.gif", *run.saved.environment, params, options);
  made.still = film("film.png", *run.saved.environment, params, options);
  return made;
}

std::filesystem::path usual_file(const ReportCommand& command) {
  const char* const name = command.svg ? "return.svg" : "report.html";
  return command.runs.size() == 1 ? command.runs.front() / name : std::filesystem::path(name);
}

}  // namespace

int run_report(const ReportCommand& command) {
  const std::filesystem::path file = command.file.value_or(usual_file(command));
  if (command.svg) {
    const std::vector<ReportedRun> runs = read_reported_runs(command.runs);
    write_file(output_file(file), return_svg(runs));
  } else {
    write_report(command.runs, file);
  }
  say_saved(file);
  return 0;
}

void write_report(std::span<const std::filesystem::path> runs, const std::filesystem::path& file) {
  Report report{read_reported_runs(runs), {}};
  output_file(file);  // before the films, which take a moment
  std::size_t made = 0;
  for (const ReportedRun& run : report.runs) {
    report.films.push_back(made < kMostFilms ? film_of(run) : std::nullopt);
    if (report.films.back()) ++made;
  }
  write_file(file, page(report));
}

}  // namespace ppo
