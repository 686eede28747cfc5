// What passes between the host and the kernels: the argument of a launch, and one environment's kernels with
// what the host must know of them. Plain data; nothing of CUDA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "ppo/hyper.hpp"
#include "ppo/metrics.hpp"
#include "ppo/stage.hpp"
#include "ppo/state_arrays.hpp"

namespace ppo {

/// Threads of a block, which is one worker of its team.
inline constexpr int kBlockThreads = 256;

/// The dynamic shared memory that a block can have [bytes] where code runs that was compiled for a compute
/// capability, 10 * major + minor (CUDA C++ Programming Guide, "Technical Specifications per Compute
/// Capability"). An unknown one sets no limit.
PPO_HD constexpr std::size_t most_shared_bytes(int compute_capability) {
  switch (compute_capability) {
    case 75:
      return 64 * 1024;
    case 86:
    case 89:
    case 120:
    case 121:
      return 99 * 1024;
    case 80:
    case 87:
      return 163 * 1024;
    case 90:
    case 100:
    case 103:
    case 110:
      return 227 * 1024;
    default:
      return SIZE_MAX;
  }
}

/// Blocks of a cluster: as many as a group has leaves.
inline constexpr int kClusterBlocks = 8;

/// Whether code for that compute capability has clusters. An unknown one does.
PPO_HD constexpr bool has_clusters(int compute_capability) {
  return compute_capability == 0 || compute_capability >= 90;
}

/// Marks the end of a list of agents.
inline constexpr std::int64_t kNoAgent = -1;

/// Where one block's time went [cycles], by stage.
struct StageCycles {
  std::uint64_t work[kStages];
  std::uint64_t wait[kStages];
};

/// Where the blocks of a team count their arrivals at its barriers. A cache line of its own: teams that wait
/// do not slow each other down.
struct alignas(128) TeamCounter {
  std::uint32_t arrivals;
};

/// In which parts of ranks are counted. [bytes]
inline constexpr std::int64_t kPackedUnit = 64;

/// How a kernel has the host exchange what its rank has packed for what others have. In host memory. Cleared
/// before the kernel starts.
struct alignas(128) Mailbox {
  std::uint32_t asked;               // exchanges since the kernel started; written by it, after the next
  std::int64_t units;                // of kPackedUnit, of each part in RankLink::packed
  alignas(64) std::uint32_t served;  // of those asked for; written by the host
};

/// How a kernel is joined to those of other ranks that train the same agents on other cards. Each works for
/// its own part of the environments and of a minibatch's groups. What `mailbox` and `packed` lead to is in
/// page-locked host memory, which the device reaches, too.
struct RankLink {
  std::int32_t rank = 0;
  std::int32_t ranks = 1;  // 1: there are no others
  Mailbox* mailbox = nullptr;
  std::byte* packed = nullptr;  // [ranks] parts, one behind the other; CudaLoops::packed_units
};

/// The one argument of the training kernel. A grid is num_teams * blocks_per_agent blocks; a team trains the
/// agents training[team], training[team + num_teams], ... in turn.
struct Launch {
  Sizes sizes;
  void* agents;                   // [K] headers (CudaLoops::header_bytes each), in device memory
  const std::int64_t* training;   // [K] the agents to train, then kNoAgent
  std::int64_t num_agents;        // K
  std::int32_t num_teams;         // at most K
  std::int32_t blocks_per_agent;  // G
  std::int32_t cluster_blocks;    // kClusterBlocks, or 1: no clusters
  std::int64_t updates;           // to run in this launch
  UpdateRow* rows;                // [updates][K], written for the agents that train
  TeamCounter* counters;          // [num_teams], zero when the kernel starts
  std::uint64_t* traces;          // [K], continued with every rollout; nullptr: not traced
  StageCycles* cycles;            // [num_teams * blocks_per_agent], added to; nullptr: not profiled
  std::uint64_t patience;         // a block that waits longer ends the launch with a fault [cycles]; 0: never
  std::uint32_t variants;         // bits of kernels/variants.hpp; 0: the usual way
  RankLink link = {};             // several ranks: num_teams and cluster_blocks are 1
};

/// One environment's training kernel for one size of the hidden layers. All functions run on the host and
/// launch nothing; none allocates, throws or prints.
struct CudaLoops {
  int hidden_size;           // H
  const void* kernel;        // void kernel(Launch)
  std::size_t shared_bytes;  // dynamic shared memory of a block

  /// The same of a block of a cluster; 0: the kernel's blocks form no clusters.
  std::size_t cluster_shared_bytes;
  std::size_t header_bytes;  // of an agent's header

  /// Bytes of an agent's training state. It begins with the parameters [P].
  std::size_t (*state_bytes)(const Sizes& sizes);

  /// Bytes of the workspace that a team's agents use in turn.
  std::size_t (*workspace_bytes)(const Sizes& sizes, int blocks_per_agent);

  /// Whether a team of so many blocks can be made of clusters: each block has one leaf, and each cluster a
  /// whole group.
  bool (*fits_clusters)(const Sizes& sizes, int blocks_per_agent);

  /// Blocks beyond this number would have nothing to do for an agent that so many ranks train together.
  int (*most_blocks)(const Sizes& sizes, int ranks);

  /// Of each part in RankLink::packed at most, in units of kPackedUnit.
  std::int64_t (*packed_units)(const Sizes& sizes, int ranks);

  /// Writes an agent's first training state to `state` (state_bytes, in host memory).
  void (*init)(const Sizes& sizes, const Tuning& tuning, void* state);

  /// Writes to `header` (in host memory) the header of an agent before its first update, whose state lies at
  /// that device address, aligned to 64 bytes. It has no workspace yet.
  void (*make_header)(const Sizes& sizes, const Tuning& tuning, void* device_state, void* header);

  /// Gives an agent its team's workspace (once cleared, aligned to 64 bytes) by changing its header, which is
  /// in host memory.
  void (*set_workspace)(const Sizes& sizes, int blocks_per_agent, void* device_workspace, void* header);

  /// Makes an agent, whose header is in host memory, train with these values, of the same seed.
  void (*tune)(const Tuning& tuning, void* header);

  /// Both on copies of an agent's header and state in host memory. `load` changes both.
  void (*save)(const Sizes& sizes, const void* header, void* state, StateArrays& out);
  void (*load)(const Sizes& sizes, const StateArrays& in, void* header, void* state);
};

/// Sizes of the hidden layers that there are kernels for. One with 256 units has no room for its weights in
/// any multiprocessor's shared memory.
inline constexpr int kHiddenSizes[] = {32, 64, 128};

/// One environment's training kernels.
struct CudaKernels {
  CudaLoops of_size[std::size(kHiddenSizes)];

  /// nullptr if there is none.
  const CudaLoops* find(int hidden_size) const {
    for (const CudaLoops& loops : of_size) {
      if (loops.hidden_size == hidden_size) return &loops;
    }
    return nullptr;
  }
};

}  // namespace ppo
