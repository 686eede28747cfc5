// ppo_bench as seen from outside. Its figures are the machine's; what they must look like is not.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "cli/bench/bench.hpp"

namespace ppo::test {
namespace {

/// FLOPs of the layers' products for one step, counted product by product.
std::int64_t flops_per_step(std::int64_t observation, std::int64_t actions, std::int64_t epochs) {
  constexpr std::int64_t kHidden = 64;
  constexpr std::int64_t kFma = 2;
  std::int64_t flops = 0;
  for (const std::int64_t outputs : {actions, std::int64_t{1}}) {  // actor, critic
    const std::int64_t first = observation * kHidden;
    const std::int64_t second = kHidden * kHidden;
    const std::int64_t head = kHidden * outputs;
    const std::int64_t forward = first + second + head;
    const std::int64_t backward = 2 * forward - first;  // nobody asks for the observation's gradient
    flops += kFma * (forward + epochs * (forward + backward));
  }
  return flops;
}

TEST(CliBench, HelpListsItsFlags) {
  const Result result = bench({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  for (const std::string flag : {"--json", "--sweep", "--rounds", "--threads", "--num-envs"}) {
    EXPECT_TRUE(contains(result.out, "\n  " + flag + " ")) << flag;
  }
}

struct Refused {
  Arguments arguments;
  std::string said;
};

TEST(CliBench, RefusesWrongInputInOneLine) {
  const std::vector<Refused> all = {
      {{"--rounds", "0"}, "--rounds "},
      {{"--rounds", "-1"}, "--rounds "},
      {{"--rounds", "2.5"}, "--rounds "},
      {{"--rounds", "many"}, "--rounds "},
      {{"--rounds", "99999999999"}, "--rounds "},
      {{"--rounds"}, "--rounds needs a value"},
      {{"--seconds", "0"}, "--seconds "},
      {{"--seconds", "inf"}, "--seconds "},
      {{"--seconds", "1s"}, "--seconds "},
      {{"--json"}, "--json needs a value"},
      {{"--json", "nowhere/figures.json"}, "'nowhere/figures.json'"},
      {{"--sweep=yes"}, "--sweep takes no value"},
      {{"--round", "1"}, "'--round'"},
      {{"--only", "envs"}, "write --only num_envs, num_seeds, scaling or card"},
      {{"--only", "scaling", "--device", "cuda"}, "--only scaling is about the CPU"},
      {{"--only", "scaling", "--num-seeds", "2"}, "the team of one agent"},
      {{"--only", "num_envs", "--sweep"}, "only one of "},
      {{"--only", "card"}, "--only card is about a GPU"},
      {{"--variant", "nowhere", "--device", "cuda"}, "'nowhere'"},
      {{"--variant", "poll_with_pause", "--variant", "nowhere", "--device", "cuda"}, "'nowhere'"},
      {{"--variant", "poll_with_pause"}, "--variant is about a GPU"},
      {{"train"}, "'train'"},
      {{"--lr", "nan"}, "--lr "},
      {{"--threads", "-1"}, "--threads "},
      {{"--threads", "2,1"}, "each above the one before"},
      {{"--threads", "1,,2"}, "--threads '1,,2'"},
      {{"--threads", "1,0"}, "--threads '1,0'"},
      {{"--threads", "1,2,"}, "--threads '1,2,'"},
      {{"--threads", "1,2", "--only", "num_envs"}, "teams on the CPU only"},
      {{"--threads", "1,2", "--device", "cuda"}, "teams on the CPU only"},
      {{"--threads", "1,2000"}, "1 to 1024"},
      {{"--submit-line", "--sweep"}, "--submit-line is about teams"},
      {{"--simd", "sse"}, "--simd "},
      {{"--config", "nowhere.toml"}, "'nowhere.toml'"},
      {{"--num-minibatches", "5"}, "--num-minibatches: "},
  };
  for (const Refused& refused : all) {
    SCOPED_TRACE(refused.said);
    const TemporaryFolder folder;
    const Result result = bench(refused.arguments, folder);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(folder.list().empty());
    EXPECT_TRUE(result.err.starts_with("ppo_bench: ")) << result.err;
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, refused.said)) << result.err;
  }
}

TEST(CliBench, WritesEveryFigureOfEveryTeam) {
  const Json json = figures({"--threads", "2"});
  EXPECT_EQ(json.at("flops_per_step"), 227200);
  EXPECT_EQ(flops_per_step(4, 2, 4), 227200);
  EXPECT_EQ(json.at("threads"), 2);
  EXPECT_GT(json.at("sps"), 0);
  EXPECT_GT(json.at("fraction_of_peak"), 0);
  EXPECT_GT(json.at("barrier_s"), 0);
  EXPECT_EQ(json.at("config").at("num_envs"), 4);
  ASSERT_EQ(json.at("teams").size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& team = json.at("teams").at(i);
    EXPECT_EQ(team.at("threads"), i + 1);
    for (const std::string raw : {"sps", "peak_flops_per_s", "fraction_of_peak"}) {
      EXPECT_EQ(team.at(raw).size(), 1U) << raw;  // one round
      EXPECT_GT(team.at(raw).at(0), 0) << raw;
    }
    std::vector<std::string> stages;
    double flops = 0;
    for (const Json& stage : team.at("stages_of_an_update")) {
      stages.push_back(stage.at("stage"));
      EXPECT_GT(stage.at("work_s"), 0) << stages.back();
      EXPECT_GE(stage.at("wait_s"), 0) << stages.back();
      flops += stage.at("flops_per_step").get<double>();
    }
    EXPECT_EQ(stages,
              (std::vector<std::string>{"rollout", "values", "advantages", "gradient", "reduce", "adam"}));
    EXPECT_EQ(flops, 227200);
  }
}

TEST(CliBench, MeasuresEveryTeamThatItIsTold) {
  const Json json = figures({"--threads", "1,2,3"});
  EXPECT_EQ(json.at("threads"), 3);
  ASSERT_EQ(json.at("teams").size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(json.at("teams").at(i).at("threads"), i + 1);
    EXPECT_GT(json.at("teams").at(i).at("barrier_s").at(0), 0);
  }
}

TEST(CliBench, PrintsOneLineToSubmit) {
  const Result result = bench(kBrief + Arguments{"--submit-line", "--threads", "1,2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(lines(result.out).size(), 1U) << result.out;
  for (const std::string part : {"ppo_bench ", "; 1 thread ", "; 2 threads ", " of "}) {
    EXPECT_TRUE(contains(result.out, part)) << part << " in " << result.out;
  }
}

TEST(CliBench, CountsTheFlopsOfOtherShapes) {
  const Json json = figures({"--threads", "1", "--env", "my_env", "--update-epochs", "3"});
  EXPECT_EQ(json.at("flops_per_step"), flops_per_step(2, 3, 3));
  EXPECT_EQ(json.at("teams").size(), 1U);
}

TEST(CliBench, ListsTheVariantsWithTheirPredictions) {
  const Result result = bench({"--list-variants"});
  EXPECT_EQ(result.exit_code, 0);
  for (const std::string& line : lines(result.out)) EXPECT_TRUE(contains(line, "; prediction: ")) << line;
  EXPECT_TRUE(result.out.starts_with("poll_with_pause ")) << result.out;
}

TEST(CliBench, MeasuresOnlyTheSweepThatIsAskedFor) {
  const Json json = figures({"--only", "num_seeds", "--update-epochs", "1"});
  EXPECT_FALSE(json.contains("teams"));
  for (const Json& point : json.at("sweep")) EXPECT_EQ(point.at("key"), "num_seeds");
  EXPECT_EQ(json.at("sweep").size(), 10U);
  EXPECT_EQ(json.at("config").at("num_envs"), 4);
}

TEST(CliBench, AFileThatCannotBeWrittenIsAFailure) {
  const Result result = bench(kBrief + Arguments{"--threads", "1", "--json", "/proc/figures.json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "/proc/figures.json")) << result.err;
}

TEST(CliBench, ADeviceThatIsNotThereIsExitCode3) {
  const TemporaryFolder folder;
  for (const std::string device : {"cuda", "cuda:2"}) {
    const Result result =
        run({"--device", device, "--sweep", "--json", "figures.json"},
            {.program = PPO_BENCH_BINARY, .folder = folder.path(), .environment = {"CUDA_VISIBLE_DEVICES="}});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(result.err.starts_with("ppo_bench: device " + device + ": ")) << result.err;
    EXPECT_TRUE(folder.list().empty());
  }
}

// What changes or ends an update's work is left out, or its figures would mean nothing.
TEST(CliBench, MeasuresUpdatesThatAreAllAlike) {
  const Json json = figures({"--threads", "1", "--anneal-lr", "true", "--target-kl", "1e-9"});
  EXPECT_EQ(json.at("config").at("anneal_lr"), false);
  EXPECT_EQ(json.at("config").at("target_kl"), 0);
}

TEST(CliBench, SweepsEnvironmentsAndAgents) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "figures.json";
  const Result result =
      bench({"--rounds", "1", "--seconds", "0.005", "--num-steps", "1", "--num-minibatches", "2",
             "--update-epochs", "1", "--total-timesteps", "100000", "--sweep", "--json", file.string()},
            folder);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::int64_t most_envs = 0;
  std::int64_t most_seeds = 0;
  const Json json = read_json(file);
  for (const Json& point : json.at("sweep")) {
    const auto value = point.at("value").get<std::int64_t>();
    const bool of_envs = point.at("key") == "num_envs";
    (of_envs ? most_envs : most_seeds) = value;
    if (of_envs && value == 1) {
      EXPECT_TRUE(contains(point.at("skipped").get<std::string>(), "num_minibatches"));
    } else {
      EXPECT_GT(point.at("sps"), 0);
      EXPECT_GT(point.at("ratio"), 0);
    }
  }
  EXPECT_EQ(most_envs, 65536);
  EXPECT_EQ(most_seeds, 256);
}

}  // namespace
}  // namespace ppo::test
