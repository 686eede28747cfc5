#include "training/view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/bar.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

/// One agent: its number. Several: their median, least and greatest. Agents that have none yet do not count.
template <class Get>
std::string spread(std::span<const Record> agents, Get get) {
  std::vector<double> values;
  for (const Record& agent : agents) {
    if (const std::optional<double> value = get(agent)) values.push_back(*value);
  }
  if (values.empty()) return "-";
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  if (agents.size() == 1) return fmt::format("{:.2f}", median);
  return fmt::format("{:.2f} ({:.2f} ... {:.2f})", median, values.front(), values.back());
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

/// "solved at step 98,304", or why one cannot say so.
std::string verdict(const AgentProgress& agent, const Config& config, const EnvironmentInfo& environment,
                    const Style& style) {
  if (agent.solved_at_step()) return style.good("solved at step " + grouped(*agent.solved_at_step()));
  if (config.hyper.max_episode_steps != environment.time_limit)
    return environment.time_limit == 0 ? std::string("\"solved\" is defined only without a time limit")
                                       : fmt::format("\"solved\" is defined only with max_episode_steps = {}",
                                                     environment.time_limit);
  return fmt::format("not solved (needs {:.4g})", environment.solved_return);
}

/// "cpu (avx512, 2 threads)", "cuda:0 (NVIDIA H200, 128 blocks)".
std::string place(const EngineInfo& engine) {
  if (engine.gpu.empty()) {
    return engine.device + " (" + engine.simd + ", " + counted(engine.threads, "thread") + ")";
  }
  const std::string blocks = counted(engine.blocks_per_agent, "block");
  return engine.device + " (" + engine.gpu + ", " +
         (engine.num_teams == 1 ? blocks : counted(engine.num_teams, "team") + " of " + blocks) + ")";
}

}  // namespace

TrainingView::TrainingView(const Config& config, bool quiet)
    : config_(config),
      environment_(find_environment(config.env)->info()),
      quiet_(quiet),
      screen_(STDOUT_FILENO),
      style_(screen_.style()) {}

TrainingView::~TrainingView() {
  if (!live_) return;
  std::printf("\n");
  std::fflush(stdout);
}

void TrainingView::show(const std::string& label, const std::string& text) const {
  std::printf("%s", beside(label, kLabelWidth, text, screen_.columns()).c_str());
}

void TrainingView::show_whole(const std::string& label, const std::string& text) const {
  std::printf("%s", beside(label, kLabelWidth, text, std::string::npos).c_str());
}

void TrainingView::start(const EngineInfo& engine, std::optional<std::int64_t> resumed_at) {
  if (quiet_) return;
  const Hyper& hyper = config_.hyper;
  const std::uint64_t last = hyper.seed + static_cast<std::uint64_t>(config_.num_seeds) - 1;
  const std::string seeds = config_.num_seeds == 1 ? fmt::format("seed {}", hyper.seed)
                                                   : fmt::format("seeds {} to {}", hyper.seed, last);
  if (!engine.note.empty()) show(style_.caution("note"), engine.note);
  const std::string start =
      fmt::format("{} on {} | {} x {} steps per update, {} updates | {} parameters | {}", config_.env,
                  place(engine), hyper.num_envs, hyper.num_steps, num_updates(hyper),
                  environment_.layout(hyper.hidden_size).size(), seeds);
  for (const std::string& line : wrap(start, screen_.columns(), " | ")) {
    for (const std::string& part : wrap(line, screen_.columns())) std::printf("%s\n", part.c_str());
  }
  if (resumed_at) {
    show(style_.dim("resumed"),
         "at update " + std::to_string(*resumed_at) + " of " + std::to_string(num_updates(hyper)));
  }
  std::fflush(stdout);
}

void TrainingView::update(std::span<const Record> agents, const Timing& timing) {
  if (quiet_) return;
  if (screen_.can_renew()) {
    live_line(agents, timing);
  } else {
    plain_line(agents, timing);
  }
}

void TrainingView::made(std::string_view what, const std::filesystem::path& file) {
  if (quiet_) return;
  if (live_) std::printf("\r\033[K");
  live_ = false;
  show_whole(style_.dim(what), printable(file.native()));
  std::fflush(stdout);
}

