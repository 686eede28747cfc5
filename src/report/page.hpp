// The report as one HTML file that needs nothing else: no network, no other file.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "film/film.hpp"
#include "report/reported_run.hpp"

namespace ppo {

struct ReportedFilm {
  std::int64_t agent = 0;
  FilmAndStill film = {};     // the still is for those who want no motion
  std::string why_none = {};  // for a person, printable; empty where there is a film

  bool is_there() const { return why_none.empty(); }
};

/// What the page shows. films[i] is that of runs[i]; none where no film is to be expected: of a run without a
/// policy, of an environment that does not draw itself, or beyond kMostFilms.
struct Report {
  static constexpr std::size_t kMostFilms = 4;  // they are large
  static constexpr std::size_t kFewRuns = 6;    // of more, the page does not name all everywhere

  std::vector<ReportedRun> runs;
  std::vector<std::optional<ReportedFilm>> films = {};
  bool lacks_films = false;  // there could be more than kMostFilms

  bool is_single() const { return runs.size() == 1; }
  bool has_many() const { return runs.size() > kFewRuns; }
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

/// The numbers of the curves, to be opened.
std::string numbers_details(const Report& report);

/// What the charts draw, for charts.js.
nlohmann::ordered_json chart_data(const Report& report);

/// Classes of palette.css, which has 6 colours and 5 dashes: 30 lines differ.
std::string colour(std::size_t run);
std::string line_style(std::size_t run);

/// A piece of the line that stands for run number `run` in the charts.
std::string swatch(std::size_t run);

/// The buttons that zoom all charts of charts.js.
std::string_view zoom_buttons();

/// A command in a box, with a button that copies it.
std::string command_line(const std::string& command);

/// `table` in a box that scrolls by itself, also by keyboard, and is announced as `label`.
std::string scroll_box(std::string_view label, const std::string& table);

}  // namespace ppo
