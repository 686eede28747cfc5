// The agents of a population.
#include <algorithm>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostRows = 1000;
constexpr double kNone = -1e300;  // sorts below all

std::string spread_of(std::string text, std::vector<double> returns) {
  const std::pair<const char*, double> shares[] = {{" least ", 0.0},
                                                   {", lower quartile ", 0.25},
                                                   {", median ", 0.5},
                                                   {", upper quartile ", 0.75},
                                                   {", greatest ", 1.0}};
  for (const auto& [name, share] : shares) text += name + number(quantile(returns, share));
  return text + '.';
}

std::string spread_of_returns(const ReportedRun& run) {
  const std::vector<double> returns = final_returns(run);
  std::string text = returns.empty() ? "No agent has ended 100 episodes yet."
                                     : spread_of("Final return of the agents:", returns);
  const std::vector<double> best = best_returns(run);
  if (!best.empty()) text += ' ' + spread_of("Best evaluation:", best);
  return text;
}

/// A heading that page.js makes a button that sorts.
std::string heading(std::string_view text) {
  return "<th scope=\"col\" aria-sort=\"none\"><button type=\"button\" class=\"sort\">" + std::string(text) +
         "</button></th>";
}

/// A cell, with the number that it is sorted by.
std::string cell(const std::string& text, double order) {
  return "<td data-order=\"" + plain_number(order) + "\">" + text + "</td>";
}

std::string steps_cell(const std::optional<std::int64_t>& steps) {
  return cell(steps ? grouped(*steps) : "–", steps ? static_cast<double>(*steps) : kNone);
}

/// Of all agents of the run, or of none.
struct Columns {
  bool best;
  bool stopped;
};

Columns columns_of(const ReportedRun& run) {
  const EvaluationPlan& plan = run.config().evaluation;
  return {plan.evaluates(), plan.stops()};
}

std::string best_cells(const ReportedRun& run, const std::optional<EvalScore>& best) {
  if (!best) return cell("–", kNone) + steps_cell(std::nullopt);
  return cell(best_text(*best), best->return_mean) + steps_cell(run.steps_at(best->update));
}

std::string row(const ReportedRun& run, std::size_t k) {
  const ReportedAgent& agent = run.agents[k];
  const auto [has_best, has_stopped] = columns_of(run);
  const auto stopped = agent.stopped_at ? std::optional(run.steps_at(*agent.stopped_at)) : std::nullopt;
  return "<tr><th scope=\"row\" data-order=\"" + std::to_string(k) + "\">" + std::to_string(k) + "</th>" +
         "<td>" + std::to_string(agent.seed) + "</td>" +
         cell(number(agent.return_100), agent.return_100.value_or(kNone)) + steps_cell(agent.solved_at_step) +
         (has_best ? best_cells(run, agent.best) : "") + (has_stopped ? steps_cell(stopped) : "") +
         "<td class=\"code\">" + escape(agent.param_hash.value_or("–")) + "</td></tr>\n";
}

std::string agents_table(const ReportedRun& run) {
  const std::size_t rows = std::min(run.agents.size(), kMostRows);
  std::string html = "<p>" + spread_of_returns(run);
  if (rows < run.agents.size()) {
    html += " The table holds the first " + grouped(static_cast<std::int64_t>(rows)) + " of " +
            grouped(static_cast<std::int64_t>(run.agents.size())) + " agents; run.json has all.";
  }
  html += "</p>\n";
  const auto [has_best, has_stopped] = columns_of(run);
  std::string table = "<table class=\"sortable\">\n<thead><tr>" + heading("Agent") +
                      "<th scope=\"col\">Seed</th>" + heading("Final return") + heading("Solved at step") +
                      (has_best ? heading("Best evaluation") + heading("Best at step") : "") +
                      (has_stopped ? heading("Stopped at step") : "") +
                      "<th scope=\"col\">Parameter hash</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < rows; ++k) table += row(run, k);
  return html + scroll_box("Agents of " + run.name, table + "</tbody>\n</table>\n");
}

}  // namespace

std::string agents_section(const Report& report) {
  std::string html;
  for (const ReportedRun& run : report.runs) {
    if (!run.is_population()) continue;
    if (!report.is_single()) html += "<h3>" + escape(run.name) + "</h3>\n";
    html += agents_table(run);
  }
  if (html.empty()) return "";
  return "<section aria-labelledby=\"agents\">\n<h2 id=\"agents\">Agents</h2>\n" + html + "</section>\n";
}

}  // namespace ppo
