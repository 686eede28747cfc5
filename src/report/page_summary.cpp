// The figures that come first.
#include <algorithm>
#include <utility>

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

/// The median agent's number and how far those of the others spread; `none` says why there is none.
Figure spread_figure(std::string_view name, std::vector<double> values, const std::string& none) {
  const Spread half = middle_half(values);
  return {name, number(half.middle),
          values.empty()
              ? none
              : "median agent; half of them between " + number(half.low) + " and " + number(half.high),
          true};
}

/// The steps, of one agent or more, at which the threshold was reached. Of a population: the median, and how
/// many agents `did` that.
Figure steps_figure(std::string_view name, std::vector<double> steps, const ReportedRun& run,
                    const std::string& threshold, const std::string& did) {
  const std::string value = grouped(static_cast<std::int64_t>(quantile(steps, 0.5)));
  if (!run.is_population()) return {name, value, threshold};
  return {name, value,
          "median; " + grouped(static_cast<std::int64_t>(steps.size())) + " of " +
              grouped(static_cast<std::int64_t>(run.agents.size())) + " agents " + did,
          true};
}

Figure return_figure(const ReportedRun& run) {
  constexpr std::string_view kName = "Final return";
  const std::string none = "fewer than 100 episodes have ended";
  const std::vector<double> returns = final_returns(run);
  if (run.is_population()) return spread_figure(kName, returns, none);
  return {kName, number(run.agents.front().return_100),
          returns.empty() ? none : "mean of the latest 100 episodes"};
}

Figure solved_figure(const ReportedRun& run) {
  constexpr std::string_view kName = "Solved at step";
  if (!run.solved_return) {
    const std::int32_t limit = run.saved.environment->info().time_limit;
    return {kName, "–",
            limit == 0 ? std::string("defined only without a time limit")
                       : "defined only with max_episode_steps = " + std::to_string(limit),
            true};
  }
  std::vector<double> steps;
  for (const ReportedAgent& agent : run.agents) {
    if (agent.solved_at_step) steps.push_back(static_cast<double>(*agent.solved_at_step));
  }
  const std::string threshold = "a return of " + plain_number(*run.solved_return) + " over 100 episodes";
  if (steps.empty()) return {kName, "not solved", "needs " + threshold};
  return steps_figure(kName, std::move(steps), run, threshold, "solved it");
}

Figure best_figure(const ReportedRun& run) {
  constexpr std::string_view kName = "Best evaluation";
  if (!run.config().evaluation.evaluates()) return {kName, "–"};
  if (!run.is_population()) {
    const std::optional<EvalScore>& best = run.agents.front().best;
    if (!best) return {kName, "–", "none yet", true};
    return {kName, best_text(*best),
            "at update " + grouped(best->update) + ", step " + grouped(run.steps_at(best->update)), true};
  }
  return spread_figure(kName, best_returns(run), "none yet");
}

/// An agent has had an evaluation that was good enough, but is not known to have stopped.
bool reached_unstopped(const ReportedRun& run) {
  const EvaluationPlan& plan = run.config().evaluation;
  return plan.stops_on_eval() && std::ranges::any_of(run.agents, [&](const ReportedAgent& agent) {
           return !agent.stopped_at && agent.best && plan.reaches(agent.best->return_mean);
         });
}

Figure stop_figure(const ReportedRun& run) {
  constexpr std::string_view kName = "Stopped at step";
  const EvaluationPlan& plan = run.config().evaluation;
  if (!plan.stops()) return {kName, "–"};
  const std::string threshold = "a return of " + run.stop_return() +
                                (plan.stops_on_eval() ? " in an evaluation" : " over 100 episodes");
  std::vector<double> steps;
  for (const ReportedAgent& agent : run.agents) {
    if (agent.stopped_at) steps.push_back(static_cast<double>(run.steps_at(*agent.stopped_at)));
  }
  if (!steps.empty()) return steps_figure(kName, std::move(steps), run, threshold, "stopped");
  if (!reached_unstopped(run)) return {kName, "not stopped", "needs " + threshold};
  if (!run.ending) return {kName, "–", "known when the run has ended"};
  return {kName, "not stopped",
          "only the evaluation after the last update reached a return of " + run.stop_return(), true};
}

Figure device_figure(const ReportedRun& run) {
  if (!run.ending) return {"Device", "–", "known when the run has ended"};
  std::string note;
  for (const auto& [name, value] : run.ending->engine) {
    if (name == "simd" || name == "gpu") note = value;
    if (name == "threads") note += ", " + value + (value == "1" ? " thread" : " threads");
    if (name == "mean_threads") note += ", " + value + " on average";
  }
  return {"Device", run.ending->device, note, true};
}

Figure time_figure(const ReportedRun& run) {
  if (run.updates == 0) return {"Training time", "–", ""};
  return {"Training time", duration(run.wall_s), number(run.steps_per_s) + " steps/s", true};
}

Figure hash_figure(const ReportedRun& run) {
  const std::optional<std::string>& hash = run.agents.front().param_hash;
  if (!hash) return {"Parameter hash", "–", "there is none without a policy"};
  return {
      "Parameter hash", *hash,
      run.is_population() ? "of agent 0; the others are in the table of agents" : "of the trained networks"};
}

/// Those that all runs of the report have, so that they make a table.
std::vector<Figure> figures(const Report& report, const ReportedRun& run) {
  const auto any = [&](bool (EvaluationPlan::*has)() const) {
    return std::ranges::any_of(report.runs,
                               [&](const ReportedRun& one) { return (one.config().evaluation.*has)(); });
  };
  std::vector<Figure> figures = {return_figure(run), solved_figure(run)};
  if (any(&EvaluationPlan::evaluates)) figures.push_back(best_figure(run));
  if (any(&EvaluationPlan::stops)) figures.push_back(stop_figure(run));
  figures.push_back({"Steps", grouped(run.steps),
                     grouped(run.updates) + (run.updates == 1 ? " update" : " updates") +
                         (run.is_population() ? ", all agents together" : "")});
  figures.push_back(time_figure(run));
  figures.push_back(device_figure(run));
  figures.push_back(hash_figure(run));
  return figures;
}

std::string tiles(const Report& report) {
  std::string html = "<dl class=\"figures\">\n";
  for (const Figure& figure : figures(report, report.runs.front())) {
    html +=
        "<div><dt>" + std::string(figure.name) + "</dt><dd class=\"value\">" + escape(figure.value) + "</dd>";
    if (!figure.note.empty()) html += "<dd class=\"note\">" + escape(figure.note) + "</dd>";
    html += "</div>\n";
  }
  return html + "</dl>\n";
}

std::string table(const Report& report) {
  const std::vector<ReportedRun>& runs = report.runs;
  std::string html = "<table class=\"results\">\n<thead><tr><th scope=\"col\">Run</th>";
  for (const Figure& figure : figures(report, runs.front())) {
    html += "<th scope=\"col\">" + std::string(figure.name) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ReportedRun& run = runs[i];
    html += "<tr><th scope=\"row\">" + swatch(i) + ' ' + escape(run.name) + "<span class=\"note\">" +
            escape(run.state()) + "</span></th>";
    for (const Figure& figure : figures(report, run)) {
      html += "<td data-label=\"" + std::string(figure.name) + "\">" + escape(figure.value);
      if (figure.needs_note && !figure.note.empty())
        html += "<span class=\"note\">" + escape(figure.note) + "</span>";
      html += "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::string summary_section(const Report& report) {
  return "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Result</h2>\n" +
         (report.is_single() ? tiles(report) : scroll_box("Results of all runs", table(report))) +
         "</section>\n";
}

}  // namespace ppo
