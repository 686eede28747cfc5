// The figures that come first, and the films.

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

struct Figure {
  std::string_view name;
  std::string value;
  std::string note = {};    // may be empty
  bool needs_note = false;  // also in a table, where there is little room
};

Figure return_figure(const ReportedRun& run) {
  std::vector<double> returns = final_returns(run);
  if (!run.is_population()) {
    return {"Final return", number(run.agents.front().return_100),
            returns.empty() ? "fewer than 100 episodes have ended" : "mean of the latest 100 episodes"};
  }
  const Spread half = middle_half(returns);
  return {"Final return", number(half.middle),
          returns.empty()
              ? "fewer than 100 episodes have ended"
              : "median agent; half of them between " + number(half.low) + " and " + number(half.high),
          true};
}

Figure solved_figure(const ReportedRun& run) {
  const EnvironmentInfo& environment = run.saved.environment->info();
  if (!run.solved_return) {
    const std::int32_t limit = environment.time_limit;
    return {"Solved at step", "–",
            limit == 0 ? std::string("defined only without a time limit")
                       : "defined only with max_episode_steps = " + std::to_string(limit),
            true};
  }
  std::vector<double> steps;
  for (const ReportedAgent& agent : run.agents) {
    if (agent.solved_at_step) steps.push_back(static_cast<double>(*agent.solved_at_step));
  }
  const std::string threshold = "a return of " + plain_number(*run.solved_return) + " over 100 episodes";
  if (steps.empty()) return {"Solved at step", "not solved", threshold + " counts"};
  const std::string value = grouped(static_cast<std::int64_t>(quantile(steps, 0.5)));
  if (!run.is_population()) return {"Solved at step", value, threshold};
  return {"Solved at step", value,
          "median; " + grouped(static_cast<std::int64_t>(steps.size())) + " of " +
              grouped(static_cast<std::int64_t>(run.agents.size())) + " agents solved it",
          true};
}

Figure device_figure(const ReportedRun& run) {
  if (!run.ending) return {"Device", "–", "known when the run has ended"};
  std::string note;
  for (const auto& [name, value] : run.ending->engine) {
    if (name == "simd" || name == "gpu") note = value;
    if (name == "threads") note += ", " + value + (value == "1" ? " thread" : " threads");
  }
  return {"Device", run.ending->device, note, true};
}

Figure hash_figure(const ReportedRun& run) {
  const std::optional<std::string>& hash = run.agents.front().param_hash;
  if (!hash) return {"Parameter hash", "–", "there is none without a policy"};
  return {
      "Parameter hash", *hash,
      run.is_population() ? "of agent 0; the others are in the table of agents" : "of the trained networks"};
}

std::vector<Figure> figures(const ReportedRun& run) {
  const auto agents = static_cast<std::int64_t>(run.agents.size());
  return {return_figure(run),
          solved_figure(run),
          {"Steps", grouped(run.steps * agents),
           grouped(run.updates) + (run.updates == 1 ? " update" : " updates") +
               (run.is_population() ? ", all agents together" : "")},
          {"Wall time", run.updates > 0 ? duration(run.wall_s) : "–", "of training"},
          {"Steps per second", run.updates > 0 ? number(run.steps_per_s) : "–",
           run.is_population() ? "all agents together" : ""},
          device_figure(run),
          hash_figure(run)};
}

std::string tiles(const ReportedRun& run) {
  std::string html = "<dl class=\"figures\">\n";
  for (const Figure& figure : figures(run)) {
    html +=
        "<div><dt>" + std::string(figure.name) + "</dt><dd class=\"value\">" + escape(figure.value) + "</dd>";
    if (!figure.note.empty()) html += "<dd class=\"note\">" + escape(figure.note) + "</dd>";
    html += "</div>\n";
  }
  return html + "</dl>\n";
}

std::string table(const std::vector<ReportedRun>& runs) {
  std::string html = "<table class=\"results\">\n<thead><tr><th scope=\"col\">Run</th>";
  for (const Figure& figure : figures(runs.front())) {
    html += "<th scope=\"col\">" + std::string(figure.name) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ReportedRun& run = runs[i];
    html += "<tr><th scope=\"row\">" + swatch(i) + ' ' + escape(run.name) + "<span class=\"note\">" +
            escape(run.state()) + "</span></th>";
    for (const Figure& figure : figures(run)) {
      html += "<td data-label=\"" + std::string(figure.name) + "\">" + escape(figure.value);
      if (figure.needs_note && !figure.note.empty())
        html += "<span class=\"note\">" + escape(figure.note) + "</span>";
      html += "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

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

std::string summary_section(const Report& report) {
  return "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Result</h2>\n" +
         (report.is_single() ? tiles(report.runs.front())
                             : scroll_box("Results of all runs", table(report.runs))) +
         "</section>\n";
}

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
