// What a key of a sweep goes with: the scores over its values, and how much of their differences it explains.
#pragma once

#include <span>
#include <vector>

namespace ppo {

/// Trials with neighbouring values of a key, and their scores as positions on a ScoreAxis.
struct EffectBin {
  double from, to;           // positions on the KeyAxis
  std::size_t count;         // of trials; not 0
  double low, middle, high;  // quartiles and median; of two neighbours the worse one
};

/// For each position of a value on the KeyAxis the number of its bin, -1 outside of the range. With few
/// different values each is a bin; else the bins have the same width, about as many as the root of half the
/// trials is.
std::vector<int> bins_of(std::span<const double> positions);

/// The bins that hold trials, from the left. scores[trial] as ScoreAxis::positions(); -1 in `bins`: left out.
std::vector<EffectBin> effect_bins(std::span<const double> positions, std::span<const int> bins,
                                   std::span<const double> scores);

struct Importance {
  double share = 0;   // epsilon squared: 1 - (SSW / (n - k)) / (SST / (n - 1)), 0 where that is negative
  double chance = 0;  // what a key without any effect reaches in one of 20 sweeps
};

/// How much of the variance of the ranks the bins explain; -1 in `bins`: left out. With n trials in k bins,
/// SSW is the sum of the squared differences from the mean rank of a bin, SST from that of all.
Importance importance_of(std::span<const double> ranks, std::span<const int> bins);

}  // namespace ppo
