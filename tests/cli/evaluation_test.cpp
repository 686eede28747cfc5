// Evaluations while training: what they write, and that training does not know of them.
#include "cli/evaluation_runs.hpp"
#include "config/config_file.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

TEST_F(CliEvaluation, WritesWhatEvalSaysOfThePolicy) {
  for (const Arguments& more :
       {Arguments{}, {"--eval-greedy", "false"}, {"--norm-obs", "true"}, {"--env", "pendulum"}}) {
    fs::remove_all(at("run"));
    train("run", kEvaluated + more + Arguments{"--num-seeds", "2", "--eval-every", "4"});
    EXPECT_EQ(names_in(at("run")), kEvaluatedRunFiles);
    Arguments eval = {"eval", "run", "--seed", "1", "--episodes", "5", "--json"};
    if (more != Arguments{"--eval-greedy", "false"}) eval.emplace_back("--greedy");
    const Json wanted = Json::parse(call(eval).out).at("agents");
    EXPECT_EQ(lines(read_file(at("run/evals.csv"))).front(),
              "agent,update,steps,return_mean,return_std,return_min,return_max,length_median,capped");
    for (const std::size_t k : {0U, 1U}) {
      const auto found = rows("run", "evals.csv", k);
      ASSERT_EQ(found.size(), 2U);
      EXPECT_EQ(found[0][0], "4");
      EXPECT_EQ(found[0][1], "1024");
      EXPECT_EQ(found[1][0], "6");
      EXPECT_EQ(found[1][1], "1536");
      std::size_t column = 2;
      for (const char* key :
           {"return_mean", "return_std", "return_min", "return_max", "length_median", "capped"}) {
        EXPECT_EQ(std::stod(found[1][column++]), wanted.at(k).at(key).get<double>()) << key;
      }
    }
  }
}

TEST_F(CliEvaluation, KeepsTheBestPolicyOfEachAgent) {
  train("run", kEvaluated + Arguments{"--num-seeds", "3", "--eval-every", "1", "--eval-greedy", "false"});
  const Config config = load_config(at("run/config.toml"));
  const std::vector<TrainedPolicy> best = read_policy(at("run/best.safetensors"), config);
  for (std::size_t k = 0; k < 3; ++k) {
    const Json agent = agents("run").at(k);
    std::vector<std::string> wanted;
    for (const auto& row : rows("run", "evals.csv", k)) {
      if (wanted.empty() || std::stod(row[2]) > std::stod(wanted[2])) wanted = row;
    }
    EXPECT_EQ(agent.at("best_update").dump(), wanted[0]);
    EXPECT_EQ(agent.at("best_steps").dump(), wanted[1]);
    EXPECT_EQ(agent.at("best_return_mean").get<double>(), std::stod(wanted[2]));
    EXPECT_EQ(agent.at("best_return_std").get<double>(), std::stod(wanted[3]));
    EXPECT_EQ(agent.at("best_policy_hash"), param_hash(best[k].params));
    // It is what a run of so many updates ends with.
    const std::string name = "until" + std::to_string(k);
    train(name, {"--config", "run/config.toml", "--num-seeds", "1", "--seed", std::to_string(42 + k),
                 "--total-timesteps", wanted[1]});
    EXPECT_EQ(agent.at("best_policy_hash"), hash_of(at(name)));
  }
}

TEST_F(CliEvaluation, ChangesNothingElse) {
  const Arguments usual = kShort + Arguments{"--max-episode-steps", "100", "--num-seeds", "2"};
  train("without", usual);
  train("with", usual + Arguments{"--eval-every", "1", "--eval-episodes", "3"});
  for (const char* file : {"metrics.csv", "policy.safetensors"}) {
    EXPECT_TRUE(read_file(at("with") / file) == read_file(at("without") / file)) << file;
  }
  EXPECT_EQ(names_in(at("without")), kRunFiles);
  EXPECT_FALSE(agents("without").at(0).contains("best_update"));
  EXPECT_FALSE(agents("with").at(0).contains("stopped_at_update"));
  EXPECT_FALSE(read_json(at("with/run.json")).contains("all_stopped_at_return"));
}

TEST_F(CliEvaluation, HasTheSameBytesWhateverPlays) {
  const Arguments usual = kEvaluated + Arguments{"--num-seeds", "3", "--eval-every", "1"};
  train("run", usual + Arguments{"--threads", "1", "--simd", "scalar"});
  int others = 0;
  for (const char* threads : {"2", "3"}) {
    for (const char* simd : {"scalar", "avx2", "avx512", "neon"}) {
      fs::remove_all(at("other"));
      const Result result =
          call(usual + Arguments{"--threads", threads, "--simd", simd, "--quiet", "--out", "other"});
      if (result.exit_code == 3) continue;  // not on this machine
      ++others;
      for (const char* file : {"evals.csv", "best.safetensors"}) {
        EXPECT_TRUE(read_file(at("run") / file) == read_file(at("other") / file)) << threads << ' ' << simd;
      }
      EXPECT_EQ(agents("run"), agents("other"));
    }
  }
  EXPECT_GE(others, 2);
}

TEST_F(CliEvaluation, OfARunWithoutAFolderWritesNothing) {
  const Result result = call(kEvaluated + Arguments{"--eval-every", "4", "--no-out"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(folder_.list(), Arguments{});
}

TEST_F(CliEvaluation, IsRefusedWhereItMakesNoSense) {
  for (const auto& [arguments, message] :
       {std::pair{Arguments{"--stop-at-return", "475"},
                  "--stop-at-return: stop_at_return without evaluations; write eval_every = 10 to stop at an "
                  "evaluation's mean return, or stop_on = \"return_100\" to stop at that of training"},
        {{"--stop-on", "return_100"}, "--stop-on: stop_on = \"return_100\" without stop_at_return; "},
        {{"--stop-at-return", "nan"}, "--stop-at-return takes a number (-1e+30 to 1e+30, or inf), not nan; "},
        {{"--eval-episodes", "0"}, "--eval-episodes takes a whole number (1 to 1000000), not 0; "},
        {{"--eval-episodes", "50"},
         "--eval-episodes: eval_episodes without evaluations; write eval_every = 10"},
        {{"--eval-greedy", "false"}, "--eval-greedy: eval_greedy without evaluations; "},
        {{"--eval-freq", "10"}, "did you mean '--eval-every'?"}}) {
    const Result result = call(arguments + Arguments{"--out", "run"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, message)) << result.err;
    EXPECT_EQ(lines(result.err).size(), 1U);
    EXPECT_EQ(folder_.list(), Arguments{});
  }
}

}  // namespace
}  // namespace ppo::test
