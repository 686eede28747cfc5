#include "training/loop.hpp"

#include <algorithm>
#include <vector>

#include "system/stop_signals.hpp"

namespace ppo {
namespace {

std::int64_t next_pause(std::span<Pause* const> pauses, std::int64_t now) {
  std::int64_t next = Pause::kNever;
  for (const Pause* pause : pauses) next = std::min(next, pause->next(now));
  return next;
}

void take_pauses(std::span<Pause* const> pauses, Engine& engine, std::int64_t update) {
  std::vector<Pause*> due;  // asked once: some go by the clock
  for (Pause* pause : pauses) {
    if (pause->next(update) <= update) due.push_back(pause);
  }
  for (Pause* pause : pauses) {
    const bool is_alone = due.size() == 1 && due.front() == pause;
    if (!is_alone) pause->settle();
  }
  for (Pause* pause : due) pause->take(engine, update);
}

}  // namespace

void train_all(Engine& engine, std::int64_t done, std::int64_t updates, Recorder& recorder,
               std::span<Pause* const> pauses) {
  std::int64_t asked_for = done;
  int queued = 0;
  const auto goes_on = [&] {
    return asked_for < updates && StopSignals::received() == 0 && !recorder.is_over();
  };
  for (;;) {
    // Asked once a pass: some pauses go by the clock, and one that falls due between two answers would leave
    // nothing to start and nothing to collect.
    const std::int64_t pause = next_pause(pauses, asked_for);
    if (queued == 0 && pause <= asked_for && !recorder.divergence()) {
      take_pauses(pauses, engine, asked_for);
      continue;
    }
    const bool more = goes_on();
    if (!more && queued == 0) return;
    if (more && queued < engine.depth() && pause > asked_for) {
      const std::int64_t part = std::min({engine.batch(), pause - asked_for, updates - asked_for});
      engine.start(part);
      asked_for += part;
      ++queued;
    } else {
      recorder.add(engine.collect());
      if (--queued == 0) recorder.check(engine);
    }
  }
}

}  // namespace ppo
