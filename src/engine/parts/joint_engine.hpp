// An engine made of engines that train the same agents together, one a rank. What they know is the same, so
// the first one speaks for all.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/engine.hpp"

namespace ppo {

class JointEngine : public Engine {
 public:
  /// Of at least one. The first does its work in collect.
  explicit JointEngine(std::vector<std::unique_ptr<Engine>> parts) : parts_(std::move(parts)) {}

  void start(std::int64_t updates) override {
    for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) (*part)->start(updates);
  }
  std::span<const UpdateRow> collect() override {
    const std::span<const UpdateRow> rows = first().collect();
    for (std::size_t p = 1; p < parts_.size(); ++p) parts_[p]->collect();
    return rows;
  }
  std::int64_t batch() const override { return first().batch(); }
  std::int64_t capacity() const override { return first().capacity(); }
  int depth() const override { return first().depth(); }
  std::span<const float> params(std::int64_t k) const override { return first().params(k); }
  bool has_finite_params(std::int64_t k) const override { return first().has_finite_params(k); }
  Hyper hyper(std::int64_t k) const override { return first().hyper(k); }
  std::uint64_t trace_hash(std::int64_t k) const override { return first().trace_hash(k); }
  AgentState save(std::int64_t k) const override { return first().save(k); }
  void load(std::int64_t k, const AgentState& state) override {
    for (const auto& part : parts_) part->load(k, state);
  }
  void tune(std::int64_t k, const Tuning& tuning) override {
    for (const auto& part : parts_) part->tune(k, tuning);
  }
  void retire(std::int64_t k) override {
    for (const auto& part : parts_) part->retire(k);
  }
  Profile profile() const override { return first().profile(); }
  const EngineInfo& info() const override { return first().info(); }

 private:
  Engine& first() const { return *parts_.front(); }

  std::vector<std::unique_ptr<Engine>> parts_;
};

}  // namespace ppo
