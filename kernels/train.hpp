// The training kernel: a persistent loop that only sequences.
#pragma once

#include "kernels/adam.hpp"
#include "kernels/advantages.hpp"
#include "kernels/cluster/cluster.hpp"
#include "kernels/gradient.hpp"
#include "kernels/reduce.hpp"
#include "kernels/rollout.hpp"
#include "kernels/values.hpp"
#include "ppo/trace.hpp"
#include "ppo/update.hpp"

namespace ppo {

/// The stages as ppo/update.hpp calls them.
struct KernelStages {
  template <class Agent>
  PPO_DEVICE static void rollout(const Sizes& sizes, Agent&, const TeamBlock<Agent>& block) {
    rollout_stage(sizes, block);
  }
  template <class Agent>
  PPO_DEVICE static void values(const Sizes& sizes, Agent&, const TeamBlock<Agent>& block) {
    values_stage(sizes, block);
  }
  template <class Agent>
  PPO_DEVICE static void advantages(const Sizes& sizes, Agent&, const TeamBlock<Agent>& block) {
    advantages_stage(sizes, block);
  }
  template <class Agent>
  PPO_DEVICE static void gradient(const Sizes& sizes, Agent&, const Minibatch<Permutation>& minibatch,
                                  const TeamBlock<Agent>& block) {
    gradient_stage(sizes, block, minibatch);
  }
  template <class Agent>
  PPO_DEVICE static void reduce(Agent&, std::int64_t minibatch_size, const TeamBlock<Agent>& block) {
    if (block.is_clustered()) {
      reduce_in_cluster(block, minibatch_size);
    } else {
      reduce_stage(block, minibatch_size);
    }
  }
  template <class Agent>
  PPO_DEVICE static StepResult adam(Agent&, AdamPowers& powers, float lr, const TeamBlock<Agent>& block) {
    if (block.is_clustered()) {
      adam_in_cluster(block, powers, lr);
    } else {
      adam_stage(block, powers, lr);
    }
    return {block.shared.norm, block.shared.terms};
  }
};

/// The agent in hand.
PPO_DEVICE std::int64_t agent_of(const Launch& launch, const Progress& progress) {
  return progress.place < launch.num_agents ? launch.training[progress.place] : kNoAgent;
}
template <class Agent>
PPO_DEVICE Agent& header_of(const Launch& launch, const Progress& progress) {
  return static_cast<Agent*>(launch.agents)[agent_of(launch, progress)];
}

/// By the team's leader, after an update.
template <class Agent>
PPO_DEVICE void report_update(const Launch& launch, const Shared<Agent>& shared) {
  const std::int64_t k = agent_of(launch, shared.progress);
  launch.rows[shared.progress.update * launch.num_agents + k] = shared.notes.row();
  if (launch.traces == nullptr || shared.notes.is_faulty()) return;
  launch.traces[k] = trace_hash(launch.sizes, shared.agent, launch.traces[k]);
}

/// Trains one agent for launch.updates updates, as one block's part of it. What it leaves for its next launch
/// is its training state, in global memory.
template <class Block, class Agent>
PPO_DEVICE void train_agent(const Launch& launch, const Block& block, Shared<Agent>& shared) {
  Progress& progress = shared.progress;
  if (block.writes_header()) {
    shared.agent = header_of<Agent>(launch, progress);
    progress.update = 0;
  }
  block.end_header();
  if (block.is_clustered()) take_agent(block);
  while (progress.update < launch.updates) {
    ppo::update<KernelStages>(launch.sizes, shared.agent, block, shared.notes);
    if (block.leads()) report_update(launch, shared);
    if (launch.traces != nullptr) block.wait();  // read before the next rollout overwrites it
    if (block.writes_header()) ++progress.update;
    block.end_header();
  }
  Agent& header = header_of<Agent>(launch, progress);
  if (block.is_clustered()) leave_agent(block, header);
  if (!block.leads()) return;
  header.update = shared.agent.update;
  header.powers = shared.agent.powers;
}

/// A team takes the listed agents in turn.
template <class Block, class Agent>
PPO_DEVICE void train_agents(const Launch& launch, Shared<Agent>& shared) {
  const Block block(launch, shared);
  Progress& progress = shared.progress;
  if (block.writes_header()) progress.place = block.plan().team;
  block.end_header();
  while (agent_of(launch, progress) != kNoAgent) {
    train_agent(launch, block, shared);
    block.end_header();
    if (block.writes_header()) progress.place += launch.num_teams;
    block.end_header();
  }
  block.report_cycles();
}

/// Empty where no card could launch it, which choose_device knows: ptxas would take a third of its time for
/// that.
template <IsEnv Env, int H>
PPO_KERNEL(kBlockThreads)
train(PPO_LAUNCH_ARGUMENT Launch launch) {
  using Agent = SizedAgent<Env, H>;
  if constexpr (sizeof(Shared<Agent>) <= most_shared_bytes(device::kComputeCapability)) {
    train_agents<TeamBlock<Agent>>(launch, *reinterpret_cast<Shared<Agent>*>(device::shared_memory()));
  }
}

}  // namespace ppo
