// The bytes of the CPU engine, for awkward shapes in every environment, whatever the grid and the launches.
#include "parity/shapes.hpp"
#include "gpu/gpu.hpp"
#include "kernels/launch.hpp"

namespace ppo::test {
namespace {

class GpuShapes : public Gpu, public ::testing::WithParamInterface<std::tuple<const char*, Shape>> {};

TEST_P(GpuShapes, GiveTheCpusBytes) {
  const auto& [environment, shape] = GetParam();
  const std::int64_t updates = updates_of(shape);
  for (const std::int64_t agents : {1, 3}) {
    Config config{.env = environment, .hyper = shape.hyper, .num_seeds = agents, .run = {}};
    if (find_environment(environment)->cuda->find(shape.hyper.hidden_size) == nullptr) {
      EXPECT_THROW(on_gpu(config), Failure);  // a size that the CUDA engine does not have
      return;
    }
    const auto wanted = outcomes_of(on_cpu(config), updates, updates);
    for (const int blocks : {0, 1, 2, usable_device().multiprocessors}) {
      for (const int updates_per_launch : {1, 3}) {
        SCOPED_TRACE(::testing::Message() << agents << " agents, blocks_per_agent " << blocks
                                          << ", updates_per_launch " << updates_per_launch);
        config.run.blocks_per_agent = blocks;
        config.run.updates_per_launch = updates_per_launch;
        expect_same(wanted, outcomes_of(on_gpu(config), updates, updates));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Environments, GpuShapes,
                         ::testing::Combine(::testing::Values("cartpole", "my_env"),
                                            ::testing::ValuesIn(kShapes)),
                         [](const auto& name) {
                           return std::get<0>(name.param) + std::string("_") + std::get<1>(name.param).name;
                         });

}  // namespace
}  // namespace ppo::test
