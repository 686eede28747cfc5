// The laboratory's probes on a card: they run, and what they say can be.
#include "bench/probes/lab.hpp"

#include "gpu/gpu.hpp"
#include "kernels/variants.hpp"

namespace ppo::test {
namespace {

class GpuLab : public Gpu {};

// However lanes share what they read, a multiprocessor moves no more than 128 bytes a cycle.
TEST_F(GpuLab, LoadsTakeCyclesAccordingToTheirBytes) {
  EXPECT_GE(probes::quad_load_cycles(31), 3.9);
  EXPECT_GT(probes::quad_load_cycles(0), 0);
}

TEST_F(GpuLab, LaunchesTakeTime) {
  EXPECT_GT(probes::launch_seconds(), 0);
  EXPECT_GT(probes::queued_launch_seconds(), 0);
}

TEST_F(GpuLab, EveryVariantGivesTheBytesOfTheCpu) {
  Config config;
  config.hyper.total_timesteps = 3 * batch_size(config.hyper);
  const auto wanted = outcomes_of(on_cpu(config), 3, 3);
  for (const KernelVariant& variant : kKernelVariants) {
    SCOPED_TRACE(variant.name);
    const auto engine = make_engine(on_gpu(config), {.trace = true, .variants = variant.bit});
    expect_same(wanted, testing::run(*engine, config.num_seeds, 3, 3));
  }
}

}  // namespace
}  // namespace ppo::test
