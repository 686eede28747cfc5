// The bytes of the CPU engine, for awkward shapes in every environment, whatever the grid and the launches.
#include "parity/shapes.hpp"
#include "gpu/gpu.hpp"
#include "kernels/launch.hpp"

namespace ppo::test {
namespace {

class GpuShapes : public Gpu, public ::testing::WithParamInterface<std::tuple<std::string_view, Shape>> {};

/// The CUDA engine does not have that size.
void expect_no_kernel(const Config& config) {
  try {
    make_engine(on_gpu(config));
    ADD_FAILURE() << "was made";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kNoDevice) << failure.what();
  }
}

TEST_P(GpuShapes, GiveTheCpusBytes) {
  const auto& [environment, shape] = GetParam();
  const std::int64_t updates = updates_of(shape);
  for (const std::int64_t agents : {1, 3}) {
    Config config{.env = std::string(environment),
                  .hyper = shape.hyper,
                  .num_seeds = agents,
                  .evaluation = {},
                  .run = {}};
    if (find_environment(environment)->cuda->find(shape.hyper.hidden_size) == nullptr) {
      expect_no_kernel(config);
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

INSTANTIATE_TEST_SUITE_P(Environments, GpuShapes, ::testing::ValuesIn(shapes_of_environments()),
                         [](const auto& each) { return name_of(each.param); });

}  // namespace
}  // namespace ppo::test
