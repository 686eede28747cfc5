// A whole training under the emulator: what src/engine/cuda does on a card, without any of its calls.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "engine/population.hpp"
#include "kernels/launch.hpp"
#include "ppo/hash.hpp"
#include "simt/grid.hpp"

namespace ppo::simt {

/// K agents by teams of G blocks.
struct Teams {
  std::int64_t num_agents = 1;        // K
  std::int32_t num_teams = 1;         // at most K
  std::int32_t blocks_per_agent = 1;  // G
  std::int32_t cluster_blocks = 1;    // those of a cluster
};

class Training {
 public:
  Training(const CudaLoops& loops, const Population& population, const Teams& teams)
      : loops_(loops),
        sizes_(population.sizes),
        teams_(teams),
        headers_(static_cast<std::size_t>(teams.num_agents) * loops.header_bytes),
        counters_(static_cast<std::size_t>(teams.num_teams)),
        traces_(static_cast<std::size_t>(teams.num_agents), kFnvOffset) {
    for (std::int32_t team = 0; team < teams.num_teams; ++team)
      workspaces_.push_back(block(loops.workspace_bytes(sizes_, teams.blocks_per_agent)));
    for (std::int64_t k = 0; k < teams.num_agents; ++k) {
      const auto index = static_cast<std::size_t>(k);
      states_.push_back(block(loops.state_bytes(sizes_)));
      loops.init(sizes_, population.agents[index], states_[index].get());
      std::byte* const header = headers_.data() + index * loops.header_bytes;
      loops.make_header(sizes_, population.agents[index], states_[index].get(), header);
      training_.push_back(k);
    }
    train_only(training_);
  }

  /// From now on these agents, in this order.
  void train_only(const std::vector<std::int64_t>& agents) {
    training_ = agents;
    for (std::size_t place = 0; place < agents.size(); ++place) {
      std::byte* const header =
          headers_.data() + static_cast<std::size_t>(agents[place]) * loops_.header_bytes;
      loops_.set_workspace(sizes_, teams_.blocks_per_agent, workspaces_[place % workspaces_.size()].get(),
                           header);
    }
    training_.resize(static_cast<std::size_t>(teams_.num_agents), kNoAgent);
  }

  /// Without traces and clocks, as in a user's run: a trace brings a barrier of its own.
  void leave_instruments_out() { instrumented_ = false; }

  /// From now on the blocks form clusters of so many; 1: none.
  void form_clusters(std::int32_t cluster_blocks) { teams_.cluster_blocks = cluster_blocks; }

  /// From now on it is one of several ranks.
  void join(const RankLink& link) { link_ = link; }

  /// From now on, Launch::patience.
  void set_patience(std::uint64_t cycles) { patience_ = cycles; }

  /// From now on, bits of kernels/variants.hpp.
  void set_variants(std::uint32_t variants) { variants_ = variants; }

  /// Runs the kernel once; its rows are added to rows().
  LaunchRecord run(std::int64_t updates, const Schedule& schedule, void (*kernel)(Launch) = nullptr) {
    std::vector<UpdateRow> rows(static_cast<std::size_t>(updates * teams_.num_agents));
    std::vector<StageCycles> cycles(static_cast<std::size_t>(blocks()));
    std::fill(counters_.begin(), counters_.end(), TeamCounter{});
    const Launch argument{.sizes = sizes_,
                          .agents = headers_.data(),
                          .training = training_.data(),
                          .num_agents = teams_.num_agents,
                          .num_teams = teams_.num_teams,
                          .blocks_per_agent = teams_.blocks_per_agent,
                          .cluster_blocks = teams_.cluster_blocks,
                          .updates = updates,
                          .rows = rows.data(),
                          .counters = counters_.data(),
                          .traces = instrumented_ ? traces_.data() : nullptr,
                          .cycles = instrumented_ ? cycles.data() : nullptr,
                          .patience = patience_,
                          .variants = variants_,
                          .link = link_};
    if (kernel == nullptr)
      kernel = reinterpret_cast<void (*)(Launch)>(reinterpret_cast<std::uintptr_t>(loops_.kernel));
    const LaunchRecord record = launch(
        {.blocks = blocks(),
         .cluster_blocks = teams_.cluster_blocks,
         .threads = kBlockThreads,
         .shared_bytes = teams_.cluster_blocks > 1 ? loops_.cluster_shared_bytes : loops_.shared_bytes},
        schedule, [&] { kernel(argument); });
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    return record;
  }

  const std::vector<UpdateRow>& rows() const { return rows_; }  // [updates][K]
  std::uint64_t trace_hash(std::int64_t k) const { return traces_[static_cast<std::size_t>(k)]; }

  /// [count], of agent k.
  const float* params(std::int64_t k) const {
    return static_cast<const float*>(states_[static_cast<std::size_t>(k)].get());
  }

 private:
  struct Free {
    void operator()(void* memory) const { ::operator delete (memory, std::align_val_t{64}); }
  };
  using Block = std::unique_ptr<void, Free>;

  static Block block(std::size_t bytes) {
    Block memory(::operator new (bytes, std::align_val_t{64}));
    std::memset(memory.get(), 0, bytes);
    return memory;
  }

  int blocks() const { return teams_.num_teams * teams_.blocks_per_agent; }

  const CudaLoops& loops_;
  Sizes sizes_;
  Teams teams_;
  bool instrumented_ = true;
  std::uint64_t patience_ = 0;
  std::uint32_t variants_ = 0;
  RankLink link_;
  std::vector<Block> states_;           // [K]
  std::vector<Block> workspaces_;       // [num_teams]
  std::vector<std::byte> headers_;      // [K]
  std::vector<std::int64_t> training_;  // [K] those that train, then kNoAgent
  std::vector<TeamCounter> counters_;   // [num_teams]
  std::vector<std::uint64_t> traces_;   // [K]
  std::vector<UpdateRow> rows_;
};

}  // namespace ppo::simt
