#include "engine/choice/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "engine/choice/costs.hpp"
#include "engine/work.hpp"
#include "ppo/gradient.hpp"

namespace ppo {
namespace {

double flops_per_update(const Workload& work) {
  return static_cast<double>(batch_size(work.hyper)) * flops_per_step(work.env, work.hyper);
}

/// Minibatches of an update.
double minibatches(const Hyper& hyper) {
  return static_cast<double>(hyper.update_epochs) * hyper.num_minibatches;
}

double level_rate(const std::string& level) {
  const auto is_it = [&](const costs::LevelCost& cost) { return cost.level == level; };
  return std::ranges::find_if(costs::kLevels, is_it)->flops_per_s;
}

/// An update of one agent by one thread [s].
double update_alone(const Workload& work, const std::string& level) {
  const auto samples = static_cast<double>(batch_size(work.hyper));
  const double parameters = work.env.layout(work.hyper.hidden_size).size();
  return flops_per_update(work) / level_rate(level) +
         samples * (work.hyper.update_epochs + 1) * costs::kSample +
         minibatches(work.hyper) * parameters * costs::kParameter;
}

/// The same by all threads together [s].
double update_together(const Workload& work, const Processor& processor) {
  const double alone = update_alone(work, processor.simd);
  if (processor.threads == 1) return alone;
  // A thread takes one network of a group of samples: more threads than that have nothing to do.
  const auto shares = static_cast<double>(2 * group_count(minibatch_size(work.hyper)));
  return alone / std::min<double>(processor.threads, shares) +
         minibatches(work.hyper) * costs::kSharing * std::log2(processor.threads);
}

std::int64_t ceil_div(std::int64_t count, std::int64_t per) {
  return (count + per - 1) / per;
}

/// How many blocks of an agent have work (as in kernels/loops.hpp).
std::int64_t most_blocks(const Hyper& hyper) {
  return std::max(ceil_div(minibatch_size(hyper), kLeafSize), ceil_div(hyper.num_envs, 8));
}

/// How many blocks an agent gets of a card that holds one a multiprocessor.
std::int64_t blocks_per_agent(const Workload& work, const Card& card) {
  const std::int64_t all = card.multiprocessors;
  if (work.blocks_per_agent > 0) return std::min(work.blocks_per_agent, all);
  return std::clamp<std::int64_t>(all / work.agents, 1, most_blocks(work.hyper));
}

/// An update of one agent by so many blocks [cycles].
double update_cycles(const Workload& work, const Card& card, std::int64_t blocks) {
  const std::int64_t envs = ceil_div(work.hyper.num_envs, blocks);  // of a block, which steps 32 side by side
  const auto busy = static_cast<double>(std::min(blocks, most_blocks(work.hyper)));
  const double flops_per_cycle = 2.0 * card.fp32_lanes * costs::kOfCudaPeak * busy;
  return work.hyper.num_steps * static_cast<double>(ceil_div(envs, 32)) * costs::kRolloutStep +
         minibatches(work.hyper) * costs::kMinibatch + flops_per_update(work) / flops_per_cycle;
}

}  // namespace

Workload workload_of(const Config& config, const Population& population, std::int64_t updates_done) {
  Hyper usual = population.hyper(0);
  std::int64_t epochs = 0;
  for (const Tuning& tuning : population.agents) epochs += tuning.update_epochs;
  usual.update_epochs = static_cast<std::int32_t>(ceil_div(epochs, population.count()));
  return {.env = find_environment(config.env)->info(),
          .hyper = usual,
          .agents = population.count(),
          .updates = num_updates(population.sizes) - updates_done,
          .blocks_per_agent = config.run.blocks_per_agent};
}

Workload workload_of(const Config& config, std::int64_t updates_done) {
  return workload_of(config, population_of(config), updates_done);
}

int fp32_lanes(int major, int minor) {
  return major == 7 || (major == 8 && minor == 0) ? 64 : 128;
}

double cpu_seconds(const Workload& work, const Processor& processor) {
  // As CpuEngine deals agents out: whole ones as long as there is one for each thread.
  const std::int64_t together = work.agents % processor.threads;
  const std::int64_t rounds = work.agents / processor.threads;
  const double update = static_cast<double>(rounds) * update_alone(work, processor.simd) +
                        static_cast<double>(together) * update_together(work, processor);
  // Two threads of a core get no more done than one: an assumption, and hardly wrong for products of
  // matrices.
  const double threads_per_core = static_cast<double>(processor.threads) / processor.cores;
  return static_cast<double>(work.updates) * update * threads_per_core;
}

double cuda_seconds(const Workload& work, const Card& card) {
  const std::int64_t blocks = blocks_per_agent(work, card);
  const std::int64_t teams = std::min(work.agents, card.multiprocessors / blocks);
  const auto rounds = static_cast<double>(ceil_div(work.agents, teams));
  const double cycles = static_cast<double>(work.updates) * rounds * update_cycles(work, card, blocks);
  return costs::kCudaStart + cycles / (card.ghz * 1e9);
}

}  // namespace ppo
