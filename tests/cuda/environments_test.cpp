// Every environment on the CUDA engine, on the stand-in: the specification's bytes whatever the team, the
// sizes and the statistics; states that go from engine to engine; and the end of an agent at a fault.
#include <iterator>
#include <string>

#include "config/environment_names.hpp"
#include "cuda/stand_in_runs.hpp"
#include "kernels/launch.hpp"

namespace ppo::test {
namespace {

constexpr std::int64_t kUpdates = 2;

/// A run of that environment; between them, runs have every combination of the statistics.
Config run_of(std::string_view environment, int hidden_size, int turn) {
  Config config = short_run();
  config.env = environment;
  config.hyper.hidden_size = hidden_size;
  config.hyper.activation = turn % 2 == 0 ? Activation::relu : Activation::tanh;
  config.hyper.norm_obs = turn % 4 < 2;
  config.hyper.norm_reward = turn % 4 == 0 || turn % 4 == 3;
  config.hyper.log_std_init = -0.5F;
  return config;
}

void expect_same(const std::vector<testing::Outcome>& wanted, const std::vector<testing::Outcome>& got) {
  ASSERT_EQ(wanted.size(), got.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) testing::expect_same(wanted[k], got[k]);
}

class CudaEnvironment : public OnStandIn, public ::testing::WithParamInterface<std::string_view> {
 protected:
  void SetUp() override { stand_in::install({.multiprocessors = 5}); }
};

TEST_P(CudaEnvironment, GivesTheSpecifiedBytesByTeamsOfAnySize) {
  int turn = 0;
  for (const int hidden_size : kHiddenSizes) {
    for (const int blocks : {1, 2, 5}) {
      Config config = run_of(GetParam(), hidden_size, turn++);
      config.run.blocks_per_agent = blocks;
      SCOPED_TRACE(::testing::Message()
                   << "hidden_size " << hidden_size << ", blocks_per_agent " << blocks << ", norm_obs "
                   << config.hyper.norm_obs << ", norm_reward " << config.hyper.norm_reward);
      const auto engine = make_engine(config, {.trace = true});
      expect_same(expected(config, kUpdates), testing::run(*engine, 1, kUpdates, kUpdates));
    }
  }
}

TEST_P(CudaEnvironment, GoesOnFromTheCpusStateAndTheCpuFromIts) {
  for (const int hidden_size : {32, 128}) {
    SCOPED_TRACE(hidden_size);
    Config config = run_of(GetParam(), hidden_size, 0);  // with all statistics
    Config on_cpu = config;
    on_cpu.run.device = "cpu";
    const auto wanted = expected(config, kUpdates);
    for (const auto& [from, to] : {std::pair{&config, &on_cpu}, {&on_cpu, &config}, {&config, &config}}) {
      SCOPED_TRACE(::testing::Message() << from->run.device << " to " << to->run.device);
      const auto first = make_engine(*from, {.trace = true});
      const auto second = make_engine(*to, {.trace = true});
      first->run(1);
      second->load(0, first->save(0));
      testing::expect_same(second->save(0), first->save(0));
      auto got = testing::run(*second, 1, kUpdates - 1, 1);
      got[0].rows.insert(got[0].rows.begin(), wanted[0].rows.front());
      expect_same(wanted, got);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, CudaEnvironment,
                         ::testing::ValuesIn(environment_names().begin(), environment_names().end()),
                         [](const auto& name) { return std::string(name.param); });

/// Environment 2 of agent `k` will show a number that is not finite.
void spoil(Engine& engine, std::int64_t k, std::size_t num_envs) {
  AgentState state = engine.save(k);
  const std::size_t bytes = state.slot_state.size() / num_envs;
  std::fill_n(state.slot_state.begin() + static_cast<std::ptrdiff_t>(2 * bytes), bytes, std::byte{0xFF});
  engine.load(k, state);
}

using CudaFault = OnStandIn;

TEST_F(CudaFault, LeavesItsAgentAsItWasAndTheOthersToGoOn) {
  stand_in::install({.multiprocessors = 2});  // teams take agents in turn
  Config config = run_of("cartpole", 32, 0);
  config.num_seeds = 3;
  Config on_cpu = config;
  on_cpu.run.device = "cpu";
  const auto cuda = make_engine(config, {.trace = true});
  const auto cpu = make_engine(on_cpu, {.trace = true});
  for (Engine* engine : {cuda.get(), cpu.get()}) {
    engine->run(1);
    spoil(*engine, 1, 5);
  }
  const AgentState before = cuda->save(1);
  const auto wanted = testing::run(*cpu, 3, 4, 1);
  expect_same(wanted, testing::run(*cuda, 3, 4, 2));
  for (const UpdateRow& row : wanted[1].rows) {
    EXPECT_EQ(row.fault.any, 1);
    EXPECT_EQ(row.fault.environment, 2);
    EXPECT_EQ(row.update, 1);
  }
  EXPECT_EQ(wanted[0].rows.back().update, 4);
  for (Engine* engine : {cuda.get(), cpu.get()}) testing::expect_same(engine->save(1), before);
}

}  // namespace
}  // namespace ppo::test
