// The report as one HTML file that needs nothing else: no network, no other file.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/reported_run.hpp"

namespace ppo {

struct ReportedFilm {
  std::int64_t agent = 0;
  std::string gif = {};
  std::string still = {};  // PNG, for those who want no motion
};

/// Films are large.
inline constexpr std::size_t kMostFilms = 4;

/// The run has a policy, and its environment draws itself.
bool can_be_filmed(const ReportedRun& run);

/// The policies of all agents are read to film one of them: above 1 GiB that is too much to ask of a machine.
bool is_too_large_to_film(const ReportedRun& run);

/// What the page shows: films[i] is that of runs[i], if there is one.
struct Report {
  std::vector<ReportedRun> runs;
  std::vector<std::optional<ReportedFilm>> films;

  bool is_single() const { return runs.size() == 1; }
};

std::string page(const Report& report);

/// The file of that name among those that are built in.
std::string_view page_file(std::string_view name);

/// The sections of the page, as HTML; empty where there is nothing to show.
std::string summary_section(const Report& report);
std::string curves_section(const Report& report);
std::string films_section(const Report& report);
std::string agents_section(const Report& report);
std::string config_section(const Report& report);
std::string reproduce_section(const Report& report);

/// What the charts draw, for page.js.
nlohmann::ordered_json chart_data(const Report& report);

/// Classes of palette.css, which has 6 colours and 5 dashes: 30 lines differ.
std::string colour(std::size_t run);
std::string line_style(std::size_t run);

/// A piece of the line that stands for run number `run` in the charts.
std::string swatch(std::size_t run);

/// `table` in a box that scrolls by itself, also by keyboard, and is announced as `label`.
std::string scroll_box(std::string_view label, const std::string& table);

}  // namespace ppo
