// Sweeps as their users see them.
#include "../runs.hpp"

namespace ppo::test {
namespace {

constexpr const char* kSweep =
    "env = \"cartpole\"\nmax_episode_steps = 60\nnum_envs = 8\nnum_steps = 16\ntotal_timesteps = 2048\n"
    "hidden_size = 32\neval_episodes = 2\n[sweep]\ntrials = 16\nseeds_per_trial = 2\ngrace_steps = 512\n"
    "eval_steps = 256\ntarget_return = 40\nconfirm_trials = 2\nconfirm_seeds = 3\n"
    "[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\nnorm_obs = { values = [false, true] "
    "}\n";

class SweepRuns : public CliRuns {
 protected:
  SweepRuns() { folder_.write("s.toml", kSweep); }

  Result sweep(const std::string& name, const Arguments& more = {}) const {
    return call(Arguments{"sweep", "s.toml", "--out", name} + more);
  }

  std::string file(const std::string& name) const { return read_file(at(name)); }
};

TEST_F(SweepRuns, SaysWhatItHasFoundAndHowToTrainIt) {
  const Result result = sweep("a");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(contains(result.out, "16 trials of cartpole by successive halving"));
  EXPECT_TRUE(contains(result.out, "best     trial "));
  EXPECT_TRUE(contains(result.out, "steps to 40: "));
  EXPECT_TRUE(contains(result.out, "control  2 trials trained on whatever their rank"));
  EXPECT_TRUE(contains(result.out, "saved    a/best.toml (ppo_train --config a/best.toml)"));
  EXPECT_EQ(names_in(at("a")), (Arguments{"best.toml", "confirmed.csv", "curves.csv", "facts.json",
                                          "sweep.json", "sweep.toml", "trials.csv"}));
  EXPECT_EQ(call({"--config", "a/best.toml", "--quiet", "--out", "run"}).exit_code, 0);
}

TEST_F(SweepRuns, IsTheSameWithAnyThreadsAndInstructions) {
  ASSERT_EQ(sweep("a", {"--threads", "1", "--quiet"}).exit_code, 0);
  ASSERT_EQ(sweep("b", {"--threads", "3", "--simd", "scalar", "--quiet"}).exit_code, 0);
  for (const char* name : {"trials.csv", "curves.csv", "confirmed.csv", "sweep.json", "best.toml"}) {
    EXPECT_EQ(file(std::string("a/") + name), file(std::string("b/") + name)) << name;
  }
}

TEST_F(SweepRuns, AnotherSeedGivesOtherTrials) {
  ASSERT_EQ(sweep("a", {"--quiet"}).exit_code, 0);
  ASSERT_EQ(sweep("b", {"--seed", "7", "--quiet"}).exit_code, 0);
  EXPECT_NE(file("a/trials.csv"), file("b/trials.csv"));
}

TEST_F(SweepRuns, HasARowForEachTrialWithItsRungs) {
  ASSERT_EQ(sweep("a", {"--quiet"}).exit_code, 0);
  const std::vector<std::string> rows = lines(file("a/trials.csv"));
  ASSERT_EQ(rows.size(), 17U);
  EXPECT_EQ(rows[0], "trial,lr,norm_obs,rung,steps,score,seed_42,seed_43,state,cut_at");
  const auto count = [&](const std::string& part) {
    return std::ranges::count_if(rows, [&](const std::string& row) { return contains(row, part); });
  };
  EXPECT_EQ(count(",cut,512"), 8 - count(",finished,512"));
  EXPECT_EQ(count(",cut,1024"), 4 - count(",finished,1024"));
  EXPECT_GE(count(",finished,"), 4);
}

TEST_F(SweepRuns, CtrlCKeepsWhatIsDoneAndSaysHowToGoOn) {
  ASSERT_EQ(sweep("straight", {"--quiet"}).exit_code, 0);
  Process process({"sweep", "s.toml", "--out", "a"}, {.folder = folder_.path()});
  ASSERT_TRUE(process.wait_for_output("trials of cartpole"));
  process.signal(SIGINT);
  const Result stopped = process.wait();
  if (stopped.exit_code != 0) {
    EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
    EXPECT_TRUE(contains(stopped.out, "go on with ppo_train resume a")) << stopped.out;
    EXPECT_TRUE(contains(file("a/sweep.json"), "\"complete\": false"));
    EXPECT_EQ(call({"resume", "a", "--quiet"}).exit_code, 0);
  }
  for (const char* name : {"trials.csv", "curves.csv", "confirmed.csv", "sweep.json", "best.toml"}) {
    EXPECT_EQ(file(std::string("a/") + name), file(std::string("straight/") + name)) << name;
  }
}

TEST_F(SweepRuns, OneThatHasEndedHasNothingToGoOnWith) {
  ASSERT_EQ(sweep("a", {"--quiet"}).exit_code, 0);
  const Result result = call({"resume", "a"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "a has ended; train its best config with ppo_train --config a/best.toml\n");
}

TEST_F(SweepRuns, GoesOnOnlyAsItWasPlanned) {
  ASSERT_EQ(sweep("a", {"--quiet"}).exit_code, 0);
  const Result result = call({"resume", "a", "--total-timesteps", "9999"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "--total-timesteps: 'a' is a sweep, which goes on as it was planned"));
}

TEST_F(SweepRuns, ShowsTheBestOnATerminal) {
  const Result result = run_in_pty({"sweep", "s.toml", "--trials", "64", "--total-timesteps", "16384"},
                                   {.folder = folder_.path(), .columns = 100});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_TRUE(contains(result.out, "▕"));
  EXPECT_TRUE(contains(result.out, "trial  steps to 40"));
}

TEST_F(SweepRuns, MoreTrialsThanMemoryAreRefusedWhereTheyAreGiven) {
  folder_.write(
      "big.toml",
      std::string("num_envs = 65536\nnum_steps = 512\ntotal_timesteps = 67108864\n"
                  "[sweep]\ntrials = 4096\nmethod = \"random\"\n[sweep.space]\nlr = { min = 1e-4, max = "
                  "1e-2, scale = \"log\" }\n"));
  const Result result = call({"sweep", "big.toml", "--out", "a"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "big.toml:5:10: 4096 trials with 3 seeds need ")) << result.err;
  EXPECT_FALSE(std::filesystem::exists(at("a")));
}

TEST_F(SweepRuns, ADeviceThatIsNotThereIsRefusedBeforeAnythingIsCreated) {
  const Result result = sweep("a", {"--device", "cuda:999"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_TRUE(contains(result.err, "device cuda:999: ")) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(std::filesystem::exists(at("a")));
}

/// The mean return of the policy's 50 greedy episodes with that seed.
double played(const Result& result) {
  return Json::parse(result.out).at("agents").at(0).at("return_mean");
}

TEST_F(SweepRuns, AScheduleIsReplayedAsItWasConfirmed) {
  std::string text = kSweep;
  text.replace(text.find("trials = 16"), 11, "method = \"pbt\"\ntrials = 16");
  folder_.write("s.toml", text);
  ASSERT_EQ(sweep("a", {"--quiet"}).exit_code, 0);
  ASSERT_GE(lines(file("a/schedule.csv")).size(), 2U);
  EXPECT_EQ(call({"--config", "a/best.toml", "--replay", "a/schedule.csv", "--seed", "44", "--quiet", "--out",
                  "run"})
                .exit_code,
            0);
  const Result eval = call({"eval", "run", "--greedy", "--episodes", "2", "--seed", "2", "--json"});
  const std::string best = split(lines(file("a/confirmed.csv"))[1], ',')[1];
  std::string last;
  for (const std::string& line : lines(file("a/curves.csv"))) {
    if (line.starts_with("confirm," + best + ",44,")) last = line;
  }
  EXPECT_DOUBLE_EQ(std::stod(split(last, ',').back()), played(eval)) << eval.err;
}

TEST_F(SweepRuns, AReplayIsResumedWithItsSchedule) {
  folder_.write("x.csv", "steps,lr,gamma\n0,0.001,0.99\n700,0.005,0.95\n");
  train("straight", kShort + Arguments{"--replay", "x.csv"});
  train("without", kShort + Arguments{"--lr", "0.001"});
  EXPECT_NE(hash_of(at("straight")), hash_of(at("without")));
  train("run", kShort + Arguments{"--replay", "x.csv", "--checkpoint-every", "1", "--keep", "9"});
  const std::vector<std::string> checkpoints = names_in(at("run/checkpoints"));
  ASSERT_GE(checkpoints.size(), 5U);
  for (const std::size_t i : {1U, 4U}) {
    const Result result = call({"resume", "run/checkpoints/" + checkpoints[i], "--quiet"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(hash_of(at("run")), hash_of(at("straight")));
  }
}

TEST_F(SweepRuns, AReplayMayEndBeforeItsScheduleAndGoOnLater) {
  folder_.write("x.csv", "steps,lr\n0,0.001\n1000,0.005\n");
  const Arguments replay = {"--replay", "x.csv"};
  train("longer", kShort + replay);
  train("run", kShorter + replay);
  const Result result = call({"resume", "run", "--total-timesteps", "1536", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(hash_of(at("run")), hash_of(at("longer")));
}

TEST_F(SweepRuns, ABadScheduleIsRefusedWithItsPlace) {
  const auto refused = [&](const std::string& text, const std::string& part) {
    folder_.write("x.csv", text);
    const Result result = call(kShort + Arguments{"--replay", "x.csv", "--no-out"});
    EXPECT_EQ(result.exit_code, 2) << text;
    EXPECT_TRUE(contains(result.err, part)) << result.err;
  };
  refused("", "x.csv:1:1: this is no schedule");
  refused("steps,lr\n", "x.csv:1:1: a schedule needs lines below its head");
  refused("steps,lr\n0,fast\n", "x.csv:2:3: lr takes a number");
}

}  // namespace
}  // namespace ppo::test
