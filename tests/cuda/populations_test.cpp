// Populations on the stand-in: however many teams take turns, whoever is done, and whatever engine goes on.
#include "cuda/stand_in_runs.hpp"

namespace ppo::test {
namespace {

using testing::Lifetimes;
using testing::Outcome;

constexpr std::int64_t kUpdates = 4;
const Lifetimes kSomeAreDone = {2, kUpdates, 0, kUpdates, 3};

using CudaPopulations = OnStandIn;

Config run_of(const Lifetimes& lifetimes, const std::string& device = "cuda") {
  Config config = short_run();
  config.num_seeds = static_cast<std::int64_t>(lifetimes.size());
  config.run.device = device;
  return config;
}

/// The outcomes are the specification's single runs.
void expect_single_runs(const Lifetimes& lifetimes, const std::vector<Outcome>& got) {
  const Config config = run_of(lifetimes);
  const auto wanted =
      testing::single_runs(*find_environment(config.env)->portable, config.hyper, lifetimes, kUpdates);
  ASSERT_EQ(wanted.size(), got.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    SCOPED_TRACE(::testing::Message() << "agent " << k);
    testing::expect_same(wanted[k], got[k]);
  }
}

TEST_F(CudaPopulations, LeaveThoseThatAreDoneAsTheyAre) {
  struct Case {
    int num_teams, blocks_per_agent, updates_per_launch;
    std::int64_t per_call;
  };
  for (const Case& c : {Case{1, 1, 4096, 1}, Case{2, 1, 4096, kUpdates}, Case{5, 1, 4096, kUpdates},
                        Case{2, 1, 1, kUpdates}, Case{2, 2, 2, 1}, Case{1, 5, 2, kUpdates}}) {
    SCOPED_TRACE(::testing::Message() << c.num_teams << " teams of " << c.blocks_per_agent << ", launches of "
                                      << c.updates_per_launch << ", calls of " << c.per_call);
    stand_in::install({.multiprocessors = c.num_teams * c.blocks_per_agent});
    Config config = run_of(kSomeAreDone);
    config.run.blocks_per_agent = c.blocks_per_agent;
    config.run.updates_per_launch = c.updates_per_launch;
    const auto engine = make_engine(config, {.trace = true});
    ASSERT_EQ(engine->info().num_teams, c.num_teams);
    expect_single_runs(kSomeAreDone, testing::run(*engine, kSomeAreDone, 0, kUpdates, c.per_call));
  }
}

TEST_F(CudaPopulations, GoOnFromTheCpusStateAndTheCpuFromTheirs) {
  stand_in::install({.multiprocessors = 2});  // teams take agents in turn
  for (const auto& [from, to] : {std::pair{"cuda", "cpu"}, {"cpu", "cuda"}, {"cuda", "cuda"}}) {
    for (const std::int64_t cut : {1, 3}) {
      SCOPED_TRACE(::testing::Message() << from << " to " << to << " at " << cut);
      const auto first = make_engine(run_of(kSomeAreDone, from), {.trace = true});
      const auto second = make_engine(run_of(kSomeAreDone, to), {.trace = true});
      expect_single_runs(kSomeAreDone,
                         testing::run_in_two_parts(*first, *second, kSomeAreDone, cut, kUpdates));
    }
  }
}

TEST_F(CudaPopulations, ThatAreDoneGiveEmptyRows) {
  const Lifetimes lifetimes(2, 1);
  const auto engine = make_engine(run_of(lifetimes), {.trace = true});
  expect_single_runs(lifetimes, testing::run(*engine, lifetimes, 0, kUpdates, 2));
}

// Each of the two launches that are queued in turn has rows of its own, and they keep what it wrote.
TEST_F(CudaPopulations, ThatAreDoneGiveEmptyRowsInLaunchesLongerThanTheLast) {
  const auto engine = make_engine(run_of({5, 8}));
  for (const std::int64_t updates : {3, 1, 1}) engine->run(updates);
  engine->retire(0);
  std::int64_t update = 5;
  for (const std::int64_t updates : {1, 2}) {
    const std::span<const UpdateRow> rows = engine->run(updates);
    for (std::size_t row = 0; row < rows.size(); row += 2, ++update) {
      const UpdateRow empty;
      EXPECT_EQ(std::memcmp(&rows[row], &empty, sizeof empty), 0) << update;
      EXPECT_EQ(rows[row + 1].update, update);
    }
  }
}

TEST_F(CudaPopulations, TakeTheStateThatAnAgentIsGivenWhenItIsDone) {
  const auto trained = make_engine(run_of({1}));
  trained->run(1);
  const auto engine = make_engine(run_of({0}));
  engine->retire(0);
  engine->load(0, trained->save(0));
  engine->run(1);
  testing::expect_same(engine->save(0), trained->save(0));
}

}  // namespace
}  // namespace ppo::test
