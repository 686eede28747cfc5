// An engine trains the agents of a run. It knows no files and no terminal.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "config/config.hpp"
#include "environment.hpp"
#include "ppo/metrics.hpp"
#include "profile.hpp"

namespace ppo {

/// Where the work is done, for the start line and run.json.
struct EngineInfo {
  std::string device;  // "cpu"
  std::string simd;    // instruction-set level
  int threads = 1;
};

/// What an engine records besides the rows; costs time.
struct Instruments {
  bool trace = false;    // trace hashes
  bool profile = false;  // stage times
};

class Engine {
 public:
  virtual ~Engine() = default;

  /// Runs that many updates of all K agents; rows [updates][K], valid until the next call.
  virtual std::span<const UpdateRow> run(std::int64_t updates) = 0;

  /// Parameters [P] of agent k.
  virtual std::span<const float> params(std::int64_t k) const = 0;

  /// FNV-1a over the observations, actions, rewards and ends of agent k since the start; 0 when not traced.
  virtual std::uint64_t trace_hash(std::int64_t k) const = 0;

  /// Time of each stage since the start, as a mean over the workers; 0 when not profiled.
  virtual Profile profile() const = 0;

  virtual const EngineInfo& info() const = 0;
};

/// The engine that config.run.device asks for, with all agents initialised. Throws Failure(kNoDevice),
/// Failure(kWrongInput) when there is too little memory.
std::unique_ptr<Engine> make_engine(const Config& config, Instruments instruments = {});

/// An instruction-set level of an environment.
struct Level {
  std::string name;  // "avx512", "avx2", "scalar"
  const EnvironmentLoops& loops;
};

/// The level of that name, or the best of this machine for "auto". Throws Failure(kNoDevice) when the machine
/// lacks it.
Level choose_level(const Environment& environment, const std::string& simd = "auto");

}  // namespace ppo
