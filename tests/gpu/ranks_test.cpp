// Kernels of ranks that train an agent together: here on one card, which holds the few blocks of both at
// once.
#include <thread>

#include "gpu/gpu.hpp"
#include "unit/engine/parts/thread_exchange.hpp"

namespace ppo::test {
namespace {

class GpuRanks : public Gpu {
 protected:
  static constexpr std::int64_t kUpdates = 4;

  /// All engines are made before one trains, and given back after: memory comes and goes when nothing runs.
  static void expect_the_cpus_bytes(const Config& config, int ranks) {
    const auto wanted = outcomes_of(on_cpu(config), kUpdates, kUpdates);
    testing::MeetingPlace place(ranks);
    std::vector<std::unique_ptr<Engine>> engines;
    for (int rank = 0; rank < ranks; ++rank) {
      engines.push_back(make_cuda_engine(on_gpu(config), population_of(config), {.trace = true},
                                         std::make_unique<testing::ThreadExchange>(place, rank)));
    }
    std::vector<std::vector<testing::Outcome>> got(engines.size());
    {
      std::vector<std::jthread> threads;
      for (std::size_t rank = 0; rank < engines.size(); ++rank) {
        threads.emplace_back(
            [&, rank] { got[rank] = testing::run(*engines[rank], config.num_seeds, kUpdates, 2); });
      }
    }
    for (const auto& outcomes : got) expect_same(wanted, outcomes);
  }
};

Config config_of(const char* env, int blocks) {
  Config config{.env = env, .hyper = {}, .num_seeds = 2, .evaluation = {}, .run = {}};
  config.hyper = {{.total_timesteps = 2 * 4 * 37 * 64,
                   .num_envs = 37,
                   .num_steps = 64,
                   .num_minibatches = 2,
                   .max_episode_steps = 50},
                  {.seed = 3, .lr = 1e-3F, .anneal_lr = true, .norm_obs = true, .norm_reward = true}};
  config.run.blocks_per_agent = blocks;
  return config;
}

TEST_F(GpuRanks, TrainAsOneProcessDoes) {
  for (const int ranks : {2, 3}) {
    for (const int blocks : {1, 5}) {
      SCOPED_TRACE(::testing::Message() << ranks << " ranks of " << blocks << " blocks");
      expect_the_cpus_bytes(config_of("cartpole", blocks), ranks);
    }
  }
}

TEST_F(GpuRanks, WithActionsThatAreNumbers) {
  expect_the_cpus_bytes(config_of("pendulum", 4), 2);
}

}  // namespace
}  // namespace ppo::test
