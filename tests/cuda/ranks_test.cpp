// Several ranks train each agent together, each on a card of its own: threads stand for them.
#include <thread>

#include "cuda/stand_in_runs.hpp"
#include "unit/engine/mixed_population.hpp"
#include "unit/engine/parts/thread_exchange.hpp"

namespace ppo::test {
namespace {

using testing::MeetingPlace;
using testing::Outcome;
using testing::ThreadExchange;

constexpr std::int64_t kUpdates = 4;
constexpr int kCards = 3;

class CudaRanks : public OnStandIn {
 protected:
  void SetUp() override { stand_in::install({.devices = kCards}); }
};

Config of_rank(Config config, int rank) {
  config.run.device = "cuda:" + std::to_string(rank);
  return config;
}

std::unique_ptr<Engine> engine_of(const Config& config, MeetingPlace& place, int rank) {
  return make_cuda_engine(of_rank(config, rank), population_of(config), {.trace = true},
                          std::make_unique<ThreadExchange>(place, rank));
}

/// Runs job(rank) on a thread a rank.
template <class Job>
void on_ranks(int ranks, const Job& job) {
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < ranks; ++rank) threads.emplace_back([&job, rank] { job(rank); });
}

/// By rank and agent.
std::vector<std::vector<Outcome>> outcomes_of(const Config& config, int ranks, std::int64_t per_call) {
  MeetingPlace place(ranks);
  std::vector<std::vector<Outcome>> outcomes(static_cast<std::size_t>(ranks));
  on_ranks(ranks, [&](int rank) {
    const auto engine = engine_of(config, place, rank);
    outcomes[static_cast<std::size_t>(rank)] = testing::run(*engine, config.num_seeds, kUpdates, per_call);
  });
  return outcomes;
}

TEST_F(CudaRanks, TrainAsOneProcessDoes) {
  for (const int ranks : {2, 3}) {
    for (const std::int64_t agents : {1, 2}) {
      Config config = short_run();
      config.num_seeds = agents;
      config.run.blocks_per_agent = ranks - 1;
      SCOPED_TRACE(::testing::Message() << ranks << " ranks, " << agents << " agents");
      const auto wanted = expected(config, kUpdates);
      for (const auto& got : outcomes_of(config, ranks, agents)) {
        for (std::size_t k = 0; k < wanted.size(); ++k) testing::expect_same(wanted[k], got[k]);
      }
    }
  }
}

// From a state that one process has saved, with another tuning, without one that is done.
TEST_F(CudaRanks, GoOnFromTheStateOfOne) {
  Config config = short_run();
  config.num_seeds = 2;
  Config on_cpu = config;
  on_cpu.run.device = "cpu";
  const auto one = make_engine(on_cpu, {.trace = true});
  one->run(1);
  MeetingPlace place(2);
  std::vector<AgentState> got[2];
  on_ranks(2, [&](int rank) {
    const auto engine = engine_of(config, place, rank);
    for (std::int64_t k = 0; k < 2; ++k) engine->load(k, one->save(k));
    engine->retire(0);
    Tuning tuning = engine->hyper(1);
    tuning.lr *= 2;
    engine->tune(1, tuning);
    engine->run(2);
    for (std::int64_t k = 0; k < 2; ++k) got[rank].push_back(engine->save(k));
  });
  one->retire(0);
  Tuning tuning = one->hyper(1);
  tuning.lr *= 2;
  one->tune(1, tuning);
  one->run(2);
  for (const auto& states : got) {
    for (std::int64_t k = 0; k < 2; ++k)
      testing::expect_same(one->save(k), states[static_cast<std::size_t>(k)]);
  }
}

TEST_F(CudaRanks, StartNothingBeforeTheyCollect) {
  MeetingPlace place(2);
  const auto engine = engine_of(short_run(), place, 0);
  EXPECT_EQ(engine->depth(), 1);
  engine->start(1);
  EXPECT_EQ(stand_in::queued_launches(), 0);
}

TEST_F(CudaRanks, HaveOneTeamOfNoMoreBlocksThanTheirPartNeeds) {
  stand_in::install({.multiprocessors = 64});
  MeetingPlace place(2);
  Config config = short_run();  // minibatches of 15 samples
  config.hyper.num_envs = 64;
  config.hyper.num_steps = 64;  // 16 groups, eight of which are a rank's
  config.num_seeds = 3;
  const auto engine = engine_of(config, place, 0);
  EXPECT_EQ(engine->info().num_teams, 1);
  EXPECT_EQ(engine->info().blocks_per_agent, 64);
  config.hyper.num_steps = 32;
  EXPECT_EQ(engine_of(config, place, 0)->info().blocks_per_agent, 32);
}

TEST_F(CudaRanks, WithoutMemoryThatCanBeLockedSaySo) {
  for (const int nth : {1, 2}) {
    MeetingPlace place(2);
    stand_in::fail({.function = "cudaMallocHost", .nth = nth, .error = cudaErrorMemoryAllocation});
    try {
      engine_of(short_run(), place, 0);
      FAIL();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kRunFailed);
      EXPECT_TRUE(contains(failure.what(), "memory left that can be locked")) << failure.what();
    }
    expect_nothing_left();
    stand_in::install({.devices = kCards});
  }
}

TEST_F(CudaRanks, NameTheCallThatFails) {
  MeetingPlace place(2);
  stand_in::fail({.function = "cudaStreamCreateWithFlags", .error = cudaErrorUnknown});
  try {
    engine_of(short_run(), place, 0);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_TRUE(contains(failure.what(), "cudaStreamCreateWithFlags failed")) << failure.what();
  }
}

/// Two ranks run; the call of one fails.
void run_with(const stand_in::Failing& failing) {
  stand_in::install({.devices = kCards});
  stand_in::fail(failing);
  outcomes_of(short_run(), 2, 1);
}

// The others would wait for ever.
TEST_F(CudaRanks, WhoseDeviceFailsEndTheJob) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      run_with({.function = "cudaEventQuery", .nth = 7, .error = cudaErrorIllegalAddress, .for_good = true}),
      ::testing::ExitedWithCode(kRunFailed), "rank 0: device fault.*cudaErrorIllegalAddress");
  EXPECT_EXIT(run_with({.function = "cudaGraphLaunch", .nth = 2, .error = cudaErrorUnknown}),
              ::testing::ExitedWithCode(kRunFailed), "rank 0: cudaGraphLaunch failed");
}

}  // namespace
}  // namespace ppo::test
