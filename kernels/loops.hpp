// One environment's training kernels behind plain functions (kernels/launch.hpp): what a generated instance
// exports.
#pragma once

#include <iterator>
#include <new>
#include <utility>

#include "kernels/train.hpp"
#include "ppo/init.hpp"

namespace ppo {

/// What a team's rows of sums take: those of its plan, and for each block one to carry chains in. [floats]
template <class Agent>
std::int64_t group_floats(const Sizes& sizes, int blocks_per_agent) {
  const int carries = Agent::kLarge ? blocks_per_agent : 0;
  return std::int64_t{LeafPlan(minibatch_size(sizes), blocks_per_agent).rows() + carries} * Agent::kRowPitch;
}

template <class Agent>
constexpr std::size_t cluster_shared_bytes() {
  if constexpr (Agent::kClusters) {
    static_assert(ClusterMemory<Agent>::kSlices <= kSlicesAtOnce);
    return sizeof(Shared<Agent>) + sizeof(ClusterMemory<Agent>);
  } else {
    return 0;
  }
}

template <IsEnv Env, int H>
CudaLoops cuda_loops() {
  using Agent = SizedAgent<Env, H>;
  return {
      .hidden_size = H,
      .kernel = reinterpret_cast<const void*>(&train<Env, H>),
      .shared_bytes = sizeof(Shared<Agent>),
      .cluster_shared_bytes = cluster_shared_bytes<Agent>(),
      .header_bytes = sizeof(Agent),
      .state_bytes =
          [](const Sizes& sizes) {
            Carver carver(nullptr);
            Agent{}.take_state(sizes, carver);
            return carver.used();
          },
      .workspace_bytes =
          [](const Sizes& sizes, int blocks_per_agent) {
            Agent agent{};
            agent.layout = layout_of<Env>(H);
            Carver carver(nullptr);
            agent.take_workspace(sizes, group_floats<Agent>(sizes, blocks_per_agent), carver);
            return carver.used();
          },
      .fits_clusters =
          [](const Sizes& sizes, int blocks_per_agent) {
            return blocks_per_agent % kClusterBlocks == 0 &&
                   LeafPlan(minibatch_size(sizes), 1).leaves == blocks_per_agent;
          },
      .most_blocks =
          [](const Sizes& sizes, int ranks) {
            // In the rollout a block keeps eight environments busy, a warp each; in the gradient a leaf. The
            // last rank's part is the largest.
            constexpr int kWarps = kBlockThreads / 32;
            const LeafPlan leaves(minibatch_size(sizes), 1, ranks - 1, ranks);
            const BlockShare envs = share_of(sizes.num_envs, ranks - 1, ranks);
            return max(leaves.begin(1) - leaves.begin(0), (envs.end - envs.begin + kWarps - 1) / kWarps);
          },
      .packed_units =
          [](const Sizes& sizes, int ranks) {
            RankArrays rollout{};
            list_arrays(sizes, Agent{}, Exchanged::rollout_with_statistics, rollout);
            RankArrays gradient{};
            list_arrays(sizes, Agent{}, Exchanged::gradient, gradient);
            return max(rollout.units(ranks), gradient.units(ranks));
          },
      .init =
          [](const Sizes& sizes, const Tuning& tuning, void* state) {
            Agent agent{};
            Carver carver(state);
            agent.take_state(sizes, carver);
            init_agent(sizes, tuning, agent);
          },
      .make_header =
          [](const Sizes& sizes, const Tuning& tuning, void* device_state, void* header) {
            Agent agent{};
            agent.tuning = tuning;
            Carver state(device_state);
            agent.take_state(sizes, state);
            new (header) Agent(agent);
          },
      .set_workspace =
          [](const Sizes& sizes, int blocks_per_agent, void* device_workspace, void* header) {
            Carver workspace(device_workspace);
            static_cast<Agent*>(header)->take_workspace(sizes, group_floats<Agent>(sizes, blocks_per_agent),
                                                        workspace);
          },
      .tune = [](const Tuning& tuning, void* header) { static_cast<Agent*>(header)->tuning = tuning; },
      .save =
          [](const Sizes& sizes, const void* header, void* state, StateArrays& out) {
            Agent agent = *static_cast<const Agent*>(header);
            Carver carver(state);
            agent.take_state(sizes, carver);
            agent.save(sizes, out);
          },
      .load =
          [](const Sizes& sizes, const StateArrays& in, void* header, void* state) {
            Agent agent{};
            Carver carver(state);
            agent.take_state(sizes, carver);
            agent.load(sizes, in);
            auto& head = *static_cast<Agent*>(header);
            head.tuning.seed = agent.tuning.seed;
            head.update = agent.update;
            head.powers = agent.powers;
          },
  };
}

/// The largest State [bytes]: each thread of a GPU holds copies of it, in a frame of at most 512 KiB.
inline constexpr int kMostDeviceStateBytes = 64 * 1024;

/// One for each of kHiddenSizes.
template <IsEnv Env, std::size_t... i>
CudaKernels cuda_kernels(std::index_sequence<i...>) {
  static_assert(sizeof(typename Env::State) <= kMostDeviceStateBytes,
                "the CUDA engine takes a State of at most 64 KiB; build without it, -DPPO_CUDA=OFF");
  return {{cuda_loops<Env, kHiddenSizes[i]>()...}};
}
template <IsEnv Env>
CudaKernels cuda_kernels() {
  return cuda_kernels<Env>(std::make_index_sequence<std::size(kHiddenSizes)>());
}

}  // namespace ppo
