// The films.
#include "engine/play_limit.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace ppo {
namespace {

std::string caption(const Report& report, std::size_t i) {
  const ReportedRun& run = report.runs[i];
  std::string text = report.is_single() ? "An episode" : run.name + ": an episode";
  text += run.is_population() ? " of agent " + std::to_string(report.films[i]->agent) +
                                    ", the one with the median final return"
                              : " of the trained agent";
  const std::int32_t limit = film_limit(run.config());
  if (run.config().hyper.max_episode_steps != limit) text += ", cut at " + std::to_string(limit) + " steps";
  return text + '.';
}

std::string film_figure(const Report& report, std::size_t i) {
  const ReportedRun& run = report.runs[i];
  const FilmAndStill& film = report.films[i]->film;
  return "<figure class=\"film\">\n<picture><source media=\"(prefers-reduced-motion: reduce)\" srcset=\"" +
         data_uri("image/png", film.png) + "\"><img src=\"" + data_uri("image/gif", film.gif) +
         "\" width=\"600\" height=\"400\" alt=\"Film of the agent of run " + escape(run.name) +
         " acting in " + escape(run.config().env) + "\"></picture>\n<figcaption><span>" +
         escape(caption(report, i)) +
         "</span><button type=\"button\" class=\"film-toggle\" hidden>Still</button></figcaption>\n"
         "</figure>\n";
}

}  // namespace

std::string films_section(const Report& report) {
  std::string figures;
  std::string notes;
  std::string filmed;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    if (!report.films[i]) continue;
    const std::string name = escape(report.runs[i].name);
    if (report.films[i]->is_there()) {
      figures += film_figure(report, i);
      filmed += (filmed.empty() ? "" : ", ") + name;
    } else {
      notes += "<p class=\"notice\">" + (report.is_single() ? "" : "<strong>" + name + "</strong>: ") +
               "There is no film: " + escape(report.films[i]->why_none) + ".</p>\n";
    }
  }
  if (report.lacks_films) {
    notes += "<p>Films are large: these are of the first " + std::to_string(Report::kMostFilms) +
             " runs that have one, " + filmed + ".</p>\n";
  }
  if (!figures.empty()) figures = "<div class=\"films\">\n" + figures + "</div>\n";
  if (figures.empty() && notes.empty()) return "";
  return "<section aria-labelledby=\"film\">\n<h2 id=\"film\">The agent at work</h2>\n" + notes + figures +
         "</section>\n";
}

}  // namespace ppo
