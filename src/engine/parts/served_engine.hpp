// An engine in another place: on another rank, which has no more than one at a time.
#pragma once

#include <memory>
#include <vector>

#include "engine/engine.hpp"
#include "engine/parts/channel.hpp"
#include "engine/parts/requests.hpp"

namespace ppo {

class ServedEngine : public Engine {
 public:
  /// Orders it, without waiting for it to be made. Then wait_until_made has to be called first.
  ServedEngine(std::unique_ptr<Channel> channel, const EngineOrder& order);
  ServedEngine(const ServedEngine&) = delete;
  ServedEngine& operator=(const ServedEngine&) = delete;
  ~ServedEngine() override;

  /// Throws as make_engine.
  void wait_until_made();

  void start(std::int64_t updates) override;
  std::span<const UpdateRow> collect() override;
  std::int64_t batch() const override { return batch_; }
  std::int64_t capacity() const override { return capacity_; }
  int depth() const override { return depth_; }
  std::span<const float> params(std::int64_t k) const override;
  bool has_finite_params(std::int64_t k) const override;
  Hyper hyper(std::int64_t k) const override { return population_.hyper(k); }
  std::uint64_t trace_hash(std::int64_t k) const override;
  AgentState save(std::int64_t k) const override;
  void load(std::int64_t k, const AgentState& state) override;
  void tune(std::int64_t k, const Tuning& tuning) override;
  void retire(std::int64_t k) override;
  Profile profile() const override;
  const EngineInfo& info() const override { return info_; }

 private:
  void send(Message request) const;

  /// The answer to the oldest request that has none. Throws the Failure that it is.
  Message receive() const;

  /// Sends and receives.
  Message ask(Message request) const;

  std::unique_ptr<Channel> channel_;
  const EnvironmentInfo& environment_;
  Population population_;
  EngineInfo info_;
  std::int64_t batch_ = 1;
  std::int64_t capacity_ = 1;
  int depth_ = 1;
  std::vector<UpdateRow> rows_;               // of the last collect
  mutable int awaited_ = 0;                   // answers
  mutable std::vector<float> params_;         // of the last call
  mutable std::vector<std::uint8_t> finite_;  // [K] as it is now; empty: not asked yet
};

}  // namespace ppo
