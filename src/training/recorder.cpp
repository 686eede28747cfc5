#include "training/recorder.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace ppo {
namespace {

constexpr const char* kLargeSteps =
    "; most likely its steps are too large, train with a smaller lr or max_grad_norm";
constexpr const char* kEnvironment = "; the environment gave a reward that is not finite";

/// "the value loss of agent 0 is not finite in update 3; most likely ...", or nothing.
std::optional<std::string> find_divergence(std::span<const Record> records) {
  struct Quantity {
    const char* name;
    double value;
    const char* cause = kLargeSteps;
  };
  for (const Record& record : records) {
    const UpdateRow& row = record.row;
    const Quantity quantities[] = {{"return", row.return_sum, kEnvironment},  // from which the rest follows
                                   {"policy loss", static_cast<double>(row.loss_policy)},
                                   {"value loss", static_cast<double>(row.loss_value)},
                                   {"entropy", static_cast<double>(row.entropy)},
                                   {"gradient norm", static_cast<double>(row.grad_norm)}};
    for (const Quantity& quantity : quantities) {
      if (std::isfinite(quantity.value)) continue;
      return "the " + std::string(quantity.name) + " of agent " + std::to_string(record.agent) +
             " is not finite in update " + std::to_string(row.update) + quantity.cause;
    }
  }
  return std::nullopt;
}

/// Looks at all of them, whatever it finds, so that compilers make it SIMD: this is done after each update.
bool all_finite(std::span<const float> numbers) {
  constexpr std::uint32_t exponent = 0x7f800000;  // all of its bits are set in what is not finite
  bool finite = true;
  for (const float number : numbers) finite &= (std::bit_cast<std::uint32_t>(number) & exponent) != exponent;
  return finite;
}

}  // namespace

Recorder::Recorder(const Config& config, Outcome& outcome, std::vector<MetricsSink*> sinks)
    : config_(config),
      outcome_(outcome),
      sinks_(std::move(sinks)),
      records_(outcome.agents.size()),
      wall_s_before_(outcome.wall_s) {}

void Recorder::add(std::span<const UpdateRow> rows) {
  for (; !rows.empty() && !divergence_; rows = rows.subspan(records_.size())) add_update(rows);
}

void Recorder::check(const Engine& engine) {
  for (std::size_t k = 0; k < records_.size() && !divergence_; ++k) {
    if (all_finite(engine.params(static_cast<std::int64_t>(k)))) continue;
    divergence_ = "a parameter of agent " + std::to_string(k) + " is not finite after update " +
                  std::to_string(outcome_.updates - 1) + kLargeSteps;
  }
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
