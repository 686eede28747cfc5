// The CUDA engine: teams of blocks train all agents in one kernel, with several updates per launch. Two
// launches are queued, so that the device never waits for the host. Where other ranks train the agents, too,
// one team of each takes them in turn, and the host exchanges what a kernel asks for while it runs: one
// launch at a time, as nothing is in flight when an engine is left then.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/cpu/exchange.hpp"
#include "engine/cuda/agents.hpp"
#include "engine/cuda/link_service.hpp"
#include "engine/cuda/training_graph.hpp"
#include "engine/engine.hpp"

namespace ppo::cuda {

class CudaEngine : public Engine {
 public:
  /// `device` must be this thread's current device, and is again whenever this engine works: a thread may
  /// have several engines on different devices. Throws like make_cuda_engine.
  CudaEngine(const CudaDevice& device, const Config& config, Population population, Instruments instruments,
             std::unique_ptr<RankExchange> exchange);
  CudaEngine(const CudaEngine&) = delete;
  CudaEngine& operator=(const CudaEngine&) = delete;
  ~CudaEngine() override;  // waits for running launches

  void start(std::int64_t updates) override;
  std::span<const UpdateRow> collect() override;
  std::int64_t batch() const override { return info_.updates_per_launch; }
  std::int64_t capacity() const override { return capacity_; }
  int depth() const override { return exchange_ ? 1 : kDepth; }
  std::span<const float> params(std::int64_t k) const override;
  Hyper hyper(std::int64_t k) const override { return population_.hyper(k); }
  std::uint64_t trace_hash(std::int64_t k) const override;
  AgentState save(std::int64_t k) const override;
  void load(std::int64_t k, const AgentState& state) override;
  void tune(std::int64_t k, const Tuning& tuning) override;
  void retire(std::int64_t k) override;
  Profile profile() const override;
  const EngineInfo& info() const override { return info_; }

 private:
  static constexpr int kDepth = 2;

  /// Makes its device this thread's.
  void enter() const;

  Launch describe_launch(Instruments instruments) const;
  void allocate_instruments(Instruments instruments);
  void join_ranks();

  /// Starts the launch that `start` has queued, and serves it until it has ended.
  void run_with_ranks(TrainingGraph& graph);
  /// Chooses the number of updates of the next launches from the time the last one took.
  void choose_batch(double seconds_per_update);

  const int device_;
  const Environment& environment_;
  const CudaLoops& loops_;
  Population population_;
  const std::unique_ptr<RankExchange> exchange_;  // none: this rank trains its agents alone
  const Grid grid_;
  EngineInfo info_;
  const bool chooses_batch_;     // otherwise it is fixed
  const std::int64_t capacity_;  // [updates] of a launch
  Agents agents_;
  DeviceMemory counters_;          // [num_teams]
  DeviceMemory traces_;            // [K], none when not traced
  DeviceMemory cycles_;            // [num_teams * blocks_per_agent], none when not profiled
  PinnedMemory mailbox_, packed_;  // of the link, as the next two
  RankLink link_;
  std::optional<LinkService> service_;
  Stream stream_;
  std::vector<TrainingGraph> graphs_;  // [kDepth], used in turn
  std::int64_t queued_ = 0;            // updates of the launch that is still to be started
  std::int64_t started_ = 0;           // launches
  std::int64_t collected_ = 0;         // launches
  double device_s_ = 0;                // of all collected launches
  std::vector<UpdateRow> rows_;        // [updates][K] of the last collect
  mutable std::vector<float> params_;  // [P] of the agent that was asked for last; all at once may not fit
};

}  // namespace ppo::cuda
