#include "run/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "config/text.hpp"

namespace ppo {
namespace {

constexpr int kLabelWidth = 9;

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

/// 499712 -> "499,712".
std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), 1, ',');
  }
  return digits;
}

void show(std::string_view label, const std::string& text) {
  std::printf("%-*s%s\n", kLabelWidth, std::string(label).c_str(), text.c_str());
}

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
  if (agents.size() == 1) return format("%.2f", median);
  return format("%.2f (%.2f ... %.2f)", median, values.front(), values.back());
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

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// "solved at step 98,304", or why one cannot say so.
std::string verdict(const AgentProgress& agent, const Config& config, const EnvironmentInfo& environment) {
  if (agent.solved_at_step()) return "solved at step " + grouped(*agent.solved_at_step());
  if (config.hyper.max_episode_steps != environment.solved_max_episode_steps)
    return environment.solved_max_episode_steps == 0
               ? std::string("\"solved\" is defined only without a time limit")
               : format("\"solved\" is defined only with max_episode_steps = %d",
                        environment.solved_max_episode_steps);
  return format("not solved (%.4g asked for)", static_cast<double>(environment.solved_return));
}

/// "1 thread", "2 threads".
std::string counted(std::int64_t number, const char* thing) {
  return std::to_string(number) + ' ' + thing + (number == 1 ? "" : "s");
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

Terminal::Terminal(const Config& config, bool quiet)
    : config_(config),
      environment_(find_environment(config.env)->info()),
      quiet_(quiet),
      is_terminal_(::isatty(STDOUT_FILENO) == 1) {}

Terminal::~Terminal() {
  if (!live_) return;
  std::printf("\n");
  std::fflush(stdout);
}

void Terminal::start(const EngineInfo& engine) {
  if (quiet_) return;
  const Hyper& hyper = config_.hyper;
  const std::string seeds = config_.num_seeds == 1
                                ? "seed " + std::to_string(hyper.seed)
                                : format("seeds %llu to %llu", static_cast<unsigned long long>(hyper.seed),
                                         static_cast<unsigned long long>(hyper.seed) +
                                             static_cast<unsigned long long>(config_.num_seeds) - 1);
  if (!engine.note.empty()) show("note", engine.note);
  std::printf("%s on %s | %d x %d steps an update, %lld updates | %d parameters | %s\n", config_.env.c_str(),
              place(engine).c_str(), hyper.num_envs, hyper.num_steps,
              static_cast<long long>(num_updates(hyper)), environment_.parameter_count, seeds.c_str());
  std::fflush(stdout);
}

void Terminal::update(std::span<const Record> agents, const Timing& timing) {
  if (quiet_) return;
  if (is_terminal_) {
    live_line(agents, timing);
  } else {
    plain_line(agents, timing);
  }
}

void Terminal::made(std::string_view what, const std::filesystem::path& file) {
  if (quiet_) return;
  show(what, printable(file.native()));
  std::fflush(stdout);
}

void Terminal::live_line(std::span<const Record> agents, const Timing& timing) {
  if (timing.wall_s < next_live_s_) return;
  next_live_s_ = timing.wall_s + 0.1;
  const std::int64_t done = agents.front().row.update + 1;
  const std::int64_t all = num_updates(config_.hyper);
  const double left_s = timing.wall_s / static_cast<double>(done) * static_cast<double>(all - done);
  std::string line = format("update %lld/%lld | return_100 %s | %s steps/s | ETA %.0f s",
                            static_cast<long long>(done), static_cast<long long>(all),
                            spread(agents, [](const Record& r) { return r.return_100; }).c_str(),
                            steps_rate(timing.steps_per_s).c_str(), left_s);
  line.resize(std::min(line.size(), terminal_width() - 1));  // a wrapped line could not be renewed
  std::printf("\r\033[K%s", line.c_str());
  live_ = true;
  std::fflush(stdout);
}

void Terminal::plain_line(std::span<const Record> agents, const Timing& timing) {
  const std::int64_t update = agents.front().row.update;
  if (update % config_.run.log_every != 0 && update != num_updates(config_.hyper) - 1) return;
  std::printf(
      "Update %lld: Return %s | SPS %s | Policy loss %.4f | Value loss %.3f\n",
      static_cast<long long>(update), spread(agents, [](const Record& r) { return r.return_mean; }).c_str(),
      steps_rate(timing.steps_per_s).c_str(), mean(agents, [](const UpdateRow& r) { return r.loss_policy; }),
      mean(agents, [](const UpdateRow& r) { return r.loss_value; }));
  std::fflush(stdout);
}

void Terminal::summary(const Outcome& outcome, const std::optional<std::filesystem::path>& folder) {
  if (quiet_) return;
  if (live_) std::printf("\r\033[K");
  live_ = false;
  const double rate = outcome.wall_s > 0 ? static_cast<double>(outcome.steps) / outcome.wall_s : 0;
  std::string done = grouped(outcome.steps) + format(" steps in %.2f s, ", outcome.wall_s);
  done += steps_rate(rate) + " steps/s";
  if (outcome.stopped_by) done += ", stopped by " + *outcome.stopped_by;
  show(outcome.stopped_by ? "stopped" : "done", done);
  std::vector<Record> records;
  std::int64_t solved = 0;
  for (const AgentProgress& agent : outcome.agents) {
    records.push_back(agent.last());
    solved += agent.solved_at_step() ? 1 : 0;
  }
  const std::string return_100 = spread(records, [](const Record& r) { return r.return_100; });
  if (outcome.agents.size() == 1) {
    show("return", (return_100 == "-" ? "fewer than 100 episodes have ended"
                                      : return_100 + " over the latest 100 episodes") +
                       "; " + verdict(outcome.agents.front(), config_, environment_));
    show("hash",
         outcome.param_hashes.front() + format(" (parameters, numerics version %d)", kNumericsVersion));
  } else {
    show("return", return_100 + " over the latest 100 episodes (median, least and greatest agent)");
    show("solved", format("by %lld of %zu agents", static_cast<long long>(solved), outcome.agents.size()));
    show("hash", outcome.param_hashes.front() + " (parameters of the first agent; run.json has all)");
  }
  if (folder) show("saved", printable(folder->native()));
  if (solved == 0 && config_.env == "cartpole" && config_.hyper.max_episode_steps == 0) {
    show("note",
         "without a time limit this is the reference's CartPole, which learns but is never \"solved\";");
    show("", "`ppo_train --config cartpole-v1` has the 500-step limit and solves it");
  }
  std::fflush(stdout);
}

}  // namespace ppo
