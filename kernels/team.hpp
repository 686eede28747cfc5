// A block as a worker of the team that trains an agent: its share of the work, and the barriers.
#pragma once

#include "kernels/ranks/packing.hpp"
#include "kernels/shared.hpp"
#include "kernels/variants.hpp"
#include "ppo/stage.hpp"

namespace ppo {

template <class Agent>
class TeamBlock {
 public:
  /// All threads of the block come here at the start of a launch, and meet before they use anything of it.
  PPO_DEVICE TeamBlock(const Launch& launch, Shared<Agent>& memory) : shared(memory), launch_(launch) {
    if (is_first()) {
      make_plan<Agent>(launch, device::block_index(), shared.plan);
      shared.clock = {};
    }
    plan_rows(launch, device::thread_index(), kBlockThreads, shared.plan);
  }

  Shared<Agent>& shared;

  PPO_DEVICE const WorkPlan& plan() const { return shared.plan; }

  /// Whether the blocks form clusters (kernels/cluster/cluster.hpp).
  PPO_DEVICE bool is_clustered() const {
    if constexpr (Agent::kClusters && has_clusters(device::kComputeCapability)) {
      return launch_.cluster_blocks > 1;
    } else {
      return false;
    }
  }

  /// Whether other ranks train the agent, too.
  PPO_DEVICE bool has_other_ranks() const { return launch_.link.ranks > 1; }

  /// One thread of the team.
  PPO_DEVICE bool leads() const { return plan().index == 0 && is_first(); }

  /// One thread of each block writes the block's notes and its copy of the agent's header.
  PPO_DEVICE bool writes_notes() const { return is_first(); }
  PPO_DEVICE void end_notes() const { device::sync_block(); }
  PPO_DEVICE bool writes_header() const { return is_first(); }
  PPO_DEVICE void end_header() const { device::sync_block(); }

  PPO_DEVICE void begin() const {
    if (is_clocked()) shared.clock.last = device::clock_cycles();
  }

  /// The barrier that ends a stage. What a block's rollout leaves is read by that block alone; other ranks
  /// get it with its values. They need no advantages: a chunk is a warp's work, and there are more warps than
  /// chunks, so every rank computes all of them in the time that its part would take.
  PPO_DEVICE void end(Stage stage) const {
    arrive(stage);
    if (is_of_team(stage) || is_of_cluster(stage)) leave(stage);
    if (has_other_ranks() && (stage == Stage::values || stage == Stage::gradient)) exchange(stage);
  }

  /// Its two halves: what all threads of the team have written before they arrive is seen by those who have
  /// left. Between them, the thread that writes the notes may do so.
  PPO_DEVICE void arrive(Stage stage) const {
    if (is_of_cluster(stage)) {
      device::arrive_cluster();
    } else {
      device::sync_block();
    }
    if (!is_first()) return;
    if (is_of_team(stage)) device::arrive(&counter().arrivals);
    if (is_clocked()) lap(shared.clock.total.work[static_cast<int>(stage)]);
  }
  PPO_DEVICE void leave(Stage stage) const {
    if (is_of_cluster(stage)) device::wait_cluster();
    if (is_first() && is_of_team(stage)) wait_for_team();
    if (is_clocked()) lap(shared.clock.total.wait[static_cast<int>(stage)]);
    device::sync_block();
    if (stage == Stage::advantages) bring_chunks_near();
  }

  /// A barrier of the team that belongs to no stage.
  PPO_DEVICE void wait() const {
    device::sync_block();
    if (plan().blocks == 1) return;
    if (is_first()) {
      device::arrive(&counter().arrivals);
      wait_for_team();
    }
    device::sync_block();
  }

  /// At the end of a launch.
  PPO_DEVICE void report_cycles() const {
    if (!is_clocked()) return;
    StageCycles& total = launch_.cycles[device::block_index()];
    for (int stage = 0; stage < kStages; ++stage) {
      total.work[stage] += shared.clock.total.work[stage];
      total.wait[stage] += shared.clock.total.wait[stage];
    }
  }