void TrainingView::live_line(std::span<const Record> agents, const Timing& timing) {
  if (timing.wall_s < next_live_s_) return;
  next_live_s_ = timing.wall_s + 0.1;
  const std::int64_t done = agents.front().row.update + 1;
  const std::int64_t all = num_updates(config_.hyper);
  const double share = static_cast<double>(done) / static_cast<double>(all);
  const std::string update = style_.dim("update ") + std::to_string(done) + '/' + std::to_string(all);
  const std::string returns = " | " + style_.dim("return_100 ") +
                              style_.bold(spread(agents, [](const Record& r) { return r.return_100; }));
  const std::string rate = " | " + steps_rate(timing.steps_per_s) + style_.dim(" steps/s");
  const std::string left =
      " | " + style_.dim("ETA ") + fmt::format("{:.0f} s", timing.wall_s / share - timing.wall_s);
  const std::string whole = update + returns + rate + left;

  const std::size_t room = screen_.columns() - 1;  // a wrapped line could not be renewed
  std::string line = progress_bar(share, whole, room) + whole;
  for (const std::string& shorter : {update + returns + left, update + left, update}) {
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
  const std::string line = fmt::format(
      "Update {}: Return {} | SPS {} | Policy loss {:.4f} | Value loss {:.3f}\n", update,
      spread(agents, [](const Record& r) { return r.return_mean; }), steps_rate(timing.steps_per_s),
      mean(agents, [](const UpdateRow& r) { return r.loss_policy; }),
      mean(agents, [](const UpdateRow& r) { return r.loss_value; }));
  std::printf("%s", line.c_str());
  std::fflush(stdout);
}

void TrainingView::summary(const Outcome& outcome, const std::optional<std::filesystem::path>& folder,
                           bool has_checkpoint) {
  if (quiet_) return;
  if (live_) std::printf("\r\033[K");
  live_ = false;
  const double rate = outcome.wall_s > 0 ? static_cast<double>(outcome.steps) / outcome.wall_s : 0;
  std::string done = grouped(outcome.steps) + fmt::format(" steps in {:.2f} s, ", outcome.wall_s);
  done += style_.bold(steps_rate(rate)) + " steps/s";
  if (outcome.stopped_by) done += ", stopped by " + *outcome.stopped_by;
  show(outcome.stopped_by ? style_.caution("stopped") : style_.dim("done"), done);
  const bool any_solved = outcome.agents.size() == 1 ? summary_of_one(outcome) : summary_of_several(outcome);
  if (folder) show_whole(style_.dim("saved"), printable(folder->native()));
  if (folder && outcome.stopped_by && has_checkpoint) {
    show_whole(style_.dim("resume"), resume_command(*folder));
  }
  if (!any_solved && environment_.time_limit > 0 && config_.hyper.max_episode_steps == 0) say_never_solved();
  std::fflush(stdout);
}

void TrainingView::say_never_solved() const {
  if (config_.env == "cartpole") {
    show(style_.caution("note"),
         "without a time limit this is the reference's CartPole, which learns but is never \"solved\";");
    show("", "`" + program_name() + " --config cartpole-v1` has the 500-step limit and solves it");
  } else {
    show(style_.caution("note"), fmt::format("without a time limit {} is never \"solved\";", config_.env));
    show("", fmt::format("the limit of its task is --max-episode-steps {}", environment_.time_limit));
  }
}

bool TrainingView::summary_of_one(const Outcome& outcome) const {
  const AgentProgress& agent = outcome.agents.front();
  const std::optional<double> return_100 = agent.last().return_100;
  show(style_.dim("return"),
       (return_100 ? style_.bold(fmt::format("{:.2f}", *return_100)) + " over the latest 100 episodes"
                   : "fewer than 100 episodes have ended") +
           "; " + verdict(agent, config_, environment_, style_));
  show(style_.dim("hash"),
       outcome.param_hashes.front() + fmt::format(" (parameters, numerics version {})", kNumericsVersion));
  return agent.solved_at_step().has_value();
}

bool TrainingView::summary_of_several(const Outcome& outcome) const {
  std::vector<Record> records;
  std::size_t solved = 0;
  for (const AgentProgress& agent : outcome.agents) {
    records.push_back(agent.last());
    solved += agent.solved_at_step() ? 1 : 0;
  }
  show(style_.dim("return"), style_.bold(spread(records, [](const Record& r) { return r.return_100; })) +
                                 " over the latest 100 episodes (median, least and greatest agent)");
  const std::string by = fmt::format("by {} of {} agents", solved, outcome.agents.size());
  show(style_.dim("solved"), solved > 0 ? style_.good(by) : by);
  show(style_.dim("hash"),
       outcome.param_hashes.front() + " (parameters of the first agent; run.json has all)");
  return solved > 0;
}

}  // namespace ppo
