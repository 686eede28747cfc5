// `ppo_train envs` and `ppo_train check-env NAME`.
#include <gtest/gtest.h>

#include "config/environment_names.hpp"
#include "runs.hpp"

namespace ppo::test {
namespace {

TEST(CliEnvs, SaysOneAlignedLineAnEnvironment) {
  const Result result = run({"envs"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const std::vector<std::string> all = lines(result.out);
  ASSERT_EQ(all.size(), environment_names().size());
  EXPECT_TRUE(all[0].starts_with("cartpole ")) << all[0];
  EXPECT_TRUE(all[0].ends_with("at most 500 steps  solved at 475")) << all[0];
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(all[i].starts_with(environment_names()[i])) << all[i];
    EXPECT_EQ(all[i].find("observes"), all[0].find("observes")) << all[i];
    EXPECT_EQ(all[i].find("solved at"), all[0].find("solved at")) << all[i];
  }
  for (const char* part : {"observes 4 numbers  2 actions ", "1 number in [-2, 2] ", " 3 actions "}) {
    EXPECT_TRUE(contains(result.out, part)) << part << " in " << result.out;
  }
}

TEST(CliEnvs, SaysTheSameAsJson) {
  const Result result = run({"envs", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  const Json json = Json::parse(result.out);
  ASSERT_EQ(json.size(), environment_names().size());
  EXPECT_EQ(json.at(0), Json::parse(R"({"name": "cartpole", "observation_size": 4, "actions": 2,
      "action_ranges": null, "time_limit": 500, "solved_return": 475, "can_be_filmed": true})"));
  for (const Json& environment : json) {
    EXPECT_NE(environment.at("actions").is_null(), environment.at("action_ranges").is_null()) << environment;
    if (environment.at("name") == "pendulum") {
      EXPECT_EQ(environment.at("action_ranges"), Json::parse("[[-2, 2]]"));
    }
  }
}

TEST(CliCheckEnv, FindsNothingWrongWithTheBuiltInEnvironments) {
  for (const std::string_view name : environment_names()) {
    const Result result = run({"check-env", std::string(name), "--steps", "50000"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_TRUE(contains(result.out, "50,000 random steps, seed 0; ")) << result.out;
    EXPECT_TRUE(result.out.ends_with("fine             no defects found\n")) << result.out;
  }
}

TEST(CliCheckEnv, SaysWhatItSawAsJson) {
  const Arguments arguments = {"check-env", "cartpole", "--json", "--steps", "20000"};
  const Result result = run(arguments);
  EXPECT_EQ(result.exit_code, 0);
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("steps"), 20000);
  EXPECT_EQ(json.at("max_episode_steps"), 500);
  EXPECT_EQ(json.at("observation").size(), 4U);
  EXPECT_GT(json.at("terminated"), 500);
  EXPECT_EQ(json.at("reward"), Json::parse(R"({"min": 1.0, "max": 1.0, "mean": 1.0, "std": 0.0})"));
  EXPECT_EQ(json.at("return"), json.at("length"));
  EXPECT_GT(json.at("actions_mattered"), 0);
  EXPECT_TRUE(json.at("defects").empty()) << json;
  EXPECT_EQ(run(arguments).out, result.out);
  EXPECT_NE(run(arguments + Arguments{"--seed", "1"}).out, result.out);
}

TEST(CliCheckEnv, CountsATaskWithoutAnEndAsADefect) {
  const Result result = run({"check-env", "pendulum", "--max-episode-steps", "0", "--steps", "3000"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.out, "no episode ended in 3,000 steps")) << result.out;
  EXPECT_EQ(result.err, "ppo_train: pendulum has a defect; see the lines above\n");
}

TEST(CliCheckEnv, AdvisesToNormalise) {
  const Result result = run({"check-env", "mountain_car", "--steps", "20000"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, "--norm-obs true")) << result.out;
  EXPECT_TRUE(contains(result.out, "--max-episode-steps 200")) << result.out;
}

TEST(CliCheckEnv, RefusesWhatItDoesNotKnow) {
  for (const auto& [arguments, problem] : {
           std::pair<Arguments, std::string>{
               {}, "check-env needs an environment; write ppo_train check-env NAME"},
           {{"cartpol"}, "did you mean 'cartpole'?"},
           {{"cartpole", "pendulum"}, "check-env does not take 'pendulum'"},
           {{"cartpole", "--steps", "0"}, "--steps takes a whole number (1 to "},
       }) {
    const Result result = run(Arguments{"check-env"} + arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, problem)) << result.err;
  }
}

}  // namespace
}  // namespace ppo::test
