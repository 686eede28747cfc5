// An engine trains the agents of a run. It knows nothing of files or terminals.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/agent_state.hpp"
#include "engine/environment.hpp"
#include "engine/population.hpp"
#include "engine/profile.hpp"
#include "ppo/metrics.hpp"
#include "system/errors.hpp"

namespace ppo {

/// The hardware in use, for the start line and run.json.
struct EngineInfo {
  std::string device;  // "cpu", "cuda:0"

  // CPU engine only.
  std::string simd = {};  // instruction-set level
  int threads = 1;
  bool chooses_threads = false;  // as many of them as are fastest
  double mean_threads = 0;       // that were chosen, so far; 0: they are not, or it is not known

  // CUDA engine only; gpu is empty for the CPU engine.
  std::string gpu = {};   // its product name
  std::string card = {};  // its UUID, which no other card in the world has
  int num_teams = 0;      // agents trained at the same time
  int blocks_per_agent = 0;
  std::int64_t updates_per_launch = 0;  // at most; Engine::batch may ask for fewer

  /// Of an MPI job, that share the agents, and that train each agent together. All else is said of the first.
  int ranks = 1;
  int ranks_per_agent = 1;

  /// With `auto`, why a GPU that is there was not chosen, in one line.
  std::string note = {};
};

/// What is measured of an engine besides the rows that it gives. Costs time.
struct Instruments {
  bool trace = false;    // trace hashes
  bool profile = false;  // stage times
  // Of the CUDA kernel; only ppo_bench sets them.
  std::uint32_t variants = 0;  // kernels/variants.hpp
  std::uint64_t patience = 0;  // Launch::patience
};

class Engine {
 public:
  virtual ~Engine() = default;

  /// Queues 1 to capacity() updates of all agents that are not done. At most depth() calls may be queued.
  /// Throws Failure.
  virtual void start(std::int64_t updates) = 0;

  /// Waits for the oldest queued call and removes it from the queue. Returns its rows [updates][K], valid
  /// until the next collect. Throws Failure.
  virtual std::span<const UpdateRow> collect() = 0;

  /// The best number of updates per call of start: enough to keep the device busy, few enough to stop soon.
  virtual std::int64_t batch() const { return 1; }

  /// The largest number of updates per call of start.
  virtual std::int64_t capacity() const { return std::numeric_limits<std::int64_t>::max(); }

  virtual int depth() const { return 1; }

  /// Runs so many updates (1 or more) with nothing queued before or after. Returns rows like collect.
  std::span<const UpdateRow> run(std::int64_t updates);

  /// Parameters [P] of agent k, valid until the next call of params or start. Nothing may be queued; the same
  /// holds for the functions below.
  virtual std::span<const float> params(std::int64_t k) const = 0;

  /// Whether all parameters of agent k are numbers.
  virtual bool has_finite_params(std::int64_t k) const;

  /// What agent k trains with.
  virtual Hyper hyper(std::int64_t k) const = 0;

  /// What agent k has learned so far.
  TrainedPolicy policy(std::int64_t k) const;

  /// FNV-1a over the observations, actions, rewards and ends of agent k since the start; 0 if not traced.
  virtual std::uint64_t trace_hash(std::int64_t k) const = 0;

  /// The training state of agent k, the same bytes from every engine.
  virtual AgentState save(std::int64_t k) const = 0;

  /// Restores agent k from a state saved by any engine for the same sizes. It takes over the seed, and keeps
  /// the rest of its own tuning. An engine that traces also restores the trace.
  virtual void load(std::int64_t k, const AgentState& state) = 0;

  /// From the next update on agent k trains with these values, among which its seed must be what it was. Its
  /// state stays as it is; log_std_init has no effect any more.
  virtual void tune(std::int64_t k, const Tuning& tuning) = 0;

  /// Agent k is done: later updates leave its state as it is and spend no time on it, and its rows are
  /// UpdateRow{}. All other functions go on working for it; load does not make it train again. A second call
  /// has no effect.
  virtual void retire(std::int64_t k) = 0;

  /// Time of each stage since the start, averaged over the workers; 0 if not profiled.
  virtual Profile profile() const = 0;

  virtual const EngineInfo& info() const = 0;

 private:
  std::vector<UpdateRow> rows_;  // of a run in several parts
};

/// A run does not fit in the machine's memory.
class NotEnoughMemory : public Failure {
 public:
  NotEnoughMemory(const std::string& need_, const std::string& advice_)
      : Failure(kWrongInput, need_ + "; " + advice_), need(need_), advice(advice_) {}

  std::string need;  // "this run needs 62.2 GiB of memory and 22.4 GiB are available"
  std::string advice;
};

/// Makes the engine that config.run.device asks for, with all agents initialised, and leaves `bytes_besides`
/// of memory for its caller. `auto` takes the engine that should be done first with what `updates_done`
/// leaves of the run. Throws Failure: kNoDevice if the device is not there; kWrongInput if the GPU has too
/// little memory; NotEnoughMemory.
std::unique_ptr<Engine> make_engine(const Config& config, Instruments instruments = {},
                                    std::uint64_t bytes_besides = 0, std::int64_t updates_done = 0);

/// The same for other agents than those of the config, whose env, sizes and run options hold for them, too.
std::unique_ptr<Engine> make_engine(const Config& config, const Population& population,
                                    Instruments instruments = {}, std::uint64_t bytes_besides = 0,
                                    std::int64_t updates_done = 0);

/// Ranks that train each agent together: so many, from this one on.
struct RankTeam {
  int first = 0;
  int count = 1;
};

/// What an engine is to be made of.
struct EngineOrder {
  std::string env;
  RunOptions run;
  Population population;
  Instruments instruments = {};
  std::uint64_t bytes_besides = 0;
  std::int64_t updates_done = 0;
  RankTeam team = {};
  int trainers = 1;            // ranks of the job that get an engine
  std::int64_t num_seeds = 0;  // agents of all of them together
};

/// A config of which an engine can be made for the order's agents.
Config config_of(const EngineOrder& order);

/// This process's part of an engine. Throws as make_engine.
std::unique_ptr<Engine> make_local_engine(const EngineOrder& order);

/// An instruction-set level of an environment.
struct Level {
  std::string name;  // as level_names() has it
  const EnvironmentLoops& loops;
};

/// The level of that name, or for "auto" the best this machine supports. Throws Failure(kNoDevice) if the
/// machine does not support it.
Level choose_level(const Environment& environment, const std::string& simd = "auto");

}  // namespace ppo
