#include "sweep/show/view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sweep/ranking.hpp"
#include "sweep/score.hpp"
#include "sweep/show/progress.hpp"
#include "sweep/show/summary.hpp"
#include "system/join.hpp"
#include "system/text.hpp"
#include "terminal/bar.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

constexpr std::size_t kBest = 5;  // trials that are shown
constexpr std::size_t kBarCells = 20;
constexpr std::size_t kLeastBarCells = 6;

/// Cells, each as wide as the widest of its column and right-aligned.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += std::string(widths[i] - columns(row[i]) + (i > 0 ? 2 : 0), ' ') + row[i];
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

SweepView::SweepView(const SweepConfig& sweep, const SweepState& state, bool quiet)
    : sweep_(sweep), state_(state), quiet_(quiet), screen_(STDOUT_FILENO), target_(target_of(sweep)) {}

SweepView::~SweepView() {
  erase();
  std::fflush(stdout);
}

void SweepView::show(const std::string& label, const std::string& text) const {
  std::printf("%s", beside(label, kLabelWidth, text, screen_.columns()).c_str());
}

void SweepView::start(bool is_resumed) {
  if (quiet_) return;
  const SweepPlan& plan = sweep_.plan;
  std::vector<std::string> keys;
  for (const Dimension& dimension : plan.space) keys.emplace_back(dimension.option->key);
  const std::string head =
      fmt::format("{} of {} by {} | {} | {} steps each | {}", counted(plan.trials, "trial"),
                  sweep_.config.env, method_text(plan), counted(plan.seeds_per_trial, "seed"),
                  grouped(sweep_.config.hyper.total_timesteps), join(keys, ", "));
  for (const std::string& line : wrap(head, screen_.columns(), " | ")) {
    for (const std::string& part : wrap(line, screen_.columns())) std::printf("%s\n", part.c_str());
  }
  if (is_resumed) {
    show(screen_.style().dim("resumed"), fmt::format("{} steps are done", grouped(steps_done(state_))));
  }
  std::fflush(stdout);
}

void SweepView::trained(std::int64_t steps) {
  steps_ += steps;
  if (quiet_ || !screen_.can_renew() || watch_.seconds() < next_s_) return;
  const double begin = watch_.seconds();
  draw();
  // Of tens of thousands of trials even the best five take a while to find.
  next_s_ = watch_.seconds() + std::max(0.2, 20 * (watch_.seconds() - begin));
}

void SweepView::passed() {
  if (quiet_ || screen_.can_renew()) return;
  std::printf("%s\n", bar_line().c_str());
  const std::vector<std::size_t> best = best_places();
  if (!best.empty()) {
    const Trial& trial = trials()[best.front()];
    std::printf("  best so far: trial %lld, %s %s, with %s\n", static_cast<long long>(trial.number),
                metric_name(sweep_.plan, target_).c_str(),
                metric_text(sweep_.plan, score_of(sweep_.plan, target_, trial).median).c_str(),
                values_text(sweep_, trial).c_str());
  }
  std::fflush(stdout);
}

void SweepView::draw() {
  std::vector<std::string> lines = {bar_line()};
  for (std::string& line : best_lines()) lines.push_back("  " + line);
  erase();
  const std::size_t room = screen_.columns() - 1;            // a wrapped line could not be renewed
  lines.resize(std::min(lines.size(), screen_.rows() - 1));  // nor could one that has left the screen
  for (const std::string& line : lines) std::printf("%s\n", cut(line, room).c_str());
  lines_ = lines.size();
  std::fflush(stdout);
}

void SweepView::erase() {
  if (lines_ > 0) std::printf("\033[%zuA\033[J", lines_);
  lines_ = 0;
}

std::string SweepView::bar_line() {
  const Style style = screen_.style();
  const SweepProgress progress = progress_of(sweep_, state_);
  share_ = std::max(share_, progress.share());  // which trials are cut is a guess that may have been too low
  const double rate = static_cast<double>(steps_) / watch_.seconds();
  const std::string percent = fmt::format("{:3.0f} %", std::floor(100 * share_));
  const std::string what = " | " + progress.what;
  const std::string speed = " | " + grouped(static_cast<std::int64_t>(rate)) + style.dim(" steps/s");
  if (!screen_.can_renew()) return percent + what + speed;
  const double left = rate > 0 ? static_cast<double>(progress.left) / rate : 0;
  const std::string eta = " | " + style.dim("ETA ") + fmt::format("{:.0f} s", left);
  const std::size_t width = screen_.columns();
  const std::string whole = percent + what + speed + eta;
  if (const std::size_t taken = columns(whole) + 3; taken + kLeastBarCells <= width) {  // its two ends, too
    return bar(share_, std::min(width - taken, kBarCells), screen_.is_utf8()) + whole;
  }
  for (const std::string& line : {whole, percent + what + eta, percent + eta}) {
    if (columns(line) < width) return line;
  }
  return percent;
}

const std::vector<Trial>& SweepView::trials() const {
  return state_.confirmed.empty() ? state_.trials : state_.confirmed;
}

std::vector<std::size_t> SweepView::best_places() const {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < trials().size(); ++place) {
    const bool has_curve = std::ranges::any_of(trials()[place].agents,
                                               [](const SweepAgent& agent) { return !agent.curve.empty(); });
    if (has_curve) places.push_back(place);
  }
  places = ranked(sweep_.plan, target_, trials(), places);
  places.resize(std::min(places.size(), kBest));
  return places;
}

std::vector<std::string> SweepView::best_lines() const {
  std::vector<std::vector<std::string>> rows = {{"trial", metric_name(sweep_.plan, target_), "mean return"}};
  for (const Dimension& dimension : sweep_.plan.space) rows[0].emplace_back(dimension.option->key);
  for (const std::size_t place : best_places()) {
    const Trial& trial = trials()[place];
    const Score score = score_of(sweep_.plan, target_, trial);
    std::vector<std::string> row = {std::to_string(trial.number), metric_text(sweep_.plan, score.median),
                                    fmt::format("{:.2f}", score.mean_return)};
    for (std::string& value : short_value_texts(trial.config, sweep_.plan.space))
      row.push_back(std::move(value));
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

void SweepView::summary(const std::filesystem::path& folder) {
  erase();
  if (quiet_) return;
  for (const auto& [label, text] : summary_of(
           sweep_, state_, {steps_, watch_.seconds(), steps_done(state_), state_.seconds}, screen_.style()))
    show(label, text);
  say_saved(folder / "best.toml", train_command(sweep_, folder));
  std::fflush(stdout);
}

void SweepView::stopped(const std::filesystem::path& folder) {
  erase();
  if (quiet_) return;
  show(screen_.style().caution("ended"),
       fmt::format("after {} steps; go on with {}", grouped(steps_done(state_)), resume_command(folder)));
  std::fflush(stdout);
}

}  // namespace ppo
