// The report of sweeps that the program has trained: it ranks trials as the sweep did when it cut them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <set>

#include "../runs.hpp"
#include "report/sweep/reported_sweep.hpp"
#include "system/sort_stably.hpp"

namespace ppo::test {
namespace {

struct SmallSweep {
  std::string name;
  std::string plan;   // keys of [sweep]
  std::string space;  // lines of [sweep.space]
  std::string env = "cartpole";
};

std::ostream& operator<<(std::ostream& out, const SmallSweep& sweep) {
  return out << sweep.name;
}

std::string toml(const SmallSweep& sweep) {
  return "env = \"" + sweep.env +
         "\"\nmax_episode_steps = 200\nnum_envs = 8\nnum_steps = 32\n"
         "total_timesteps = 4096\nhidden_size = 32\neval_episodes = 2\nthreads = 1\n"
         "[sweep]\ntrials = 16\nseeds_per_trial = 3\neval_steps = 400\nconfirm_trials = 2\n"
         "confirm_seeds = 2\n" +
         sweep.plan + "[sweep.space]\n" + sweep.space;
}

class CliReportSweep : public CliRuns, public testing::WithParamInterface<SmallSweep> {
 protected:
  ReportedSweep reported() const {
    folder_.write("sweep.toml", toml(GetParam()));
    const Result result = call({"sweep", "sweep.toml", "--out", "sweep", "--quiet"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return read_reported_sweep(at("sweep"));
  }
};

/// Those that were to be kept or cut at the rung.
std::vector<std::size_t> rivals_at(const ReportedSweep& sweep, std::size_t rung) {
  std::vector<std::size_t> rivals;
  for (std::size_t i = 0; i < sweep.trials.size(); ++i) {
    const ReportedTrial& trial = sweep.trials[i];
    const bool cut_before = trial.cut_at && *trial.cut_at < sweep.rungs[rung];
    if (!cut_before && trial.at_rung.size() > rung) rivals.push_back(i);
  }
  return rivals;
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

TEST_P(CliReportSweep, RanksTheKeptBeforeTheCut) {
  const ReportedSweep sweep = reported();
  ASSERT_EQ(sweep.rungs, (std::vector<std::int64_t>{1024, 2048, 4096}));
  for (std::size_t rung = 0; rung + 1 < sweep.rungs.size(); ++rung) {
    std::vector<std::size_t> rivals = rivals_at(sweep, rung);
    std::set<std::size_t> kept;
    for (const std::size_t i : rivals) {
      if (sweep.trials[i].cut_at != sweep.rungs[rung]) kept.insert(i);
    }
    sort_stably(rivals, [&](std::size_t a, std::size_t b) {
      return is_better(sweep.trials[a].at_rung[rung].standing, sweep.trials[b].at_rung[rung].standing,
                       sweep.metric);
    });
    ASSERT_GT(rivals.size(), 1U);
    const auto half = rivals.begin() + static_cast<std::ptrdiff_t>((rivals.size() + 1) / 2);
    EXPECT_EQ(std::set<std::size_t>(rivals.begin(), half), kept) << "at rung " << sweep.rungs[rung];
  }
  for (const ReportedTrial& trial : sweep.trials) {
    if (trial.state != TrialState::cut) continue;
    EXPECT_TRUE(same(trial.at_rung.back().standing.score, trial.standing.score));
    EXPECT_EQ(trial.at_rung.back().standing.mean_return, trial.standing.mean_return);
  }
}

const std::string kShapes =
    "num_envs = { values = [2, 8] }\nnum_steps = { min = 16, max = 128, scale = \"pow2\" }\n";
const std::string kRates = "lr = { min = 1e-4, max = 1e-1, scale = \"log\" }\n";

const std::vector<SmallSweep> kSweeps = {
    {"steps", "metric = \"steps_to_greedy\"\ntarget_return = 60\ngrace_steps = 1024\n", kRates},
    {"steps_of_shapes", "metric = \"steps_to_greedy\"\ntarget_return = 60\ngrace_steps = 1024\n",
     kRates + kShapes},
    {"best_of_shapes", "metric = \"best_eval\"\ngrace_steps = 1024\n", kRates + kShapes},
    {"training", "metric = \"return_100\"\ngrace_steps = 1024\n", kRates + kShapes},
    {"diverging", "metric = \"steps_to_greedy\"\ntarget_return = 60\ngrace_steps = 1024\n",
     "lr = { min = 1e-4, max = 1.0, scale = \"log\" }\nmax_grad_norm = { min = 0.1, max = 1e30, scale = "
     "\"log\" }\nvf_coef = { min = 0.1, max = 1e30, scale = \"log\" }\n"},
    // None of whose episodes has ended at the first rung, and with the longest updates at the second.
    {"unended", "metric = \"return_100\"\ngrace_steps = 1024\n",
     kRates + "num_envs = { values = [8, 16] }\nnum_steps = { min = 16, max = 64, scale = \"pow2\" }\n",
     "mountain_car"},
};

INSTANTIATE_TEST_SUITE_P(Each, CliReportSweep, testing::ValuesIn(kSweeps),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace ppo::test
