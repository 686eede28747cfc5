// The CPU engine: a team of threads runs the loops of one instruction-set level over all agents.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/cpu/block.hpp"
#include "engine/cpu/exchange.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cpu/team_size.hpp"
#include "engine/engine.hpp"

namespace ppo {

class CpuEngine : public Engine {
 public:
  /// With an exchange its ranks train each agent together: all call the same functions of their engines in
  /// the same order, and `collect` at the same time.
  CpuEngine(const EnvironmentLoops& loops, Population population, EngineInfo info, Instruments instruments,
            std::unique_ptr<RankExchange> exchange = nullptr);

  /// Only queues; collect does the work.
  void start(std::int64_t updates) override { queued_ = updates; }
  std::span<const UpdateRow> collect() override;
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
  void make_rows(std::int64_t updates);
  void note_speed(double seconds);
  int workers() const { return team_size_ ? team_size_->current() : team_.size(); }

  /// One worker's part of one update of all agents that train; rows [K].
  void update_agents(const Worker& worker, UpdateRow* rows);
  void update_agent(std::size_t k, const Worker& worker, UpdateRow* rows);

  const EnvironmentLoops& loops_;
  Population population_;
  EngineInfo info_;
  Team team_;
  std::optional<TeamSize> team_size_;  // where the engine chooses it
  std::unique_ptr<RankExchange> exchange_;
  std::vector<Block> agents_;          // [K]
  std::vector<std::size_t> training_;  // the agents that train, in order
  std::vector<Block> scratch_;         // [workers]
  std::int64_t queued_ = 0;            // updates
  std::vector<UpdateRow> rows_;        // [updates][K] of the last collect
  std::vector<std::uint64_t> traces_;  // [K], empty when not traced
  std::vector<StageClock> clocks_;     // [workers], empty when not profiled
};

}  // namespace ppo
