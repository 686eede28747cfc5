// Training over the ranks of an MPI job leaves the bytes that one process leaves.
#include "rank_runs.hpp"

namespace ppo::test {
namespace {

const Arguments kAgents =
    kShort + Arguments{"--num-seeds",  "7", "--norm-obs",      "true", "--anneal-lr", "true",
                       "--eval-every", "2", "--eval-episodes", "3"};

TEST_F(RankRuns, LeaveTheFolderOfOneProcess) {
  train("one", kAgents);
  const auto wanted = bytes_of("one");
  ASSERT_GE(wanted.size(), 6U);
  for (const int ranks : {1, 2, 3, 5}) {
    const std::string name = "r" + std::to_string(ranks);
    train_on(ranks, name, kAgents);
    EXPECT_EQ(bytes_of(name), wanted) << ranks << " ranks";
  }
  EXPECT_EQ(read_json(at("r3") / "run.json").at("ranks"), 3);
}

TEST_F(RankRuns, GoOnFromEachOthersCheckpoints) {
  const Arguments agents = {"--num-seeds", "5", "--norm-reward", "true"};
  train("straight", kShort + agents);
  const auto wanted = bytes_of("straight");
  for (const auto& [first, second] : {std::pair{3, 1}, {3, 5}, {1, 2}, {2, 3}}) {
    const std::string name = std::to_string(first) + "to" + std::to_string(second);
    train_on(first, name, kShorter + agents);
    const Result result = call_on(second, {"resume", name, "--quiet", "--total-timesteps", "1536"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    auto left = bytes_of(name);
    EXPECT_EQ(left.at("policy.safetensors"), wanted.at("policy.safetensors")) << name;
    EXPECT_EQ(left.at("metrics.csv"), wanted.at("metrics.csv")) << name;
    EXPECT_EQ(left.at("agents"), wanted.at("agents")) << name;
  }
}

TEST_F(RankRuns, OfWhichThereAreMoreThanAgentsLeaveSomeIdle) {
  train("one", kShort);
  train_on(3, "three", kShort);
  EXPECT_EQ(bytes_of("three"), bytes_of("one"));
}

TEST_F(RankRuns, LetAgentsStopWhereOneProcessDoes) {
  const Arguments stops = kAgents + Arguments{"--max-episode-steps", "30", "--stop-at-return", "20"};
  train("one", stops);
  train_on(3, "three", stops);
  EXPECT_EQ(bytes_of("three"), bytes_of("one"));
}

TEST_F(RankRuns, DivergeWhereOneProcessDoes) {
  const Arguments diverging = kShort + kDiverging + Arguments{"--num-seeds", "3", "--quiet", "--out"};
  const Result one = call(diverging + Arguments{"one"});
  const Result three = call_on(3, diverging + Arguments{"three"});
  EXPECT_EQ(one.exit_code, 4);
  EXPECT_EQ(three.exit_code, 4);
  EXPECT_TRUE(contains(three.err, "agent")) << three.err;
  EXPECT_EQ(read_file(at("three") / "metrics.csv"), read_file(at("one") / "metrics.csv"));
}

TEST_F(RankRuns, SearchAsOneProcessDoes) {
  folder_.write(
      "s.toml",
      "env = \"cartpole\"\nmax_episode_steps = 60\nnum_envs = 8\nnum_steps = 16\ntotal_timesteps = 2048\n"
      "hidden_size = 32\neval_episodes = 2\nthreads = 1\n[sweep]\ntrials = 8\nseeds_per_trial = 2\n"
      "grace_steps = 512\neval_steps = 256\ntarget_return = 40\nconfirm_trials = 2\nconfirm_seeds = 3\n"
      "[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\n");
  ASSERT_EQ(call({"sweep", "s.toml", "--quiet", "--out", "one"}).exit_code, 0);
  const Result result = call_on(3, {"sweep", "s.toml", "--quiet", "--out", "three"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(bytes_of("three"), bytes_of("one"));
}

TEST_F(RankRuns, TrainAnAgentTogether) {
  const Arguments agents = kAgents + Arguments{"--norm-reward", "true", "--max-episode-steps", "30"};
  train("one", agents);
  const auto wanted = bytes_of("one");
  for (const auto& [ranks, team] : {std::pair{2, 2}, {4, 2}, {3, 3}}) {
    const std::string name = std::to_string(ranks) + "by" + std::to_string(team);
    train_on(ranks, name, agents + Arguments{"--ranks-per-agent", std::to_string(team)});
    EXPECT_EQ(bytes_of(name), wanted) << name;
    EXPECT_EQ(read_json(at(name) / "run.json").at("ranks_per_agent"), team);
  }
}

TEST_F(RankRuns, DoNotTrainAnAgentWithRanksThatAreLeftOver) {
  const Arguments together = kShort + Arguments{"--out", "run", "--ranks-per-agent", "2"};
  const auto expect_refused = [](const Result& result, const std::string& why) {
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "--ranks-per-agent" + why)) << result.err;
  };
  expect_refused(call_on(3, together), " 2: the job has 3 ranks; write a divisor of that");
  expect_refused(call(together), " 2: there is one rank only; start the program with mpirun -n 2");
  expect_refused(call({"--ranks-per-agent", "many"}), " takes a whole number (1 to 4096), not 'many'");
  expect_refused(call({"--ranks_per_agent=0"}), " takes a whole number (1 to 4096), not '0'");
  expect_refused(call({"sweep", "sweep-cartpole", "--out", "run", "--ranks-per-agent", "2"}),
                 " 2: there is one");
  EXPECT_FALSE(std::filesystem::exists(at("run")));
}

TEST_F(RankRuns, WithOtherArgumentsAreNoJob) {
  const auto both = [&](const Arguments& more) {
    const Arguments command = Arguments{PPO_TRAIN_BINARY} + kShort + more;
    return call_both(command + Arguments{"--out", "a"}, command + Arguments{"--out", "b"});
  };
  const Result job = both({});
  EXPECT_EQ(job.exit_code, 1);
  EXPECT_TRUE(contains(job.err, "has other arguments than rank 0 on ")) << job.err;
  EXPECT_FALSE(std::filesystem::exists(at("a")));
  const Result runs = both({"--no-mpi", "--quiet"});
  EXPECT_EQ(runs.exit_code, 0) << runs.err;
  EXPECT_EQ(bytes_of("a"), bytes_of("b"));
}

// As MPICH's mpirun starts them, or that of another installation.
TEST_F(RankRuns, ThatDoNotSeeEachOtherAreNoJob) {
  Launch launch = mpirun();
  launch.environment.emplace_back("PMI_SIZE=2");
  const Result result = run(Arguments{PPO_TRAIN_BINARY} + kShort + Arguments{"--out", "run"}, launch);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "2 processes were started together, but they do not see each other"))
      << result.err;
  EXPECT_FALSE(std::filesystem::exists(at("run")));
}

/// mpirun gives them a terminal, which this is not.
TEST_F(RankRuns, PrintPlainLines) {
  const Result result = call_on(2, kShort + Arguments{"--num-seeds", "2", "--no-out"});
  EXPECT_FALSE(contains(result.out, "\033")) << result.out;
  EXPECT_TRUE(contains(result.out, "Update 5: ")) << result.out;
}

TEST_F(RankRuns, SpeakOnce) {
  const Result result = call_on(3, kShort + Arguments{"--num-seeds", "3", "--out", "run"});
  EXPECT_TRUE(contains(result.out, "cpu (3 ranks, each ")) << result.out;
  EXPECT_EQ(result.out.find("saved"), result.out.rfind("saved"));
  const Result bad = call_on(2, {"--lr", "minus"});
  EXPECT_TRUE(contains(bad.err, "ppo_train: --lr")) << bad.err;
  EXPECT_EQ(bad.err.find("ppo_train:"), bad.err.rfind("ppo_train:")) << bad.err;
}

TEST_F(RankRuns, OfOtherProgramsOrModulesAreRefused) {
  const std::filesystem::path program = PPO_TRAIN_BINARY;
  const std::filesystem::path module = program.parent_path() / "ppo_mpi.so";
  for (const char* changed : {"ppo_train", "ppo_mpi.so"}) {
    const std::filesystem::path other = at(std::string("other_") + changed);
    std::filesystem::create_directory(other);
    std::filesystem::copy_file(program, other / "ppo_train");
    std::filesystem::copy_file(module, other / "ppo_mpi.so");
    std::ofstream(other / changed, std::ios::app) << "other";
    const Arguments flags = kShort + Arguments{"--out", "run"};
    const Result result = call_both(Arguments{program} + flags, Arguments{other / "ppo_train"} + flags);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_TRUE(contains(result.err, "rank 1 on ")) << result.err;
    EXPECT_TRUE(contains(result.err, "install the same files on all hosts")) << result.err;
    EXPECT_FALSE(std::filesystem::exists(at("run")));
  }
}

// Nobody who trains in one process waits for the libraries of an MPI.
TEST_F(CliRuns, NeedNoMpiToStart) {
  const Result needed = run({}, {.environment = {"LD_TRACE_LOADED_OBJECTS=1"}});
  EXPECT_TRUE(contains(needed.out, "libc.so")) << needed.out;
  EXPECT_FALSE(contains(needed.out, "libmpi")) << needed.out;
}

TEST_F(CliRuns, MpiIsRefusedWhereThereIsNone) {
  std::filesystem::copy_file(PPO_TRAIN_BINARY, at("alone"));  // without the module
  const Launch alone{.program = at("alone"), .folder = folder_.path()};
  const Arguments request = kShort + Arguments{"--out", "run"};
  for (const Arguments& flags : {Arguments{"--mpi"}, Arguments{"--ranks-per-agent", "2"}}) {
    const Result result = run(flags + request, alone);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "-DPPO_MPI=ON")) << result.err;
  }
  Launch launched = alone;
  launched.environment = {"OMPI_COMM_WORLD_SIZE=2"};
  const Result result = run(request, launched);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "2 processes were started together")) << result.err;
  EXPECT_FALSE(std::filesystem::exists(at("run")));
}

