// How many threads a team should have: as many as are fastest now. Another program on one of the cores makes
// all threads wait for the one that shares it, at every barrier; small minibatches have no work for many
// threads. None of that is known beforehand, and it changes, so sizes are tried: no byte depends on them.
#pragma once

#include <cstddef>
#include <vector>

namespace ppo {

/// A search among neighbours. A *look* tries smaller sizes while they are faster, and if none is, larger
/// ones. The fastest is kept until the next look, which comes soon if the speed changes, and later in any
/// case: that a core has become free shows only to who tries it. Looks take a small part of the time.
class TeamSize {
 public:
  /// Among sizes from 1 to `most`, beginning with `first`, one of them.
  TeamSize(int most, int first);

  /// For what is done next.
  int current() const { return sizes_[at_]; }

  /// So much work (in any unit, more than 0) has been done by that many threads, in so many seconds.
  void add(double seconds, double work);

  /// Over all that was done, weighed by time.
  double mean() const { return seconds_ > 0 ? thread_seconds_ / seconds_ : current(); }

 private:
  /// How fast a size has been.
  struct Measure {
    double seconds = 0;
    double work = 0;
    double rate() const { return seconds / work; }  // the less the better
  };

  struct Look {
    std::size_t from;       // the size it began with
    std::size_t best;       // the fastest so far
    double best_rate = 0;   // 0: none has been measured
    bool goes_down = true;  // the direction
    int slower = 0;         // sizes in that direction that were slower
    bool checks = false;    // `best` against the size it began with, again
    Measure all = {};       // what has been done meanwhile
  };

  Look look_from_here() const { return {.from = at_, .best = at_}; }
  void judge(double rate);
  bool turn();
  /// The next size to try; `at_` if there is none in that direction.
  std::size_t next() const;
  void finish();
  void settle();
  bool is_due(double rate);

  std::vector<int> sizes_;  // ascending
  std::size_t at_;          // the one in use
  Measure part_ = {};       // of the size in use, until it is long enough to tell
  bool is_new_ = true;      // nothing has been done with this size yet
  bool looks_ = true;       // otherwise it has settled
  Look look_;

  // Between looks.
  double usual_rate_ = 0;   // at first
  double recent_rate_ = 0;  // smoothed
  double settled_s_ = 0;    // so far
  double cost_s_ = 0;       // of the last look
  double pause_s_;          // until the next

  double seconds_ = 0;  // of all that was done
  double thread_seconds_ = 0;
};

}  // namespace ppo
