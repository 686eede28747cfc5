// The config, and how to get the same result again.
#include <algorithm>

#include "config/options.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace ppo {
namespace {

std::string badge(std::string_view text) {
  return " <span class=\"badge\">" + std::string(text) + "</span>";
}

std::string option_row(const Report& report, const Option& option) {
  const std::string usual = value_text(Config{}, option);
  std::string cells;
  bool differs = false;
  for (const ReportedRun& run : report.runs) {
    const std::string value = value_text(run.config(), option);
    differs = differs || value != value_text(report.runs.front().config(), option);
    cells += "<td class=\"code\">" + escape(value) + (value == usual ? "" : badge("changed")) + "</td>";
  }
  return "<tr><th scope=\"row\" class=\"code\">" + std::string(option.key) +
         (differs ? badge("differs") : "") + "</th>" + cells + "<td class=\"code\">" + escape(usual) +
         "</td><td class=\"text\">" + escape(help_with_unit(option)) + "</td></tr>\n";
}

std::string config_table(const Report& report) {
  std::string html = "<table class=\"config\">\n<thead><tr><th scope=\"col\">Key</th>";
  for (const ReportedRun& run : report.runs) {
    html += "<th scope=\"col\">" + (report.is_single() ? "Value" : escape(run.name)) + "</th>";
  }
  html += "<th scope=\"col\">Default</th><th scope=\"col\">Meaning</th></tr></thead>\n";
  const std::string width = std::to_string(report.runs.size() + 3);
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group) {
      if (!group.empty()) html += "</tbody>\n";
      group = option.group;
      html += "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"" + width + "\">" +
              std::string(group) + "</th></tr>\n";
    }
    html += option_row(report, option);
  }
  return html + "</tbody>\n</table>\n";
}

std::string command_line(const std::string& command) {
  return "<div class=\"command\"><pre tabindex=\"0\"><code>" + escape(command) +
         "</code></pre><button type=\"button\" class=\"copy\" hidden>Copy</button></div>\n";
}

std::string given_command(const std::vector<std::string>& arguments) {
  std::string command = "ppo_train";
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
  if (!run.ending) return "The run has no hash to compare with, since it did not end.";
  if (run.ending->diverged()) return "The run has no hash to compare with, since it diverged; so will this.";
  const std::string hash = run.agents.front().param_hash.value_or("–");
  const std::string whose = run.is_population() ? "agent 0's hash was " : "the hash was ";
  if (run.ending->stopped_by) {
    return "The run " + run.state() + ", when " + whose + hash +
           "; this command goes on to the last update, so that its hash is another.";
  }
  return "Ends with the same bytes on every machine and device, as long as the numerics version is " +
         std::to_string(run.ending->numerics_version) + ": " + whose + hash + '.';
}

std::string reproduction(const ReportedRun& run) {
  std::string html =
      command_line("ppo_train --config " + shell_word((run.saved.folder / "config.toml").string()));
  html += "<p class=\"wrap\">" + escape(promise(run)) + "</p>\n";
  if (run.ending) {
    html += "<p>The run itself was started with:</p>\n" +
            command_line(given_command(run.ending->command_line)) + facts_list(*run.ending);
  }
  return html;
}

}  // namespace

std::string config_section(const Report& report) {
  std::string text = "Values that are not the default say “changed”";
  text += report.is_single() ? "." : ", keys that are not the same in all runs “differs”.";
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
