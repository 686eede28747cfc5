// What is timed of an engine, whichever it is.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/engine.hpp"

namespace ppo::bench {

/// The engine of that config, of which a barrier that hangs is an error after some seconds.
std::unique_ptr<Engine> engine_to_measure(const Config& config, Instruments instruments = {});

/// Such an engine, past what happens only once.
std::unique_ptr<Engine> warm_engine(const Config& config, Instruments instruments = {});

/// Environment steps a second, all agents together, over about `seconds`.
double steps_per_second(Engine& engine, const Config& config, double seconds);

/// Times the stages over several calls.
class Profiler {
 public:
  explicit Profiler(const Config& config);

  void run_for(double seconds);

  /// [s] an update of one agent.
  Profile mean() const;

 private:
  std::unique_ptr<Engine> engine_;
  std::int64_t agents_;
  Profile before_;
  std::int64_t updates_ = 0;
};

}  // namespace ppo::bench
