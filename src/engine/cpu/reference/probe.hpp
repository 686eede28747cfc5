// Plays an environment with random actions and looks for what training would trip over.
//
// Three plays run side by side. Two have the same seed and actions and must agree in every bit. Between a
// step of the first and of the second, a third one with another seed plays: state that the environment keeps
// outside of State (a static variable, say) is then another one. The memory of the first two differs before
// reset, so that what reset leaves unset shows, too; and at times the second one is made a copy of the first.
#pragma once

#include <algorithm>
#include <cstring>

#include "engine/cpu/reference/probe_play.hpp"
#include "engine/probe.hpp"
#include "ppo/gae.hpp"

namespace ppo::reference {

inline void add(NumberStats& stats, double x) {
  stats.min = stats.moments.count == 0 ? x : std::min(stats.min, x);
  stats.max = stats.moments.count == 0 ? x : std::max(stats.max, x);
  ppo::add(stats.moments, x);
}

/// Keeps the report of a probe.
template <IsEnv Env>
class ProbeRecord {
 public:
  using Play = ProbePlay<Env>;
  using Seen = typename Play::Guarded;
  static constexpr int O = Env::kObservationSize;

  ProbeRecord(const ProbeOptions& options, ProbeReport& report) : options_(options), report_(report) {}

  /// Returns whether all numbers are finite.
  bool observation(const Play& play, const Seen& seen, const Seen& again) {
    bool finite = true;
    for (int i = 0; i < O; ++i) {
      const float x = seen.numbers()[i];
      if (!seen.written(i)) {
        note(report_.unwritten, play, i, 0, 0);
      } else if (!is_finite(x)) {
        note(report_.not_finite, play, i, x, 0);
        finite = false;
      } else {
        add(report_.observation[i], static_cast<double>(x));
      }
    }
    if (const int place = seen.overrun(); place != 0) note(report_.overrun, play, place, 0, 0);
    for (int i = 0; i < O; ++i) {
      if (seen.bits(i) == again.bits(i)) continue;
      note(report_.not_reproducible, play, i, seen.numbers()[i], again.numbers()[i]);
      agree_ = false;
      break;
    }
    return finite;
  }

  /// Returns whether the reward is finite.
  bool step(const Play& play, const Transition<>& result, const Transition<>& again) {
    ++report_.steps;
    const float reward = result.reward;
    if (std::memcmp(&reward, &again.reward, sizeof reward) != 0) {
      note(report_.not_reproducible, play, kInReward, reward, again.reward);
      agree_ = false;
    } else if (result.terminated != again.terminated) {
      note(report_.not_reproducible, play, kInEnd, result.terminated ? 1.0F : 0.0F,
           again.terminated ? 1.0F : 0.0F);
      agree_ = false;
    }
    if (!is_finite(reward)) {
      note(report_.not_finite, play, kInReward, reward, 0);
      return false;
    }
    return_ += static_cast<double>(reward);
    discounted_ = static_cast<double>(options_.gamma) * discounted_ + static_cast<double>(reward);
    add(report_.reward, static_cast<double>(reward));
    add(report_.discounted, discounted_);
    return true;
  }

  /// `whole`: it was not broken off because of a fault.
  void end_episode(const Play& play, bool terminated, bool whole) {
    if (whole) {
      ++(terminated ? report_.terminated : report_.truncated);
      add(report_.episode_return, return_);
      add(report_.episode_length, play.age());
    }
    return_ = 0;
    discounted_ = 0;
  }

  /// Whether the plays have agreed since the last question.
  bool agree() {
    const bool agreed = agree_;
    agree_ = true;
    return agreed;
  }

 private:
  void note(ProbeFault& fault, const Play& play, int place, float value, float other) {
    if (fault.latest == report_.steps) return;  // several numbers of one step
    fault.latest = report_.steps;
    if (fault.times++ > 0) return;
    fault.first = report_.steps;
    fault.age = play.age();
    fault.place = place;
    fault.value = value;
    fault.other = other;
  }

  const ProbeOptions& options_;
  ProbeReport& report_;
  double return_ = 0;
  double discounted_ = 0;
  bool agree_ = true;
};

/// Length of the third play's episodes, so that it is at another age than the other two [steps].
inline constexpr std::int32_t kOddLength = 37;

/// Fills the report, whose `observation` [O] is the caller's. The optional listener may throw.
template <IsEnv Env>
void probe(const ProbeOptions& options, ProbeListener* listener, ProbeReport& report) {
  using Play = ProbePlay<Env>;
  constexpr std::int64_t kBlock = 1024;  // steps between two words to the listener
  constexpr std::int64_t kFork = 61;     // steps between two looks at another action
  constexpr std::int64_t kCopy = 8;      // steps between two copies, in every other block
  Play first(options.seed, 0x00);
  Play second(options.seed, 0xA5);
  Play between(options.seed + 1, 0x5A);
  ProbeRecord<Env> record(options, report);
  const auto reset = [&](std::int64_t t, Purpose purpose) {
    first.reset(t, purpose);
    between.observe();
    second.reset(t, purpose);
  };
  between.reset(0, Purpose::first_reset);
  reset(0, Purpose::first_reset);
  record.observation(first, first.observe(), second.observe());
  for (std::int64_t t = 0; t < options.steps; ++t) {
    float action[Play::kNumbers];
    float other[Play::kNumbers];
    first.random_action(t, Purpose::action, action);
    between.random_action(t, Purpose::action, other);
    if (t % kFork == 0) {
      ++report.forks;
      report.actions_mattered += first.differs_after(t, action, other) ? 1 : 0;
    }
    if (t / kBlock % 2 == 1 && t % kCopy == 0) second.become(first);

    const Transition<> result = first.step(t, action);
    const auto seen = first.observe();
    if (between.step(t, other).terminated || between.age() == kOddLength) between.reset(t, Purpose::reset);
    between.observe();
    const Transition<> again = second.step(t, action);
    const auto seen_again = second.observe();

    const bool reward_is_finite = record.step(first, result, again);
    const bool finite = record.observation(first, seen, seen_again) && reward_is_finite;
    if (!record.agree()) second.become(first);
    const bool at_limit = options.time_limit > 0 && first.age() >= options.time_limit;
    if (result.terminated || at_limit || !finite) {
      record.end_episode(first, result.terminated, finite);
      reset(t, Purpose::reset);
      record.observation(first, first.observe(), second.observe());
      if (!record.agree()) second.become(first);
    }
    if (listener != nullptr && (t + 1) % kBlock == 0) listener->advance(kBlock);
  }
}

}  // namespace ppo::reference
