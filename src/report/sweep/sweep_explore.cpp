// The frames of the charts of all trials, and their numbers as tables.
#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string button_name(const ReportedSweep& sweep, const Measure& measure) {
  if (measure.key == "score") return "Score";
  if (measure.key == "so far") return "Rank so far";
  return sweep.cuts() ? "Rank at the first rung" : "Rank at the end";
}

/// What the scripts make of the toolbar is of no use without them.
std::string toolbar(const ReportedSweep& sweep, const std::vector<Measure>& all) {
  std::string html =
      "<div class=\"toolbar\" id=\"explore\" role=\"group\" aria-label=\"What the charts of all trials "
      "show\" hidden>\n";
  for (std::size_t i = 0; all.size() > 1 && i < all.size(); ++i) {
    html += "<button type=\"button\" data-measure=\"" + std::to_string(i) + "\" aria-pressed=\"" +
            (i == 0 ? "true" : "false") + "\">" + button_name(sweep, all[i]) + "</button>\n";
  }
  return html +
         "<span id=\"passing\" role=\"status\"></span>\n<button type=\"button\" id=\"unfilter\" "
         "disabled>Clear filter</button>\n</div>\n";
}

std::string parallel(const ReportedSweep& sweep) {
  const std::size_t drawn = drawn_trials(sweep).size();
  std::string text =
      "A line is a trial, an axis a key; the last axis is what trials are compared by, the best at its far "
      "end. The better the trial, the stronger the colour; " +
      std::string(sweep.has_winner() ? "orange: the winner, " : "") + "dashed: the config as it stands.";
  if (sweep.method == "pbt") text += " A trial of a population has had several values: the last ones count.";
  if (drawn < sweep.trials.size()) {
    text += " Drawn are " + grouped(static_cast<std::int64_t>(drawn)) + " of " +
            grouped(static_cast<std::int64_t>(sweep.trials.size())) +
            " trials: the confirmed ones and an even choice of the others by score.";
  }
  return "<section aria-labelledby=\"trials-chart\">\n<h2 id=\"trials-chart\">All trials at once</h2>\n<p>" +
         text +
         "</p>\n<p class=\"hint\"><span class=\"by-mouse\">Point at a line to read it, click to keep it. "
         "Drag along an axis to filter by a span of values; a click on the axis takes the filter "
         "back.</span><span class=\"by-touch\">Tap a line to read it. Drag along an axis to filter by a span "
         "of values; a tap on the axis takes the filter back.</span> By keyboard: arrow keys go from trial "
         "to trial by score, Home to the best.</p>\n<div class=\"ramp\" aria-hidden=\"true\" "
         "hidden><span>worst</span><i></i><span>best</span></div>\n<div id=\"trial\" "
         "class=\"trial\"></div>\n<p id=\"trial-spoken\" class=\"unseen\" role=\"status\"></p>\n<div "
         "id=\"parallel\" class=\"drawing\" role=\"img\" tabindex=\"0\" aria-label=\"Parallel coordinates of "
         "all trials; the tables below hold their numbers\"></div>\n<details id=\"filters\" "
         "hidden>\n<summary>Filter by numbers</summary>\n<div "
         "class=\"filters\"></div>\n</details>\n</section>\n";
}

std::string value_at(const KeyAxis& axis, const SweptKey& key, double position) {
  if (key.is_list()) {
    const auto last = static_cast<double>(axis.values().size() - 1);
    return axis.values()[static_cast<std::size_t>(std::lround(position * last))];
  }
  const auto between = [&](double least, double most) { return least + position * (most - least); };
  if (key.scale == "log")
    return short_value(plain_number(std::exp(between(std::log(key.least), std::log(key.most)))));
  if (key.scale == "pow2")
    return plain_number(std::exp2(std::round(between(std::log2(key.least), std::log2(key.most)))));
  if (key.scale == "log1m") {
    return short_value(plain_number(1 - std::exp(between(std::log(1 - key.least), std::log(1 - key.most)))));
  }
  return short_value(plain_number(between(key.least, key.most)));
}

