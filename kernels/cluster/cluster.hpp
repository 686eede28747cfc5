// A team made of clusters: blocks that reach each other's shared memory. A cluster of as many blocks as a
// group has leaves adds up a group by itself, keeps all parameters with their moments, and steps them: what
// it does after a minibatch, every other cluster does, too, with the same bits. So a minibatch takes one
// barrier of the whole team instead of three.
#pragma once

#include "kernels/adam.hpp"
#include "kernels/layer_share.hpp"
#include "kernels/reduce.hpp"

namespace ppo {

template <class Agent>
PPO_DEVICE ClusterMemory<Agent>& cluster_memory(const TeamBlock<Agent>& block) {
  return *reinterpret_cast<ClusterMemory<Agent>*>(&block.shared + 1);
}

/// The block's number in its cluster.
template <class Agent>
PPO_DEVICE int rank_of(const TeamBlock<Agent>& block) {
  return static_cast<int>(static_cast<unsigned>(block.plan().index) % kClusterBlocks);
}

/// What the block has of its own part of the leaves' sums; in another's memory, what that one has of this
/// block.
template <class Agent>
PPO_DEVICE Quad* part_of_block(const TeamBlock<Agent>& block) {
  return cluster_memory(block).part[rank_of(block)];
}

/// visit(s, p) for the thread's parameter p of each of the block's slices, number s.
template <class Agent, class Visit>
PPO_DEVICE void for_own_parameters(const WorkPlan& plan, Visit visit) {
  PPO_UNROLL
  for (int s = 0; s < ClusterMemory<Agent>::kSlices; ++s) {
    const int p = (plan.slices.begin + s) * kSliceSize + device::thread_index();
    if (plan.slices.begin + s < plan.slices.end && p < Agent::P) visit(s, p);
  }
}

/// A thread's parameters with all that their step needs; zeros where it has none, which are stepped, too: to
/// ask would take longer.
template <class Agent>
struct OwnParameters {
  static constexpr int kSlices = ClusterMemory<Agent>::kSlices;
  float param[kSlices] = {}, moment1[kSlices] = {}, moment2[kSlices] = {};

  OwnParameters() = default;
  PPO_DEVICE explicit OwnParameters(const ClusterMemory<Agent>& memory) {
    PPO_UNROLL
    for (int s = 0; s < kSlices; ++s) {
      param[s] = memory.param[s][device::thread_index()];
      moment1[s] = memory.moment1[s][device::thread_index()];
      moment2[s] = memory.moment2[s][device::thread_index()];
    }
  }

  PPO_DEVICE void store(ClusterMemory<Agent>& memory) const {
    PPO_UNROLL
    for (int s = 0; s < kSlices; ++s) {
      memory.param[s][device::thread_index()] = param[s];
      memory.moment1[s][device::thread_index()] = moment1[s];
      memory.moment2[s][device::thread_index()] = moment2[s];
    }
  }
};

/// Before an agent's first update in a launch: its parameters and moments on their way into the cluster. From
/// now on the parameters of the block's agent are the cluster's own copy of them, a row behind both sets of
/// the groups' sums.
template <class Agent>
PPO_DEVICE void take_agent(const TeamBlock<Agent>& block) {
  const WorkPlan& plan = block.plan();
  Agent& agent = block.shared.agent;
  const int row = 2 * plan.groups + plan.index / kClusterBlocks;
  float* copy = agent.groups + std::int64_t{row} * Agent::kRowPitch;
  OwnParameters<Agent> own;
  for_own_parameters<Agent>(plan, [&](int s, int p) {
    own.param[s] = agent.params[p];
    own.moment1[s] = agent.moment1[p];
    own.moment2[s] = agent.moment2[p];
  });
  own.store(cluster_memory(block));
  for_own_parameters<Agent>(plan, [&](int s, int p) { copy[p] = own.param[s]; });
  device::sync_cluster();
  if (block.writes_header()) agent.params = copy;
  block.end_header();
}

/// After its last: the first cluster leaves them where the agent's header says.
template <class Agent>
PPO_DEVICE void leave_agent(const TeamBlock<Agent>& block, const Agent& header) {
  if (block.plan().index >= kClusterBlocks) return;
  const Array<float> params = header.params, moment1 = header.moment1, moment2 = header.moment2;
  const OwnParameters<Agent> own(cluster_memory(block));
  for_own_parameters<Agent>(block.plan(), [&](int s, int p) {
    params[p] = own.param[s];
    moment1[p] = own.moment1[s];
    moment2[p] = own.moment2[s];
  });
}

/// The row where the group of cluster number `cluster` leaves its sums. Two sets of rows take turns, as a
/// cluster may still read the last minibatch's when another has come to this one's.
template <class Agent>
PPO_DEVICE float* group_row(const TeamBlock<Agent>& block, int cluster) {
  const int first = block.shared.notes.means.count % 2 * block.plan().groups;
  return block.shared.agent.groups + std::int64_t{first + cluster} * Agent::kRowPitch;
}

/// Where in a row the quad lies that block `rank` of a cluster has at that place of its part, of the second
/// layers' weights.
template <class Agent>
PPO_DEVICE int place_in_row(int place, int rank) {
  using Places = Exchange<Agent>;
  const unsigned thread = Places::thread_of(place, rank);
  const int layer = thread < kQuartetThreads ? Agent::Actor::l2_w : Agent::kRowRest + Agent::Critic::l2_w;
  return layer + LayerShare<Agent::H>(thread % kQuartetThreads).place(Places::quad_of(rank));
}

/// What all leaves of a group have there, added up in order.
template <class Agent>
PPO_DEVICE Quad sum_of_leaves(const ClusterMemory<Agent>& memory, int place) {
  Quad leaf[kClusterBlocks];
  PPO_UNROLL
  for (int k = 0; k < kClusterBlocks; ++k) leaf[k] = load_quad(memory.part[k][place].x);
  Quad sum = leaf[0];
  PPO_UNROLL
  for (int k = 1; k < kClusterBlocks; ++k) {
    PPO_UNROLL
    for (int i = 0; i < 4; ++i) sum.x[i] = sum.x[i] + leaf[k].x[i];
  }
  return sum;
}

/// The leaves' sums to their group's row: each block adds up the part that has been sent to it.
template <class Agent>
PPO_DEVICE void add_up_group(const TeamBlock<Agent>& block) {
  using Places = Exchange<Agent>;
  device::arrive_cluster();
  const int thread = device::thread_index();
  const int rank = rank_of(block);
  const auto& memory = cluster_memory(block);
  float* row = group_row(block, block.plan().index / kClusterBlocks);
  float* of_layer = row + place_in_row<Agent>(thread, rank);
  device::wait_cluster();
  if (thread < Places::kLayerQuads) store_quad(of_layer, sum_of_leaves(memory, thread));
  PPO_UNROLL
  for (int first = 0; first < Places::kPiece / 4; first += kBlockThreads) {
    const int quad = first + thread;
    if (quad >= Places::kPiece / 4) break;
    const int place = Places::place_of_number(rank * Places::kPiece + 4 * quad);
    if (place < Agent::kRowPitch) store_quad(row + place, sum_of_leaves(memory, Places::kLayerQuads + quad));
  }
}

/// A thread's sums over all groups: of its parameters and, in the block's first threads, of a term of the
/// loss.
template <class Agent>
struct OwnSums {
  static constexpr int kTerm = ClusterMemory<Agent>::kSlices;  // behind the parameters'
  static constexpr int kSums = kTerm + 1;
  static constexpr int kAtOnce = 16;  // groups, whose loads are all under way together
  float sum[kSums];

