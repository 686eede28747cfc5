// The presets from their first update to their last, and runs that cannot be.
#include "config/presets.hpp"

#include <algorithm>

#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "gpu/gpu.hpp"
#include "run/policy_hash.hpp"
#include "system/errors.hpp"

namespace ppo::test {
namespace {

class GpuWholeRun : public Gpu, public ::testing::WithParamInterface<Preset> {};

TEST_P(GpuWholeRun, EndsWithTheCpusHash) {
  Settings settings;
  read_toml(GetParam().toml, std::string(GetParam().name), settings);
  const Config config = settings.checked();
  const std::int64_t updates = num_updates(config.hyper);
  const auto cpu = make_engine(on_cpu(config), {.trace = true});
  const auto gpu = make_engine(on_gpu(config), {.trace = true});
  testing::expect_same(testing::run(*cpu, 1, updates, updates)[0],
                       testing::run(*gpu, 1, updates, updates)[0]);
  EXPECT_EQ(param_hash(gpu->params(0)), param_hash(cpu->params(0)));
}

INSTANTIATE_TEST_SUITE_P(Presets, GpuWholeRun, ::testing::ValuesIn(training_presets()),
                         [](const auto& preset) {
                           std::string name(preset.param.name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

class GpuRefuses : public Gpu {
 protected:
  /// Making the engine fails with that code and a line that holds `part`.
  static void expect_failure(const Config& config, ExitCode code, const std::string& part) {
    try {
      make_engine(config);
      ADD_FAILURE() << "was made";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, code);
      EXPECT_NE(std::string(failure.what()).find(part), std::string::npos) << failure.what();
    }
  }
};

TEST_F(GpuRefuses, ADeviceThatIsNotThere) {
  Config config;
  config.run.device = "cuda:99";
  expect_failure(config, kNoDevice, "cuda:0");
}

TEST_F(GpuRefuses, MoreBlocksThanFit) {
  Config config = on_gpu({});
  config.run.blocks_per_agent = 65535;
  expect_failure(config, kWrongInput, "--blocks-per-agent");
}

TEST_F(GpuRefuses, MoreThanItsMemory) {
  Config config = on_gpu({});
  config.hyper.num_envs = 1 << 20;
  config.hyper.num_steps = 1 << 14;
  config.hyper.num_minibatches = 1 << 14;
  expect_failure(config, kWrongInput, "out of memory");
}

}  // namespace
}  // namespace ppo::test