 private:
  PPO_DEVICE bool is_first() const { return device::thread_index() == 0; }
  PPO_DEVICE bool is_clocked() const { return launch_.cycles != nullptr && is_first(); }
  PPO_DEVICE bool is_of_cluster(Stage stage) const {
    return is_clustered() && (stage == Stage::reduce || stage == Stage::adam);
  }
  PPO_DEVICE bool is_of_team(Stage stage) const {
    return plan().blocks > 1 && stage != Stage::rollout && !is_of_cluster(stage);
  }
  PPO_DEVICE TeamCounter& counter() const { return launch_.counters[plan().team]; }

  /// By the thread that has arrived for its block. The others need no special instruction to read from global
  /// memory what other blocks have written: `look` acquires for the whole block. They only must not go
  /// through the read-only cache, which knows nothing of it (ld.global.nc).
  PPO_DEVICE void wait_for_team() const {
    const std::uint32_t due = shared.clock.arrivals_due += static_cast<std::uint32_t>(plan().blocks);
    const std::uint64_t begin = launch_.patience > 0 ? device::clock_cycles() : 0;
    while (static_cast<std::int32_t>(device::look(&counter().arrivals) - due) < 0) {
      pause();
      if (launch_.patience > 0 && device::clock_cycles() - begin > launch_.patience) device::give_up();
    }
  }

  /// What all chunks sum up, which the first thread is to read in many trips, one after the other: into the
  /// multiprocessor's own cache, until the team's next barrier empties it. A load counts if what it gives is
  /// used: it goes where nothing is kept from stage to stage.
  PPO_DEVICE void bring_chunks_near() const {
    const int floats = chunk_count(launch_.sizes) * static_cast<int>(sizeof(ChunkSums) / sizeof(float));
    const int first = device::thread_index() * kSectorFloats;
    const auto* chunks = reinterpret_cast<const float*>(shared.agent.rollout.chunks.get());
    if (first < floats) shared.slices[0][device::thread_index()] = chunks[first];
  }
  static constexpr int kSectorFloats = 8;  // what comes at once

  /// Gives the other ranks what this one has written in the stage, and gets theirs, through the host, which
  /// only sees it when all blocks have packed their parts.
  PPO_DEVICE void exchange(Stage stage) const {
    const Packing<Agent> packing(launch_.link, shared);
    const Exchanged what = exchanged_after(stage, shared.agent.tuning);
    if (is_first()) packing.list(launch_.sizes, what);
    device::sync_block();
    packing.pack(what);
    device::fence_system();
    wait();
    if (leads()) ask_host(packing.units());
    wait();
    packing.unpack();
    wait();
    if (is_clocked()) lap(shared.clock.total.wait[static_cast<int>(stage)]);
  }

  /// By the team's leader.
  PPO_DEVICE void ask_host(std::int64_t units) const {
    Mailbox& mailbox = *launch_.link.mailbox;
    const std::uint32_t due = ++shared.clock.exchanges;
    mailbox.units = units;
    device::tell_host(&mailbox.asked, due);
    const std::uint64_t begin = launch_.patience > 0 ? device::clock_cycles() : 0;
    while (device::hear_host(&mailbox.served) != due) {
      if (launch_.patience > 0 && device::clock_cycles() - begin > launch_.patience) device::give_up();
    }
  }

  /// Between two looks.
  PPO_DEVICE void pause() const {
    if ((launch_.variants & kPollWithPause) != 0) {
      device::sleep(20);
    } else {
      device::pause();
    }
  }

  PPO_DEVICE void lap(std::uint64_t& total) const {
    const std::uint64_t now = device::clock_cycles();
    total += now - shared.clock.last;
    shared.clock.last = now;
  }

  const Launch& launch_;
};

}  // namespace ppo