/// A position on the axis back as a value.
std::string score_at(const ReportedSweep& sweep, const Measure& measure, const ScoreAxis& axis,
                     double position) {
  if (measure.by_rank) {
    return "rank " + grouped(std::llround(axis.worst() - position * (axis.worst() - 1)));
  }
  if (position < axis.lane()) return measure.none;
  const double share = (position - axis.lane()) / (1 - axis.lane());
  const double value =
      axis.is_logarithmic()
          ? std::exp(std::log(axis.worst()) + share * (std::log(axis.best()) - std::log(axis.worst())))
          : axis.worst() + share * (axis.best() - axis.worst());
  return measure.lower_is_better ? score_text(sweep, value) : number(value);
}

std::string effect_rows(const ReportedSweep& sweep, std::size_t place, const Measure& measure) {
  const SweptKey& key = sweep.keys[place];
  const KeyAxis axis(key, place, sweep.trials);
  const ScoreAxis scores(measure, sweep.metric);
  std::string html;
  for (const EffectBin& bin : effect_of(sweep, place, measure)) {
    const std::string from = value_at(axis, key, bin.from);
    const std::string to = value_at(axis, key, bin.to);
    html += "<tr><th scope=\"row\"><span class=\"code\">" + escape(key.key) + "</span> " +
            escape(from == to ? from : from + " to " + to) + "</th><td>" +
            grouped(static_cast<std::int64_t>(bin.count)) + "</td>";
    for (const double position : {bin.middle, bin.high, bin.low}) {
      html += "<td>" + escape(score_at(sweep, measure, scores, position)) + "</td>";
    }
    html += "</tr>\n";
  }
  return html;
}

std::string effects_table(const ReportedSweep& sweep, const Measure& measure) {
  std::string html =
      "<table>\n<thead><tr><th scope=\"col\">Values</th><th scope=\"col\">Trials</th><th "
      "scope=\"col\">Median</th><th scope=\"col\">Better quartile</th><th scope=\"col\">Worse "
      "quartile</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) html += effect_rows(sweep, k, measure);
  return html + "</tbody>\n</table>\n";
}

/// Of trials that have no score.
std::string lane_text(const std::vector<Measure>& all) {
  const auto score = std::ranges::find(all, "score", &Measure::key);
  const auto is_none = [](double value) { return std::isnan(value); };
  if (score == all.end() || std::ranges::none_of(score->values, is_none)) return "";
  return " By score, trials without one lie in a lane below a rule, the higher the better their mean return.";
}

std::string effects(const ReportedSweep& sweep, const std::vector<Measure>& all) {
  std::string html =
      "<section aria-labelledby=\"effects\">\n<h2 id=\"effects\">Each value by itself</h2>\n<p>A dot is a "
      "trial, higher is better. A box goes from the worse to the better quartile of the trials with such "
      "values, its line is their median." +
      lane_text(all) +
      " Values of other keys differ between the dots.</p>\n<p id=\"measure\" "
      "class=\"note\">" +
      escape(all.front().title) + "</p>\n<div class=\"effects\">\n";
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    html +=
        "<figure class=\"effect\" data-key=\"" + std::to_string(k) + "\">\n<figcaption><h3 class=\"code\">" +
        escape(sweep.keys[k].key) + "</h3></figcaption>\n<p class=\"readout\"></p>\n" +
        "<div class=\"drawing\" role=\"img\" tabindex=\"0\" aria-label=\"" +
        escape(all.front().title + " over " + sweep.keys[k].key + "; its numbers are in the table below") +
        "\"></div>\n</figure>\n";
  }
  html += "</div>\n<details>\n<summary>Medians and quartiles as a table</summary>\n";
  for (const Measure& measure : all) {
    html +=
        "<h3>" + escape(measure.title) + "</h3>\n" + scroll_box(measure.title, effects_table(sweep, measure));
  }
  return html + "</details>\n</section>\n";
}

}  // namespace

std::string explore_sections(const ReportedSweep& sweep) {
  if (!can_compare(sweep)) return "";
  const std::vector<Measure> all = measures(sweep);
  return "<div class=\"explore\">\n" + toolbar(sweep, all) + parallel(sweep) + effects(sweep, all) +
         rungs_section(sweep) + "</div>\n";
}

}  // namespace ppo