// As on a host where another MPI is installed than the one of the build.
TEST_F(RankRuns, OfAnMpiThatCannotBeLoadedSaySo) {
  std::filesystem::copy_file(PPO_TRAIN_BINARY, at("ppo_train"));
  std::ofstream(at("ppo_mpi.so")) << "no library";
  const Launch here{.program = at("ppo_train"), .folder = folder_.path()};
  const Result info = run({"info"}, here);
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_TRUE(contains(info.out, "cannot load the MPI: ")) << info.out;
  EXPECT_EQ(run({"--version"}, here).exit_code, 0);  // which does not need it
  const Result alone = run(kShort + Arguments{"--no-out"}, here);
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_FALSE(contains(alone.out + alone.err, "cannot load")) << alone.out << alone.err;
  const Result result = run(Arguments{"--mpi"} + kShort + Arguments{"--out", "run"}, here);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "cannot load the MPI: ")) << result.err;
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  EXPECT_FALSE(std::filesystem::exists(at("run")));
}

TEST_F(RankRuns, OfAnotherVersionsModuleAreRefused) {
  std::filesystem::copy_file(PPO_TRAIN_BINARY, at("ppo_train"));
  std::string module = read_file(std::filesystem::path(PPO_TRAIN_BINARY).replace_filename("ppo_mpi.so"));
  const std::string name = "ppo_mpi_calls";
  const std::string other = "ppo_mpi_other";
  ASSERT_NE(module.find(name), std::string::npos);
  for (std::size_t place = 0; (place = module.find(name, place)) != std::string::npos;) {
    module.replace(place, name.size(), other);
  }
  std::ofstream(at("ppo_mpi.so"), std::ios::binary) << module;
  const Launch here{.program = at("ppo_train"), .folder = folder_.path()};
  const Result result = run(Arguments{"--mpi"} + kShort + Arguments{"--out", "run"}, here);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "install both from the same build")) << result.err;
  EXPECT_FALSE(std::filesystem::exists(at("run")));
}

}  // namespace
}  // namespace ppo::test
