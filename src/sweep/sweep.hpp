// A sweep from its first rung to its ranking: which trials train how far. Everything follows from the config;
// neither time nor threads nor the engine have a say.
#pragma once

#include <cstdint>
#include <vector>

#include "sweep/train_group.hpp"
#include "sweep/trial.hpp"

namespace ppo {

/// Where a sweep stands: all that going on with it takes.
struct SweepState {
  std::vector<Trial> trials;     // by number
  std::vector<Trial> confirmed;  // the best and trial 0 on other seeds; none before all trials have ended
  std::int64_t rung = 0;         // the next one, of the trials and then of the confirmation
  double seconds = 0;            // that it has taken so far; the only number that time has a say in
};

/// Steps after which trials are compared; the last is the end of training. Of successive halving they double
/// from grace_steps on (Jamieson & Talwalkar 2016); of population-based training they are grace_steps apart.
std::vector<std::int64_t> rungs_of(const SweepConfig& sweep);

/// Those before a sweep that stands there: the confirmation only stops where a schedule changes values.
std::vector<std::int64_t> rungs_at(const SweepConfig& sweep, const SweepState& state);

/// The update after which a trial has trained for at least so many steps, or to its end.
std::int64_t update_after(const Sizes& sizes, std::int64_t steps);

SweepState first_state(const SweepConfig& sweep);

/// SweepWatch, told of each rung as well.
class RungWatch : public SweepWatch {
 public:
  /// A rung is behind all trials. Returns false where all is to stop.
  virtual bool passed() = 0;
};

/// Goes on to the end. Returns false where `watch` has stopped it before.
bool advance(const SweepConfig& sweep, SweepState& state, RungWatch& watch);

/// Whether all is done.
bool is_complete(const SweepConfig& sweep, const SweepState& state);

}  // namespace ppo
