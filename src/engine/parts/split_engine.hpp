// An engine made of engines: the agents are dealt out to them one after the other, as cards are. An agent's
// bytes do not depend on who trains it.
#pragma once

#include <memory>
#include <vector>

#include "engine/engine.hpp"

namespace ppo {

/// The agents that part `part` of `parts` gets: part, part + parts, ...
Population dealt(const Population& population, std::size_t part, std::size_t parts);

class SplitEngine : public Engine {
 public:
  /// Made for the agents that `dealt` gives each. The first does its work in collect, if any does.
  SplitEngine(std::vector<std::unique_ptr<Engine>> parts, std::int64_t num_agents, EngineInfo info);

  void start(std::int64_t updates) override;
  std::span<const UpdateRow> collect() override;
  std::int64_t batch() const override;
  std::int64_t capacity() const override;
  int depth() const override;
  std::span<const float> params(std::int64_t k) const override { return of(k).params(index(k)); }
  bool has_finite_params(std::int64_t k) const override { return of(k).has_finite_params(index(k)); }
  Hyper hyper(std::int64_t k) const override { return of(k).hyper(index(k)); }
  std::uint64_t trace_hash(std::int64_t k) const override { return of(k).trace_hash(index(k)); }
  AgentState save(std::int64_t k) const override { return of(k).save(index(k)); }
  void load(std::int64_t k, const AgentState& state) override { of(k).load(index(k), state); }
  void tune(std::int64_t k, const Tuning& tuning) override { of(k).tune(index(k), tuning); }
  void retire(std::int64_t k) override { of(k).retire(index(k)); }
  Profile profile() const override;  // the mean of the parts'
  const EngineInfo& info() const override { return info_; }

 private:
  Engine& of(std::int64_t k) const { return *parts_[static_cast<std::size_t>(k) % parts_.size()]; }
  std::int64_t index(std::int64_t k) const { return k / static_cast<std::int64_t>(parts_.size()); }

  std::vector<std::unique_ptr<Engine>> parts_;
  std::size_t num_agents_;
  EngineInfo info_;
  std::vector<UpdateRow> rows_;  // [updates][K] of the last collect
};

}  // namespace ppo
