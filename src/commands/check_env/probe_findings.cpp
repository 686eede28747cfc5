#include "commands/check_env/probe_findings.hpp"

#include <fmt/format.h>

#include <cmath>

#include "system/text.hpp"

namespace ppo {
namespace {

/// Beyond these, numbers are so small or large that networks learn badly from them.
constexpr double kSmall = 0.05;
constexpr double kLarge = 5;
constexpr double kLargeReturn = 20;

std::string shown(float x) {
  return std::isnan(x) ? "NaN" : fmt::format("{}", x);
}

std::string place_name(int place) {
  if (place == kInReward) return "the reward";
  return fmt::format("observation[{}]", place);
}

/// "first in step 7 of an episode (step 1,234 of the check), 12 times in all"
std::string where(const ProbeFault& fault) {
  const std::string at =
      fault.age == 0 ? "right after reset" : fmt::format("in step {} of an episode", grouped(fault.age));
  const std::string times = fault.times == 1 ? "once" : grouped(fault.times) + " times in all";
  return fmt::format("first {} (step {} of the check), {}", at, grouped(fault.first), times);
}

std::string not_reproducible(const ProbeFault& fault) {
  std::string what = place_name(fault.place) + fmt::format(" was {} the first time and {} the second",
                                                           shown(fault.value), shown(fault.other));
  if (fault.place == kInEnd) {
    what = fault.value > 0 ? "the episode ended the first time, but not the second"
                           : "the episode ended the second time, but not the first";
  }
  return "not reproducible: " + what + " from the same seed and actions, " + where(fault) +
         "; keep all that changes in State, set all of it in reset, and use no static variables, pointers, "
         "clocks "
         "or other random numbers than those of Draws";
}

double root_mean_square(const NumberStats& stats) {
  return std::hypot(stats.moments.mean, deviation(stats));
}

/// "observation[1] and observation[2]", at most three of them.
std::string list(const std::vector<int>& numbers) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t i = 0; i < numbers.size() && i < kMost; ++i) {
    text += (i == 0 ? "" : ", ") + place_name(numbers[i]);
  }
  if (numbers.size() > kMost) text += fmt::format(" and {} more", numbers.size() - kMost);
  return text;
}

}  // namespace

double deviation(const NumberStats& stats) {
  return stats.moments.count == 0 ? 0 : std::sqrt(variance(stats.moments));
}

std::vector<std::string> defects_of(const EnvironmentInfo& info, const ProbeOptions& options,
                                    const ProbeReport& report) {
  std::vector<std::string> defects;
  const int last = info.observation_size - 1;
  for (int d = 0; info.actions.count == 0 && d < info.actions.numbers; ++d) {
    const ActionRange range = info.actions.range(d);
    if (range.low < range.high) continue;
    defects.push_back(
        fmt::format("action_range({}) is [{}, {}]; write the smaller end first, and two ends that differ", d,
                    range.low, range.high));
  }
  if (const ProbeFault& fault = report.not_finite; fault.times > 0) {
    defects.push_back(
        fmt::format("{} was {}, {}, which would end training; look for a division by zero, a root or log of "
                    "a negative number, or "
                    "a number that grows without bound",
                    place_name(fault.place), shown(fault.value), where(fault)));
  }
  if (const ProbeFault& fault = report.not_reproducible; fault.times > 0) {
    defects.push_back(not_reproducible(fault));
  }
  if (const ProbeFault& fault = report.unwritten; fault.times > 0) {
    defects.push_back(
        fmt::format("observe left {} unwritten, {}; write all of obs[0] ... obs[{}], or change "
                    "kObservationSize, which is {}",
                    place_name(fault.place), where(fault), last, info.observation_size));
  }
  if (const ProbeFault& fault = report.overrun; fault.times > 0) {
    defects.push_back(
        fmt::format("observe wrote to obs[{}], {}; write obs[0] ... obs[{}] only, or change "
                    "kObservationSize, which is {}",
                    fault.place, where(fault), last, info.observation_size));
  }
  if (options.time_limit == 0 && report.terminated == 0 && report.not_finite.times == 0) {
    defects.push_back(
        fmt::format("no episode ended in {} steps, so training would never see a return; set "
                    "kTimeLimit, or give --max-episode-steps here and in training",
                    grouped(report.steps)));
  }
  return defects;
}

std::vector<std::string> advice_for(const EnvironmentInfo& info, const ProbeOptions& options,
                                    const ProbeReport& report) {
  std::vector<std::string> advice;
  if (options.time_limit > 0) {
    advice.push_back(fmt::format("train with --max-episode-steps {}: training has no time limit unless told",
                                 options.time_limit));
  }
  std::vector<int> odd;
  std::vector<int> constant;
  for (int i = 0; i < info.observation_size; ++i) {
    const NumberStats& stats = report.observation[i];
    if (stats.moments.count == 0) continue;
    const double size = root_mean_square(stats);
    if (stats.min == stats.max) {
      constant.push_back(i);
    } else if (size < kSmall || size > kLarge) {
      odd.push_back(i);
    }
  }
  if (!odd.empty()) {
    advice.push_back("train with --norm-obs true, or scale in observe: " + list(odd) +
                     (odd.size() == 1 ? " is" : " are") + " far from 1 in size");
  }
  if (!constant.empty()) {
    advice.push_back(list(constant) + " never changed; leave out what says nothing");
  }
  if (report.reward.moments.count > 0 && report.reward.min == 0 && report.reward.max == 0) {
    advice.emplace_back("every reward was 0: nothing is learned before a reward is found by chance");
  } else if (const double size = deviation(report.discounted);
             size > 0 && (size < kSmall || size > kLargeReturn)) {
    advice.push_back(
        fmt::format("train with --norm-reward true, or scale the rewards: their discounted return has a "
                    "standard deviation of {:.3g}, far from 1",
                    size));
  }
  if (report.forks > 0 && report.actions_mattered == 0) {
    advice.push_back(
        fmt::format("no action made a difference to the next state in {} trials; does step use it?",
                    grouped(report.forks)));
  }
  return advice;
}

}  // namespace ppo
