// The config, and how to get the same result again.
#include <algorithm>

#include "config/options.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "run/records.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string badge(std::string_view text) {
  return " <span class=\"badge\">" + std::string(text) + "</span>";
}

bool differs(const Report& report, const Option& option) {
  const std::string first = value_text(report.runs.front().config(), option);
  return std::any_of(report.runs.begin(), report.runs.end(),
                     [&](const ReportedRun& run) { return value_text(run.config(), option) != first; });
}

std::string value_cell(const Config& config, const Option& option, std::size_t columns) {
  const std::string value = value_text(config, option);
  const std::string width = columns == 1 ? "" : " colspan=\"" + std::to_string(columns) + '"';
  return "<td class=\"code\"" + width + ">" + escape(value) +
         (value == value_text(Config{}, option) ? "" : badge("changed")) + "</td>";
}

/// A value that all runs have is said once.
std::string option_row(const Report& report, const Option& option) {
  std::string html = "<tr><th scope=\"row\" class=\"code\">" + std::string(option.key) + "</th>";
  const std::string usual = "<td class=\"code\">" + escape(value_text(Config{}, option)) + "</td>";
  if (report.is_single()) {
    html += value_cell(report.runs.front().config(), option, 1) + usual + "<td class=\"text\">" +
            escape(help_with_unit(option)) + "</td>";
  } else if (differs(report, option)) {
    html += usual;
    for (const ReportedRun& run : report.runs) html += value_cell(run.config(), option, 1);
  } else {
    html += usual + value_cell(report.runs.front().config(), option, report.runs.size());
  }
  return html + "</tr>\n";
}

std::string config_head(const Report& report) {
  std::string html = "<thead><tr><th scope=\"col\">Key</th>";
  if (report.is_single()) {
    html += "<th scope=\"col\">Value</th><th scope=\"col\">Default</th><th scope=\"col\">Meaning</th>";
  } else {
    html += "<th scope=\"col\">Default</th>";
    for (const ReportedRun& run : report.runs) html += "<th scope=\"col\">" + escape(run.name) + "</th>";
  }
  return html + "</tr></thead>\n";
}

/// The rows of a group of options under its name; empty when there are none.
std::string config_group(const Report& report, std::string_view name, const std::string& rows) {
  if (rows.empty()) return "";
  const std::size_t width = report.is_single() ? 4 : report.runs.size() + 2;
  return "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"" + std::to_string(width) + "\">" +
         std::string(name) + "</th></tr>\n" + rows + "</tbody>\n";
}

std::string config_table(const Report& report) {
  std::string differing;
  std::vector<std::pair<std::string_view, std::string>> groups;
  for (const Option& option : options()) {
    if (groups.empty() || groups.back().first != option.group) groups.emplace_back(option.group, "");
    (differs(report, option) ? differing : groups.back().second) += option_row(report, option);
  }
  std::string html = "<table class=\"config\">\n" + config_head(report);
  html += config_group(report, "Different between the runs", differing);
  for (const auto& [name, rows] : groups) html += config_group(report, name, rows);
  return html + "</table>\n";
}

std::string given_command(const std::vector<std::string>& arguments) {
  std::string command = program_name();
  for (const std::string& argument : arguments) command += ' ' + shell_word(argument);
  return command;
}

std::string facts_list(const RunEnding& ending) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"program", "ppo_train " + ending.version},
      {"numerics version", std::to_string(ending.numerics_version)},
      {"finished", plain_time(ending.finished)},
      {"device", ending.device}};
  facts.insert(facts.end(), ending.engine.begin(), ending.engine.end());
  facts.insert(facts.end(), ending.machine.begin(), ending.machine.end());
  std::string html = "<dl class=\"facts\">\n";
  for (auto& [name, value] : facts) {
    std::replace(name.begin(), name.end(), '_', ' ');
    html += "<div><dt>" + escape(name) + "</dt><dd>" + escape(value) + "</dd></div>\n";
  }
  return html + "</dl>\n";
}

std::string promise(const ReportedRun& run) {
  if (!run.ending) return "There is no hash to compare with, because the run did not end.";
  if (run.ending->diverged())
    return "There is no hash to compare with, because the run diverged; this command will diverge, too.";
  const std::string hash = run.agents.front().param_hash.value_or("–");
  const std::string whose = run.is_population() ? "agent 0's hash was " : "the hash was ";
  if (run.ending->stopped_by) {
    const bool is_fault = run.ending->stopped_by == Outcome::kByFault;
    return "The run " + run.state() + ", when " + whose + hash + "; this command continues" +
           (is_fault ? " as far as the environment lets it."
                     : " to the last update, so its hash will differ.");
  }
  return "Ends with the same bytes on every machine and device, as long as the numerics version is " +
         std::to_string(run.ending->numerics_version) + ": " + whose + hash + '.';
}

std::string reproduction(const ReportedRun& run) {
  std::string html =
      command_line(program_name() + " --config " + file_word((run.saved.folder / "config.toml").native()));
  html += "<p class=\"wrap\">" + escape(promise(run)) + "</p>\n";
  if (run.ending) {
    html += "<p>The run itself was started with:</p>\n" +
            command_line(given_command(run.ending->command_line)) + facts_list(*run.ending);
  }
  return html;
}

}  // namespace

std::string command_line(const std::string& command) {
  return "<div class=\"command\"><pre tabindex=\"0\"><code>" + escape(command) +
         "</code></pre><button type=\"button\" class=\"copy\" hidden>Copy</button></div>\n";
}

std::string config_section(const Report& report) {
  std::string text = "Values that differ from the default are marked “changed”.";
  if (!report.is_single())
    text += " Keys that differ between the runs come first; below them, a value applies to all runs.";
  return "<section aria-labelledby=\"config\">\n<h2 id=\"config\">Config</h2>\n<p>" + text + "</p>\n" +
         scroll_box("Config", config_table(report)) + "</section>\n";
}

std::string reproduce_section(const Report& report) {
  std::string html = "<section aria-labelledby=\"reproduce\">\n<h2 id=\"reproduce\">Run it again</h2>\n";
  for (const ReportedRun& run : report.runs) {
    if (!report.is_single()) html += "<h3>" + escape(run.name) + "</h3>\n";
    html += reproduction(run);
  }
  return html + "</section>\n";
}

}  // namespace ppo
