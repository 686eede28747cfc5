// A block as a worker of the team that trains an agent: its share of the work, and the barriers.
#pragma once

#include "kernels/shared.hpp"
#include "kernels/variants.hpp"
#include "ppo/stage.hpp"

namespace ppo {

/// [begin, end)
struct BlockShare {
  std::int64_t begin;
  std::int64_t end;
};

template <class Agent>
class TeamBlock {
 public:
  PPO_DEVICE TeamBlock(const Launch& launch, Shared<Agent>& memory) : shared(memory), launch_(launch) {}

  Shared<Agent>& shared;

  PPO_DEVICE int count() const { return launch_.blocks_per_agent; }  // of the team, G
  PPO_DEVICE int team() const { return device::block_index() / count(); }
  PPO_DEVICE int index() const { return device::block_index() % count(); }  // in the team

  /// This block's part of `items` things: whole things, in order, as even as can be.
  PPO_DEVICE BlockShare share(std::int64_t items) const {
    return {items * index() / count(), items * (index() + 1) / count()};
  }

  /// One thread of the team.
  PPO_DEVICE bool leads() const { return index() == 0 && writes_notes(); }

  /// One thread of each block writes the block's notes and its copy of the agent's header.
  PPO_DEVICE bool writes_notes() const { return device::thread_index() == 0; }
  PPO_DEVICE void end_notes() const { device::sync_block(); }
  PPO_DEVICE bool writes_header() const { return writes_notes(); }
  PPO_DEVICE void end_header() const { device::sync_block(); }

  PPO_DEVICE void begin() const {
    if (clocked()) last_ = device::clock_cycles();
  }

  /// The barrier that ends a stage. What a block's rollout leaves is read by that block alone.
  PPO_DEVICE void end(Stage stage) const {
    if (clocked()) lap(cycles().work[static_cast<int>(stage)]);
    if (stage == Stage::rollout) {
      device::sync_block();
    } else {
      wait();
    }
    if (clocked()) lap(cycles().wait[static_cast<int>(stage)]);
  }

  /// Returns once all threads of the team have come here; what they wrote before is seen after. Reads of
  /// global memory need no special instruction for that: `look` acquires for the whole block. They only must
  /// not go through the read-only cache, which knows nothing of it (ld.global.nc).
  PPO_DEVICE void wait() const {
    device::sync_block();
    if (count() == 1) return;
    if (device::thread_index() == 0) {
      std::uint32_t* arrivals = launch_.arrivals + team();
      arrivals_due_ += static_cast<std::uint32_t>(count());
      device::arrive(arrivals);
      while (static_cast<std::int32_t>(device::look(arrivals) - arrivals_due_) < 0) pause();
    }
    device::sync_block();
  }

 private:
  /// Between two looks.
  PPO_DEVICE void pause() const {
    if ((launch_.variants & kPollWithPause) != 0) {
      device::sleep(20);
    } else {
      device::pause();
    }
  }

  PPO_DEVICE bool clocked() const { return launch_.cycles != nullptr && device::thread_index() == 0; }
  PPO_DEVICE StageCycles& cycles() const { return launch_.cycles[device::block_index()]; }

  PPO_DEVICE void lap(std::uint64_t& total) const {
    const std::uint64_t now = device::clock_cycles();
    total += now - last_;
    last_ = now;
  }

  const Launch& launch_;
  mutable std::uint32_t arrivals_due_ = 0;  // at the latest barrier
  mutable std::uint64_t last_ = 0;
};

}  // namespace ppo
