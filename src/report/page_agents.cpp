// The agents of a population.
#include <algorithm>

#include "report/html.hpp"
#include "report/page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr std::size_t kMostRows = 1000;

std::string spread_of_returns(const ReportedRun& run) {
  std::vector<double> returns = final_returns(run);
  if (returns.empty()) return "No agent has ended 100 episodes yet.";
  std::string text = "Final return of the agents:";
  const std::pair<const char*, double> shares[] = {{" least ", 0.0},
                                                   {", lower quartile ", 0.25},
                                                   {", median ", 0.5},
                                                   {", upper quartile ", 0.75},
                                                   {", greatest ", 1.0}};
  for (const auto& [name, share] : shares) text += name + number(quantile(returns, share));
  return text + '.';
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

std::string row(std::size_t k, const ReportedAgent& agent) {
  constexpr double none = -1e300;  // below all
  const auto solved = agent.solved_at_step;
  return "<tr><th scope=\"row\" data-order=\"" + std::to_string(k) + "\">" + std::to_string(k) + "</th>" +
         "<td>" + std::to_string(agent.seed) + "</td>" +
         cell(number(agent.return_100), agent.return_100.value_or(none)) +
         cell(solved ? grouped(*solved) : "–", solved ? static_cast<double>(*solved) : none) +
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
  std::string table = "<table class=\"sortable\">\n<thead><tr>" + heading("Agent") +
                      "<th scope=\"col\">Seed</th>" + heading("Final return") + heading("Solved at step") +
                      "<th scope=\"col\">Parameter hash</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < rows; ++k) table += row(k, run.agents[k]);
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
