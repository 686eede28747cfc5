#include "recorder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ppo {
namespace {

/// "the value loss of agent 0 is not finite in update 3", or nothing.
std::optional<std::string> find_divergence(std::span<const Record> records) {
  for (const Record& record : records) {
    const UpdateRow& row = record.row;
    const std::pair<const char*, float> quantities[] = {{"policy loss", row.loss_policy},
                                                        {"value loss", row.loss_value},
                                                        {"entropy", row.entropy},
                                                        {"gradient norm", row.grad_norm}};
    for (const auto& [name, value] : quantities) {
      if (std::isfinite(value)) continue;
      return "the " + std::string(name) + " of agent " + std::to_string(record.agent) +
             " is not finite in update " + std::to_string(row.update);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_divergence(const Engine& engine, const Outcome& outcome) {
  for (std::size_t k = 0; k < outcome.agents.size(); ++k) {
    const std::span<const float> params = engine.params(static_cast<std::int64_t>(k));
    if (std::all_of(params.begin(), params.end(), [](float param) { return std::isfinite(param); })) continue;
    return "a parameter of agent " + std::to_string(k) + " is not finite after update " +
           std::to_string(outcome.updates - 1);
  }
  return std::nullopt;
}

Recorder::Recorder(const Config& config, Outcome& outcome, std::vector<MetricsSink*> sinks)
    : config_(config),
      outcome_(outcome),
      sinks_(std::move(sinks)),
      records_(outcome.agents.size()),
      wall_s_before_(outcome.wall_s) {}

void Recorder::add(std::span<const UpdateRow> rows) {
  for (; !rows.empty() && !divergence_; rows = rows.subspan(records_.size())) add_update(rows);
}

void Recorder::add_update(std::span<const UpdateRow> rows) {
  for (std::size_t k = 0; k < records_.size(); ++k) records_[k] = outcome_.agents[k].add(rows[k]);
  ++outcome_.updates;
  outcome_.steps = outcome_.updates * batch_size(config_.hyper) * config_.num_seeds;
  outcome_.wall_s = wall_s_before_ + watch_.seconds();
  const Timing timing{outcome_.wall_s, static_cast<double>(outcome_.steps) / outcome_.wall_s};
  for (MetricsSink* sink : sinks_) sink->update(records_, timing);
  divergence_ = find_divergence(records_);
}

}  // namespace ppo
