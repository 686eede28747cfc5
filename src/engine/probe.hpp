// What `probe` finds out about an environment by playing it at random: plain figures, which
// src/commands/check_env.cpp puts into words.
#pragma once

#include <cstdint>

#include "ppo/gae.hpp"

namespace ppo {

struct ProbeOptions {
  std::uint64_t seed = 0;
  std::int64_t steps = 1'000'000;
  std::int32_t time_limit = 0;  // of an episode [steps]; 0: none
  float gamma = 0.99F;          // discount of the return
};

/// Of numbers that are finite.
struct NumberStats {
  Moments<double> moments;
  double min = 0;
  double max = 0;
};

/// What a fault is about, where it is not about one of the observation's numbers 0 ... O-1.
enum FaultPlace : int { kInReward = -1, kInEnd = -2 };

/// A thing that went wrong: how often, and the first time.
struct ProbeFault {
  std::int64_t times = 0;    // steps that have it; 0: none
  std::int64_t first = 0;    // step of the probe, from 1; 0: right after the first reset
  std::int64_t latest = -1;  // step of the probe
  std::int32_t age = 0;      // of the first one's episode [steps]; 0: right after reset
  int place = 0;             // of the first: a number of the observation, or FaultPlace
  float value = 0;           // of the first
  float other = 0;           // what the repetition of the first had
};

struct ProbeReport {
  std::int64_t steps = 0;
  std::int64_t terminated = 0;  // episodes
  std::int64_t truncated = 0;   // episodes
  NumberStats episode_return;
  NumberStats episode_length;
  NumberStats reward;
  NumberStats discounted;              // return so far, after each step
  NumberStats* observation = nullptr;  // [O], the caller's

  ProbeFault not_finite;
  ProbeFault unwritten;         // by observe
  ProbeFault overrun;           // observe wrote beyond its numbers; place: which number that would be
  ProbeFault not_reproducible;  // the same seed and actions gave something else

  std::int64_t forks = 0;             // times that another action was tried as well
  std::int64_t actions_mattered = 0;  // of them
};

/// Hears how far the probe is.
class ProbeListener {
 public:
  /// So many steps more.
  virtual void advance(std::int64_t steps) = 0;

 protected:
  ~ProbeListener() = default;
};

}  // namespace ppo
