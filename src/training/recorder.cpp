#include "training/recorder.hpp"

#include <cstdint>

namespace ppo {
Recorder::Recorder(const Config& config, Outcome& outcome, std::vector<MetricsSink*> sinks)
    : config_(config), outcome_(outcome), sinks_(std::move(sinks)), wall_s_before_(outcome.wall_s) {}

void Recorder::add(std::span<const UpdateRow> rows) {
  for (; !rows.empty() && !divergence_; rows = rows.subspan(outcome_.agents.size())) add_update(rows);
}

void Recorder::check(const Engine& engine) {
  const auto is_known = [&] { return divergence_ && !divergence_->is_fault; };  // of some agent's parameters
  for (std::size_t k = 0; k < outcome_.agents.size() && !is_known(); ++k) {
    if (outcome_.agents[k].stopped_at()) continue;
    if (engine.has_finite_params(static_cast<std::int64_t>(k))) continue;
    divergence_ = parameter_divergence(k, outcome_.updates - 1);
  }
}

void Recorder::add_update(std::span<const UpdateRow> rows) {
  divergence_ = find_fault(rows.first(outcome_.agents.size()), config_);
  if (divergence_) return;
  records_.clear();
  for (std::size_t k = 0; k < outcome_.agents.size(); ++k) {
    if (!outcome_.agents[k].stopped_at()) records_.push_back(outcome_.agents[k].add(rows[k]));
  }
  ++outcome_.updates;
  outcome_.steps += batch_size(config_.hyper) * static_cast<std::int64_t>(records_.size());
  outcome_.wall_s = wall_s_before_ + watch_.seconds();
  const Timing timing{outcome_.wall_s, static_cast<double>(outcome_.steps) / outcome_.wall_s};
  for (MetricsSink* sink : sinks_) sink->update(records_, timing);
  divergence_ = find_divergence(records_, config_);
}

}  // namespace ppo
