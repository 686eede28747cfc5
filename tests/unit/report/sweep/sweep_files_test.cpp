// A sweep's folder read back, whole and damaged.
#include <gtest/gtest.h>

#include <cmath>

#include "config/config_file.hpp"
#include "report/sweep/reported_sweep.hpp"
#include "system/errors.hpp"
#include "unit/report/sweep/sweep_folder.hpp"

namespace ppo {
namespace {

using test::kConfirmedCsv;
using test::kCurvesCsv;
using test::kSweepJson;
using test::kTrialsCsv;
using test::SweepFolder;

std::string error_of(const SweepFolder& folder) {
  try {
    read_reported_sweep(folder.path());
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    const std::string text = failure.what();
    return text.substr(text.find(folder.path().native()) == 0 ? folder.path().native().size() + 1 : 0);
  }
  return "none";
}

TEST(SweepFolder, IsReadAsItIs) {
  const SweepFolder folder;
  EXPECT_TRUE(holds_sweep(folder.path()));
  const ReportedSweep sweep = read_reported_sweep(folder.path());
  EXPECT_TRUE(sweep.is_complete());
  ASSERT_EQ(sweep.trials.size(), 4U);
  EXPECT_EQ(sweep.trials[1].values, (std::vector<std::string>{"0.005", "relu"}));
  EXPECT_EQ(sweep.trials[1].standing.score, 800);
  EXPECT_EQ(sweep.trials[1].standing.mean_return, 97);  // of 100 and 94
  EXPECT_TRUE(std::isnan(sweep.trials[3].seeds[1]));
  EXPECT_EQ(sweep.trials[2].state, TrialState::finished);
  EXPECT_TRUE(sweep.trials[2].is_control());
  EXPECT_EQ(sweep.trials[2].cut_at, 1000);
  ASSERT_EQ(sweep.ranking.size(), 1U);
  EXPECT_EQ(sweep.ranking[0].seeds, (std::vector<double>{900, 950, 700}));
  EXPECT_EQ(sweep.control->cut, 2);
  EXPECT_EQ(sweep.control->kept, 1);
  EXPECT_EQ(sweep.plan, "[sweep]\ntrials = 4\n");
}

TEST(SweepFolder, StandingsAtRungsAreThoseOfTheEvaluationsUntilThen) {
  const ReportedSweep sweep = read_reported_sweep(SweepFolder().path());
  ASSERT_EQ(sweep.trials[0].at_rung.size(), 1U);  // it was cut there
  EXPECT_TRUE(std::isnan(sweep.trials[0].at_rung[0].standing.score));
  EXPECT_EQ(sweep.trials[0].at_rung[0].standing.mean_return, 17.5);
  EXPECT_EQ(sweep.trials[0].at_rung[0].low, 15);
  EXPECT_EQ(sweep.trials[0].at_rung[0].high, 20);
  EXPECT_EQ(sweep.trials[1].at_rung[0].standing.score, 800);  // of 600 and 800 the worse
  ASSERT_EQ(sweep.trials[2].at_rung.size(), 3U);              // a control trains on
  EXPECT_EQ(sweep.trials[3].at_rung[1].standing.mean_return, 81.5);
}

TEST(SweepFolder, ARungIsPassedAtTheEndOfAnUpdate) {
  const SweepFolder folder;
  folder.write_with("trials.csv", kTrialsCsv, "0,0.001,tanh,1,1000", "0,0.001,tanh,1,1500");
  folder.write_with("curves.csv", kCurvesCsv,
                    "sweep,0,7,600,10\nsweep,0,7,1000,20\nsweep,0,8,600,10\nsweep,0,8,1000,30\n",
                    "sweep,0,7,750,10\nsweep,0,7,1500,20\nsweep,0,8,750,10\nsweep,0,8,1500,30\n");
  EXPECT_EQ(read_reported_sweep(folder.path()).trials[0].at_rung[0].standing.mean_return, 17.5);
}

TEST(SweepFolder, ASeedThatHasDivergedIsWorseThanAny) {
  const SweepFolder folder;
  folder.write_with("curves.csv", kCurvesCsv, "sweep,3,8,1600,90\nsweep,3,8,2000,99\n", "");
  const ReportedSweep sweep = read_reported_sweep(folder.path());
  EXPECT_EQ(sweep.trials[3].at_rung[0].standing.mean_return, 50);
  EXPECT_EQ(sweep.trials[3].at_rung[1].standing.mean_return, -INFINITY);
  EXPECT_EQ(sweep.trials[3].at_rung[1].high, 80);
  EXPECT_EQ(sweep.trials[3].standing.mean_return, -INFINITY);
  folder.write_with("trials.csv", kTrialsCsv, "cut,2000\n", "diverged,\n");
  EXPECT_EQ(read_reported_sweep(folder.path()).trials[3].at_rung.size(), 1U);  // it never came to the second
}

TEST(SweepFolder, MethodsThatCutNoneAreComparedAtTheirEnd) {
  const SweepFolder folder;
  folder.write_with("sweep.json", kSweepJson, "halving", "random");
  folder.write("trials.csv",
               "trial,lr,activation,rung,steps,score,seed_7,seed_8,state,cut_at\n"
               "0,0.001,tanh,3,1000,,,,finished,\n1,0.005,relu,3,4000,800,600,800,finished,\n"
               "2,0.0005,tanh,3,4000,3000,2500,3000,finished,\n3,0.0001,relu,2,2000,,1600,,training,\n");
  const ReportedSweep sweep = read_reported_sweep(folder.path());
  ASSERT_EQ(sweep.trials[2].at_rung.size(), 1U);
  EXPECT_EQ(sweep.trials[2].at_rung[0].standing.score, 3000);
  EXPECT_TRUE(sweep.trials[3].at_rung.empty());
}

TEST(SweepFolder, CurvesAreThoseOfTheConfirmedAndOfTrial0) {
  const ReportedSweep sweep = read_reported_sweep(SweepFolder().path());
  ASSERT_EQ(sweep.curves.size(), 2U);
  EXPECT_EQ(sweep.curves[0].trial, 1);
  EXPECT_TRUE(sweep.curves[0].is_confirmation);
  EXPECT_EQ(sweep.curves[0].points[0].returns, (std::vector<double>{40, 70, 100}));
  EXPECT_EQ(sweep.curves[1].trial, 0);
  EXPECT_FALSE(sweep.curves[1].is_confirmation);
}

TEST(SweepFolder, CurvesOfAnUnfinishedSweepAreThoseOfTheBestSoFar) {
  const SweepFolder folder;
  std::string running(kSweepJson);
  running.replace(running.find("true"), 4, "false");
  const std::size_t entry = running.find("{\"rank\"");
  running.erase(entry, running.find("}],", entry) + 1 - entry);
  folder.write("sweep.json", running);
  const ReportedSweep sweep = read_reported_sweep(folder.path());
  ASSERT_EQ(sweep.curves.size(), 4U);
  EXPECT_EQ(sweep.curves[0].trial, 1);
  EXPECT_FALSE(sweep.curves[0].is_confirmation);
  EXPECT_EQ(sweep.curves[1].trial, 2);
  EXPECT_EQ(sweep.curves[2].trial, 3);
  EXPECT_EQ(sweep.curves[3].trial, 0);
}

TEST(SweepFolder, MayStandBeforeItsFirstRung) {
  const SweepFolder folder;
  for (const char* name : {"sweep.json", "trials.csv", "curves.csv", "confirmed.csv"}) folder.remove(name);
  const ReportedSweep sweep = read_reported_sweep(folder.path());
  EXPECT_EQ(sweep.stage, SweepStage::before_first_rung);
  EXPECT_TRUE(sweep.trials.empty());
}

TEST(SweepFolder, MayBeWithoutAConfirmation) {
  const SweepFolder folder;
  folder.remove("confirmed.csv");
  EXPECT_EQ(error_of(folder), "confirmed.csv: cannot be read; is the run folder complete?");
  folder.write("sweep.json", R"({"complete": false, "env": "cartpole", "method": "halving",
    "metric": "steps_to_greedy", "target_return": 100, "trials": 4, "seeds": [7, 8], "confirm_seeds": [9],
    "rungs": [1000, 2000], "total_timesteps": 4000, "space": [], "ranking": [], "control": null})");
  folder.write("curves.csv", "stage,trial,seed,steps,return\n");
  EXPECT_EQ(read_reported_sweep(folder.path()).stage, SweepStage::running);
}

TEST(SweepFolder, OfOtherMetricsHaveOtherScores) {
  const SweepFolder folder;
  folder.write_with("sweep.json", kSweepJson, "steps_to_greedy", "best_eval");
  EXPECT_EQ(read_reported_sweep(folder.path()).trials[1].at_rung[0].standing.score, 100);  // of 100 and 120
  folder.write_with("sweep.json", kSweepJson, "steps_to_greedy", "return_100");
  EXPECT_EQ(read_reported_sweep(folder.path()).trials[3].at_rung[1].standing.score, 99);
}

TEST(SweepFolder, DamageIsNamedWithItsPlace) {
  struct Damage {
    const char* file;
    std::string_view text;
    const char* from;
    const char* to;
    const char* error;
  };
  const Damage all[] = {
      {"sweep.json", kSweepJson, "\"trials\": 4,", "\"trials\": 4",
       "sweep.json:3: damaged: it is not valid JSON"},
      {"sweep.json", kSweepJson, "\"trials\": 4,", "", "sweep.json: damaged: there is no trials"},
      {"sweep.json", kSweepJson, "\"trials\": 4,", "\"trials\": 0,",
       "sweep.json: damaged: trials must be 1 to 65536"},
      {"sweep.json", kSweepJson, "halving", "halve",
       "sweep.json: damaged: method must be random, halving or pbt, not 'halve'"},
      {"sweep.json", kSweepJson, "[1000, 2000,", "[2000, 1000,", "sweep.json: damaged: rungs must rise"},
      {"sweep.json", kSweepJson, "0.0001", "0",
       "sweep.json: damaged: min and max of 'lr' do not fit its scale"},
      {"sweep.json", kSweepJson, "\"trial\": 1,", "\"trial\": 9,",
       "sweep.json: damaged: there is no trial 9 of 4"},
      {"sweep.json", kSweepJson, "\"score\": 900", "\"score\": \"900\"",
       "sweep.json: damaged: score must be a number"},
      {"trials.csv", kTrialsCsv, "1,0.005", "2,0.005",
       "trials.csv:3: damaged: trial '2' where trial 1 should be"},
      {"trials.csv", kTrialsCsv, "finished,1000", "controls,1000",
       "trials.csv:4: damaged: state must be training, cut, control, finished or diverged, not 'controls'"},
      {"trials.csv", kTrialsCsv, "3,0.0001,relu,2,2000,,1600,,cut,2000\n", "",
       "trials.csv:4: damaged: it ends after 3 trials, but sweep.json has 4"},
      {"trials.csv", kTrialsCsv, "cut,2000\n", "cut,\n",
       "trials.csv:5: damaged: a trial that was cut must have a cut_at"},
      {"trials.csv", kTrialsCsv, "seed_8", "seed_9", "trials.csv:1: damaged: there is no column seed_8"},
      {"trials.csv", kTrialsCsv, "cut,2000\n", "cut,2000", "trials.csv:5: damaged: the line is cut short"},
      {"curves.csv", kCurvesCsv, "sweep,0,7,1000", "sweep,0,7,500",
       "curves.csv:3: damaged: the rows are not in order"},
      {"curves.csv", kCurvesCsv, "sweep,0,7,1000", "sweep,9,7,1000",
       "curves.csv:3: damaged: there is no such trial"},
      {"curves.csv", kCurvesCsv, "sweep,0,7,1000", "sweep,0,70,1000",
       "curves.csv:3: damaged: there is no such seed"},
      {"curves.csv", kCurvesCsv, "sweep,0,7,1000", "sweeps,0,7,1000",
       "curves.csv:3: damaged: stage must be sweep or confirm, not 'sweeps'"},
      {"confirmed.csv", kConfirmedCsv, "\n1,1,", "\n1,2,",
       "confirmed.csv:2: damaged: it does not have the ranking of sweep.json"},
      {"facts.json", "[1]\n", "1", "2", "facts.json: damaged: it must be an object"},
      {"schedule.csv", "steps,lr,activation\n5,0.1,relu\n", "0.1", "0.1",
       "schedule.csv:2: damaged: steps must begin with 0 and rise"},
  };
  for (const Damage& damage : all) {
    const SweepFolder folder;
    folder.write_with(damage.file, damage.text, damage.from, damage.to);
    EXPECT_EQ(error_of(folder), damage.error);
  }
}

TEST(SweepFolder, LinesMayHoldAThousandSeeds) {
  std::string seeds = "\"seeds\": [7";
  std::string head = "trial,lr,activation,rung,steps,score,seed_7";
  std::string cells;
  for (int seed = 1'000'000'000; seed < 1'000'000'999; ++seed) {
    seeds += ", " + std::to_string(seed);
    head += ",seed_" + std::to_string(seed);
    cells += ",12345";
  }
  const SweepFolder folder;
  folder.write_with("sweep.json", kSweepJson, "\"seeds\": [7, 8", seeds);
  std::string trials = head + ",state,cut_at\n";
  for (int trial = 0; trial < 4; ++trial) {
    trials += std::to_string(trial) + ",0.001,tanh,2,4000,12345,1" + cells + ",finished,\n";
  }
  folder.write("trials.csv", trials);
  folder.write("curves.csv", "stage,trial,seed,steps,return\n");
  EXPECT_EQ(read_reported_sweep(folder.path()).trials[3].seeds.size(), 1000U);
}

}  // namespace
}  // namespace ppo