  PPO_DEVICE OwnSums(const WorkPlan& plan, const float* rows) {
    const int thread = device::thread_index();
    int place[kSums];  // in a row
    PPO_UNROLL
    for (int s = 0; s < kSums; ++s) {
      place[s] = kNone;
      sum[s] = GroupReader::kNothing;
    }
    for_own_parameters<Agent>(plan, [&](int s, int p) { place[s] = Agent::place_in_row(p); });
    if (thread < kLossTerms) place[kTerm] = Agent::place_in_row(Agent::P + thread);
    PPO_NO_UNROLL
    for (int group = 0; group < plan.groups; group += kAtOnce)
      add_groups(rows + std::int64_t{group} * Agent::kRowPitch, plan.groups - group, place);
  }

 private:
  static constexpr int kNone = -1;

  /// As many as there are, of `left` rows.
  PPO_DEVICE void add_groups(const float* rows, int left, const int* place) {
    float part[kSums][kAtOnce];
    PPO_UNROLL
    for (int s = 0; s < kSums; ++s) {
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) {
        part[s][g] = GroupReader::kNothing;
        if (g < left && place[s] != kNone) part[s][g] = rows[g * Agent::kRowPitch + place[s]];
      }
    }
    PPO_UNROLL
    for (int s = 0; s < kSums; ++s) {
      PPO_UNROLL
      for (int g = 0; g < kAtOnce; ++g) sum[s] += part[s][g];
    }
  }
};

/// The mean gradient of the block's slices to shared.slices, their squares to all blocks of the cluster, and
/// the mean terms of the loss to shared.terms.
template <class Agent>
PPO_DEVICE void reduce_in_cluster(const TeamBlock<Agent>& block, std::int64_t minibatch_size) {
  const WorkPlan& plan = block.plan();
  auto& shared = block.shared;
  const float share = 1.0F / static_cast<float>(minibatch_size);
  const int thread = device::thread_index();
  const OwnSums<Agent> sums(plan, group_row(block, 0));
  PPO_UNROLL
  for (int s = 0; s < sums.kTerm; ++s) shared.slices[s][thread] = sums.sum[s] * share;
  if (thread < kLossTerms) shared.terms[thread] = sums.sum[sums.kTerm] * share;
  device::sync_block();
  const int slice = plan.slices.begin + thread / 32;
  if (slice >= plan.slices.end) return;
  const int size = min(kSliceSize, Agent::P - slice * kSliceSize);
  const float square = slice_square_by_warp(shared.slices[thread / 32], size, thread % 32);
  if (thread % 32 < kClusterBlocks) device::store_to_block(shared.squares + slice, thread % 32, square);
}

/// Steps the block's slices.
template <class Agent>
PPO_DEVICE void adam_in_cluster(const TeamBlock<Agent>& block, AdamPowers& powers, float lr) {
  auto& shared = block.shared;
  auto& memory = cluster_memory(block);
  const int thread = device::thread_index();
  const AdamStep<float> step = common_step(block, powers, lr);
  OwnParameters<Agent> own(memory);
  PPO_UNROLL
  for (int s = 0; s < own.kSlices; ++s)
    adam(step, shared.slices[s][thread], own.param[s], own.moment1[s], own.moment2[s]);
  own.store(memory);
  for_own_parameters<Agent>(block.plan(), [&](int s, int p) { shared.agent.params[p] = own.param[s]; });
}

}  // namespace ppo
