#include "commands/check_env.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/check_env/probe_findings.hpp"
#include "commands/envs.hpp"
#include "engine/engine.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"
#include "terminal/progress.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLabelColumns = 17;

class ShowProgress : public ProbeListener {
 public:
  explicit ShowProgress(std::int64_t steps) : progress_("checking", "steps", steps) {}
  void advance(std::int64_t steps) override { progress_.advance(steps); }

 private:
  Progress progress_;
};

/// What is shown, as text or JSON.
struct Findings {
  const EnvironmentInfo& info;
  const ProbeOptions& options;
  const ProbeReport& report;
  std::vector<std::string> defects;
  std::vector<std::string> advice;
};

Json json_of(const NumberStats& stats) {
  if (stats.moments.count == 0) return nullptr;
  return {{"min", stats.min}, {"max", stats.max}, {"mean", stats.moments.mean}, {"std", deviation(stats)}};
}

void print_json(const Findings& found) {
  Json observation = Json::array();
  for (int i = 0; i < found.info.observation_size; ++i) {
    observation.push_back(json_of(found.report.observation[i]));
  }
  const Json json{{"env", found.info.name},
                  {"seed", found.options.seed},
                  {"steps", found.report.steps},
                  {"max_episode_steps", found.options.time_limit},
                  {"terminated", found.report.terminated},
                  {"truncated", found.report.truncated},
                  {"return", json_of(found.report.episode_return)},
                  {"length", json_of(found.report.episode_length)},
                  {"reward", json_of(found.report.reward)},
                  {"discounted_return", json_of(found.report.discounted)},
                  {"observation", observation},
                  {"actions_tried", found.report.forks},
                  {"actions_mattered", found.report.actions_mattered},
                  {"advice", found.advice},
                  {"defects", found.defects}};
  std::printf("%s\n", json.dump(2).c_str());
}

void show(const Screen& screen, const std::string& label, const std::string& text) {
  std::printf("%s", beside(label, kLabelColumns, text, screen.columns()).c_str());
}

std::string row(const NumberStats& stats) {
  if (stats.moments.count == 0) return "no number";
  return fmt::format("{:<10.4g} to {:<11.4g} mean {:<11.4g} std {:.4g}", stats.min, stats.max,
                     stats.moments.mean, deviation(stats));
}

void print_text(const Findings& found) {
  const Screen screen(STDOUT_FILENO);
  const Style style = screen.style();
  const ProbeReport& report = found.report;
  const auto say = [&](const std::string& label, const std::string& text) {
    show(screen, style.dim(label), text);
  };
  const std::string limit = found.options.time_limit > 0
                                ? "time limit " + counted(found.options.time_limit, "step")
                                : "no time limit";
  say("environment",
      fmt::format("{}: {} observed, {}, {}", found.info.name, counted(found.info.observation_size, "number"),
                  describe_actions(found.info.actions), limit));
  say("played",
      fmt::format("{}, seed {}; {} ended, {} cut at the limit", counted(report.steps, "random step"),
                  found.options.seed, counted(report.terminated, "episode"), grouped(report.truncated)));
  say("return", row(report.episode_return));
  say("length", row(report.episode_length));
  say("reward", row(report.reward));
  for (int i = 0; i < found.info.observation_size; ++i) {
    say(fmt::format("observation[{}]", i), row(report.observation[i]));
  }
  for (const std::string& text : found.advice) show(screen, style.caution("advice"), text);
  for (const std::string& text : found.defects) show(screen, style.bad("defect"), text);
  if (found.defects.empty()) show(screen, style.good("fine"), "no defects found");
}

}  // namespace

int run_check_env(const CheckEnvCommand& command) {
  const EnvironmentInfo& info = command.environment->info();
  std::vector<NumberStats> observation(static_cast<std::size_t>(info.observation_size));
  ProbeReport report;
  report.observation = observation.data();
  {
    ShowProgress progress(command.options.steps);
    choose_level(*command.environment).loops.probe(command.options, &progress, report);
  }
  const Findings found{info, command.options, report, defects_of(info, command.options, report),
                       advice_for(info, command.options, report)};
  command.json ? print_json(found) : print_text(found);
  if (found.defects.empty()) return kDone;
  std::fflush(stdout);
  throw Failure(kRunFailed,
                fmt::format("{} has {}; see the lines above", info.name,
                            found.defects.size() == 1 ? "a defect"
                                                      : std::to_string(found.defects.size()) + " defects"));
}

}  // namespace ppo
