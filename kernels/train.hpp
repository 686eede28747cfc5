// The training kernel: a persistent loop that only sequences.
#pragma once

#include "kernels/adam.hpp"
#include "kernels/advantages.hpp"
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
  PPO_DEVICE static void rollout(const Hyper& hyper, Agent&, const TeamBlock<Agent>& block) {
    rollout_stage(hyper, block);
  }
  template <class Agent>
  PPO_DEVICE static void values(const Hyper& hyper, Agent&, const TeamBlock<Agent>& block) {
    values_stage(hyper, block);
  }
  template <class Agent>
  PPO_DEVICE static void advantages(const Hyper& hyper, Agent&, const TeamBlock<Agent>& block) {
    advantages_stage(hyper, block);
  }
  template <class Agent>
  PPO_DEVICE static void gradient(const Hyper& hyper, Agent&, const Minibatch<Permutation>& minibatch,
                                  const TeamBlock<Agent>& block) {
    gradient_stage(hyper, block, minibatch);
  }
  template <class Agent>
  PPO_DEVICE static void reduce(Agent&, std::int64_t minibatch_size, const TeamBlock<Agent>& block) {
    reduce_stage(block, minibatch_size);
  }
  template <class Agent>
  PPO_DEVICE static StepResult adam(const Hyper& hyper, Agent&, AdamPowers& powers, float lr,
                                    const TeamBlock<Agent>& block) {
    return adam_stage(hyper, block, powers, lr);
  }
};

/// Trains the listed agents for launch.updates updates, as one block's part of it. A team takes its agents in
/// turn; what one leaves for its next launch is its training state, in global memory.
template <class Block, class Agent>
PPO_DEVICE void train_agents(const Launch& launch, Shared<Agent>& shared) {
  const Block block(launch, shared);
  for (std::int64_t i = block.team(); i < launch.num_agents; i += launch.num_teams) {
    const std::int64_t k = launch.training[i];
    if (k == kNoAgent) break;
    Agent& header = static_cast<Agent*>(launch.agents)[k];
    if (block.writes_header()) shared.agent = header;
    block.end_header();
    for (std::int64_t update = 0; update < launch.updates; ++update) {
      ppo::update<KernelStages>(launch.hyper, shared.agent, block, shared.notes);
      if (block.leads()) launch.rows[update * launch.num_agents + k] = shared.notes.row();
      if (launch.traces == nullptr) continue;
      if (block.leads() && !shared.notes.is_faulty()) {
        launch.traces[k] = trace_hash(launch.hyper, shared.agent, launch.traces[k]);
      }
      block.wait();  // read before the next rollout overwrites it
    }
    if (block.leads()) {
      header.update = shared.agent.update;
      header.powers = shared.agent.powers;
    }
  }
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
