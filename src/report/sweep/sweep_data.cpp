// What the page's scripts draw.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "report/html.hpp"
#include "report/sweep/sweep_page.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

Json place_json(double position) {
  return std::round(position * 1e4) / 1e4;
}

Json key_json(const SweptKey& key, const KeyAxis& axis) {
  if (key.is_list()) return {{"key", key.key}, {"scale", key.scale}, {"values", axis.values()}};
  return {{"key", key.key}, {"scale", key.scale}, {"min", key.least}, {"max", key.most}};
}

/// Of the drawn trials: where each key's value lies and what it is.
Json values_json(const ReportedSweep& sweep, const std::vector<std::size_t>& drawn) {
  Json json = Json::array();
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    const KeyAxis axis(sweep.keys[k], k, sweep.trials);
    Json entry = key_json(sweep.keys[k], axis);
    entry["at"] = Json::array();
    entry["text"] = Json::array();
    for (const std::size_t trial : drawn) {
      entry["at"].push_back(place_json(axis.position(sweep.trials[trial].values[k])));
      entry["text"].push_back(short_value(sweep.trials[trial].values[k]));
    }
    json.push_back(std::move(entry));
  }
  return json;
}

/// What the trial came to by the measure, in words.
std::string measured_text(const ReportedSweep& sweep, const Measure& measure, const ScoreAxis& axis,
                          std::size_t trial) {
  const double value = measure.values[trial];
  if (!measure.by_rank) return score_text(sweep, value);
  const double rank = axis.worst() - axis.positions()[trial] * (axis.worst() - 1);
  return "rank " + grouped(std::llround(rank)) + (lower_is_better(sweep.metric) ? ", return " : ", score ") +
         number(value);
}

Json effects_json(const ReportedSweep& sweep, const Measure& measure) {
  Json json = Json::array();
  for (std::size_t k = 0; k < sweep.keys.size(); ++k) {
    Json bins = Json::array();
    for (const EffectBin& bin : effect_of(sweep, k, measure)) {
      bins.push_back({place_json(bin.from), place_json(bin.to), bin.count, place_json(bin.low),
                      place_json(bin.middle), place_json(bin.high)});
    }
    json.push_back(std::move(bins));
  }
  return json;
}

Json measure_json(const ReportedSweep& sweep, const Measure& measure, const std::vector<std::size_t>& drawn) {
  const ScoreAxis axis(measure, sweep.metric);
  Json json = {{"key", measure.key},
               {"title", measure.title},
               {"none", measure.none},
               {"lower", measure.lower_is_better},
               {"rank", measure.by_rank},
               {"log", axis.is_logarithmic()},
               {"worst", short_json(axis.worst())},
               {"best", short_json(axis.best())},
               {"lane", axis.lane()}};
  for (const char* name : {"text", "at", "low", "high"}) json[name] = Json::array();
  for (const std::size_t trial : drawn) {
    const bool takes_part = measure.takes_part[trial] != 0;
    json["text"].push_back(measured_text(sweep, measure, axis, trial));
    json["at"].push_back(takes_part ? place_json(axis.positions()[trial]) : Json());
    json["low"].push_back(place_json(axis.position(measure.lows[trial])));
    json["high"].push_back(place_json(axis.position(measure.highs[trial])));
  }
  json["effects"] = effects_json(sweep, measure);
  return json;
}

/// For each rung its steps and, of the drawn trials that came to it, their place among those drawn, how they
/// left it, and what they were compared by.
Json rungs_json(const ReportedSweep& sweep, const std::vector<std::size_t>& drawn) {
  Json json = Json::array();
  for (std::size_t rung = 0; sweep.cuts() && rung < sweep.reported_rungs(); ++rung) {
    Json dots = Json::array();
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const ReportedTrial& trial = sweep.trials[drawn[i]];
      const AtRung how = at_rung(sweep, trial, rung);
      if (how == AtRung::absent || rung >= trial.at_rung.size()) continue;
      const Standing& standing = trial.at_rung[rung].standing;
      dots.push_back(
          {i, static_cast<int>(how) - 1, short_json(standing.score), short_json(standing.mean_return)});
    }
    const Ranked ranked = ranked_at(sweep, rung);
    if (!dots.empty())
      json.push_back({{"steps", sweep.rungs[rung]},
                      {"end", sweep.rungs[rung] == sweep.total_timesteps},
                      {"kept", ranked.kept},
                      {"rivals", ranked.rivals},
                      {"dots", std::move(dots)}});
  }
  return json;
}

