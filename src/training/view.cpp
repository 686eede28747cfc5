#include "training/view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "system/text.hpp"
#include "terminal/bar.hpp"
#include "training/agents_text.hpp"
#include "training/summary.hpp"

namespace ppo {
namespace {

/// Of the agents that train: the others have no record.
template <class Get>
std::string spread(std::span<const Record> agents, std::int64_t num_agents, Get get) {
  std::vector<double> values;
  for (const Record& agent : agents) {
    if (const std::optional<double> value = get(agent)) values.push_back(*value);
  }
  return agents_text(std::move(values), static_cast<std::size_t>(num_agents));
}

/// The mean over the agents of a number that each of them has.
template <class Get>
double mean(std::span<const Record> agents, Get get) {
  double sum = 0;
  for (const Record& agent : agents) sum += static_cast<double>(get(agent.row));
  return sum / static_cast<double>(agents.size());
}

std::string steps_rate(double steps_per_s) {
  return grouped(static_cast<std::int64_t>(steps_per_s));
}

/// "cpu (avx512, up to 2 threads)", "cpu (4 ranks, 2 an agent, each avx512, 2 threads)",
/// "cuda:0 (NVIDIA H200, 128 blocks)".
std::string place(const EngineInfo& engine) {
  std::string ranks;
  if (engine.ranks > 1) ranks = counted(engine.ranks, "rank") + ", ";
  if (engine.ranks_per_agent > 1) ranks += std::to_string(engine.ranks_per_agent) + " an agent, ";
  if (engine.ranks > 1) ranks += "each ";
  if (engine.gpu.empty()) {
    const std::string most = engine.chooses_threads ? "up to " : "";
    return engine.device + " (" + ranks + engine.simd + ", " + most + counted(engine.threads, "thread") + ")";
  }
  const std::string blocks = counted(engine.blocks_per_agent, "block");
  return engine.device + " (" + ranks + engine.gpu + ", " +
         (engine.num_teams == 1 ? blocks : counted(engine.num_teams, "team") + " of " + blocks) + ")";
}

}  // namespace

TrainingView::TrainingView(const TrainRequest& request)
    : config_(request.config),
      environment_(find_environment(config_.env)->info()),
      quiet_(request.quiet),
      draws_curve_(request.draws_curve),
      screen_(STDOUT_FILENO),
      style_(screen_.style()),
      evaluations_(static_cast<std::size_t>(config_.num_seeds), std::numeric_limits<double>::quiet_NaN()) {}

TrainingView::~TrainingView() {
  if (!live_) return;
  std::printf("\n");
  std::fflush(stdout);
}

void TrainingView::show(const std::string& label, const std::string& text, std::size_t width) const {
  std::printf("%s", beside(label, kLabelWidth, text, width).c_str());
}

void TrainingView::end_live_line() {
  if (live_) std::printf("\r\033[K");
  live_ = false;
}

void TrainingView::start(const EngineInfo& engine, std::optional<std::int64_t> resumed_at) {
  if (quiet_) return;
  if (!engine.note.empty()) show(style_.caution("note"), engine.note, screen_.columns());
  if (draws_curve_) {
    curve_.emplace(config_, screen_,
                   fmt::format("return over steps | {} on {} | seed {}", config_.env, place(engine),
                               config_.hyper.seed));
  } else {
    start_line(engine);
  }
  if (resumed_at) {
    show(style_.dim("resumed"),
         "at update " + std::to_string(*resumed_at) + " of " + std::to_string(num_updates(config_.hyper)),
         screen_.columns());
  }
  std::fflush(stdout);
}

void TrainingView::start_line(const EngineInfo& engine) const {
  const Hyper& hyper = config_.hyper;
  const std::uint64_t last = hyper.seed + static_cast<std::uint64_t>(config_.num_seeds) - 1;
  const std::string seeds = config_.num_seeds == 1 ? fmt::format("seed {}", hyper.seed)
                                                   : fmt::format("seeds {} to {}", hyper.seed, last);
  const std::string start =
      fmt::format("{} on {} | {} x {} steps per update, {} updates | {} parameters | {}", config_.env,
                  place(engine), hyper.num_envs, hyper.num_steps, num_updates(hyper),
                  environment_.layout(hyper.hidden_size).size(), seeds);
  for (const std::string& line : wrap(start, screen_.columns(), " | ")) {
    for (const std::string& part : wrap(line, screen_.columns())) std::printf("%s\n", part.c_str());
  }
}

void TrainingView::update(std::span<const Record> agents, const Timing& timing) {
  if (quiet_) return;
  if (curve_) {
    curve_->update(agents, timing);
  } else if (screen_.can_renew()) {
    live_line(agents, timing);
  } else {
    plain_line(agents, timing);
  }
}

void TrainingView::evaluated(std::span<const EvalRecord> agents) {
  for (const EvalRecord& record : agents) {
    evaluations_[static_cast<std::size_t>(record.agent)] = record.episodes.mean;
  }
}

std::string TrainingView::evaluations() const {
  std::vector<double> returns = evaluations_;
  std::erase_if(returns, [](double mean) { return !std::isfinite(mean); });
  return agents_text(std::move(returns), evaluations_.size());
}

bool TrainingView::agents_stop() const {
  return config_.num_seeds > 1 && config_.evaluation.stops();
}

std::string TrainingView::number_stopped(std::span<const Record> agents) const {
  const std::int64_t stopped = config_.num_seeds - static_cast<std::int64_t>(agents.size());
  return std::to_string(stopped) + " of " + std::to_string(config_.num_seeds);
}

void TrainingView::made(std::string_view what, const std::filesystem::path& file) {
  if (quiet_) return;
  end_live_line();
  show(style_.dim(what), printable(file.native()), std::string::npos);
  std::fflush(stdout);
}

void TrainingView::live_line(std::span<const Record> agents, const Timing& timing) {
  if (timing.wall_s < next_live_s_) return;
  next_live_s_ = timing.wall_s + 0.1;
  const std::int64_t done = agents.front().row.update + 1;
  const std::int64_t all = num_updates(config_.hyper);
  const double share = static_cast<double>(done) / static_cast<double>(all);
  const std::string update = style_.dim("update ") + std::to_string(done) + '/' + std::to_string(all);
  const auto return_100 = [](const Record& record) { return record.return_100; };
  const std::string returns =
      " | " + style_.dim("return_100 ") + style_.bold(spread(agents, config_.num_seeds, return_100));
  const std::string evals =
      config_.evaluation.evaluates() ? " | " + style_.dim("eval ") + style_.bold(evaluations()) : "";
  const std::string stopped = agents_stop() ? " | " + style_.dim("stopped ") + number_stopped(agents) : "";
  const std::string rate = " | " + steps_rate(timing.steps_per_s) + style_.dim(" steps/s");
  const std::string left =
      " | " + style_.dim("ETA ") + fmt::format("{:.0f} s", timing.wall_s / share - timing.wall_s);
  const std::string whole = update + returns + evals + stopped + rate + left;

  const std::size_t room = screen_.columns() - 1;  // a wrapped line could not be renewed
  std::string line = progress_bar(share, whole, room) + whole;
  const std::string& telling = evals.empty() ? returns : evals;
  for (const std::string& shorter :
       {update + returns + evals + stopped + left, update + telling + left, update + left, update}) {
    if (columns(line) > room) line = shorter;  // part of a number would look like another one
  }
  std::printf("\r\033[K%s", cut(line, room).c_str());
  live_ = true;
  std::fflush(stdout);
}

std::string TrainingView::progress_bar(double share, const std::string& text, std::size_t room) {
  constexpr std::size_t kLeast = 8;  // cells
  constexpr std::size_t kMost = 20;
  const std::string percent = fmt::format(" {:3.0f} % ", std::floor(100 * share));
  longest_live_ = std::max(longest_live_, columns(text));  // so that the bar does not jump to and fro
  const std::size_t taken = longest_live_ + columns(percent) + 2;
  if (room < taken + kLeast) return "";
  return bar(share, std::min(room - taken, kMost), screen_.is_utf8()) + percent;
}

void TrainingView::plain_line(std::span<const Record> agents, const Timing& timing) {
  const std::int64_t update = agents.front().row.update;
  if (update % config_.run.log_every != 0 && update != num_updates(config_.hyper) - 1) return;
  const std::string line =
      fmt::format("Update {}: Return {}{}{} | SPS {} | Policy loss {:.4f} | Value loss {:.4g}\n", update,
                  spread(agents, config_.num_seeds, [](const Record& record) { return record.return_mean; }),
                  config_.evaluation.evaluates() ? " | Eval " + evaluations() : "",
                  agents_stop() ? " | Stopped " + number_stopped(agents) : "", steps_rate(timing.steps_per_s),
                  mean(agents, [](const UpdateRow& r) { return r.loss_policy; }),
                  mean(agents, [](const UpdateRow& r) { return r.loss_value; }));
  std::printf("%s", line.c_str());
  std::fflush(stdout);
}

void TrainingView::summary(const Outcome& outcome, const std::optional<std::filesystem::path>& folder,
                           bool has_checkpoint) {
  if (quiet_) return;
  end_live_line();
  if (curve_) curve_->finish();
  for (const SummaryLine& line : summary_of(config_, outcome, folder, has_checkpoint, style_)) {
    show(line.label, line.text, line.is_whole ? std::string::npos : screen_.columns());
  }
  std::fflush(stdout);
}

}  // namespace ppo