/// In words what its seeds came to.
std::string seeds_text(const ReportedSweep& sweep, const ReportedTrial& trial) {
  constexpr std::size_t kMost = 5;
  std::string text;
  if (std::ranges::all_of(trial.seeds, [](double seed) { return std::isnan(seed); })) return text;
  for (std::size_t i = 0; i < trial.seeds.size() && i < kMost; ++i) {
    const double seed = trial.seeds[i];
    text += i > 0 ? ", " : "";
    text += std::isnan(seed)                ? "–"
            : lower_is_better(sweep.metric) ? grouped(std::llround(seed))
                                            : number(seed);
  }
  return trial.seeds.size() > kMost ? text + ", …" : text;
}

}  // namespace

nlohmann::ordered_json short_json(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

std::vector<std::size_t> drawn_trials(const ReportedSweep& sweep) {
  const std::vector<std::size_t> order = trials_by_score(sweep);
  std::set<std::size_t> drawn;
  for (std::size_t i = 0; i < order.size(); ++i) {
    // Evenly spaced: those at which the whole part of i * most / count grows.
    const std::size_t most = std::min(kMostDrawnTrials, order.size());
    if (i == 0 || i * most / order.size() != (i - 1) * most / order.size()) drawn.insert(order[i]);
  }
  for (const ConfirmedTrial& best : sweep.ranking) drawn.insert(static_cast<std::size_t>(best.trial));
  if (!sweep.trials.empty()) drawn.insert(0);
  return {drawn.begin(), drawn.end()};
}

nlohmann::ordered_json trials_data(const ReportedSweep& sweep) {
  const std::vector<std::size_t> drawn = drawn_trials(sweep);
  const std::vector<std::size_t> order = trials_by_score(sweep);
  std::vector<std::size_t> ranks(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) ranks[order[place]] = place + 1;
  Json json = {{"count", sweep.trials.size()}, {"numbers", drawn}, {"lower", lower_is_better(sweep.metric)}};
  if (sweep.has_winner()) json["winner"] = sweep.ranking.front().trial;
  for (const char* name : {"rank", "state", "seeds"}) json[name] = Json::array();
  for (const std::size_t trial : drawn) {
    json["rank"].push_back(ranks[trial]);
    json["state"].push_back(state_text(sweep.trials[trial]));
    json["seeds"].push_back(seeds_text(sweep, sweep.trials[trial]));
  }
  json["keys"] = values_json(sweep, drawn);
  json["measures"] = Json::array();
  for (const Measure& measure : measures(sweep))
    json["measures"].push_back(measure_json(sweep, measure, drawn));
  json["rungs"] = rungs_json(sweep, drawn);
  return json;
}

std::vector<EffectBin> effect_of(const ReportedSweep& sweep, std::size_t place, const Measure& measure) {
  const KeyAxis axis(sweep.keys[place], place, sweep.trials);
  std::vector<double> positions;
  for (std::size_t trial = 0; trial < sweep.trials.size(); ++trial) {
    const bool takes_part = measure.takes_part[trial] != 0;
    positions.push_back(takes_part ? axis.position(sweep.trials[trial].values[place]) : -1);
  }
  return effect_bins(positions, bins_of(positions), ScoreAxis(measure, sweep.metric).positions());
}

AtRung at_rung(const ReportedSweep& sweep, const ReportedTrial& trial, std::size_t rung) {
  const auto passed = static_cast<std::size_t>(trial.rungs);
  const auto cut = cut_rung(sweep, trial);
  const std::size_t before = trial.state == TrialState::diverged && passed > 0 ? passed - 1 : passed;
  if (!cut) return rung < before ? AtRung::kept : AtRung::absent;
  if (rung < *cut) return AtRung::kept;
  if (trial.is_control()) return rung == *cut || rung < before ? AtRung::control : AtRung::absent;
  return rung == *cut ? AtRung::cut : AtRung::absent;
}

std::string state_text(const ReportedTrial& trial) {
  if (trial.state == TrialState::diverged) return "diverged";
  if (trial.state == TrialState::cut) return "cut at " + counted(trial.cut_at.value_or(0), "step");
  if (trial.is_control()) return "control, would have been cut at " + counted(*trial.cut_at, "step");
  return trial.state == TrialState::training ? "training" : "finished";
}

}  // namespace ppo
