// `ppo_train info`: what is there, and no failure where something is not.
#include <gtest/gtest.h>

#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "runs.hpp"

namespace ppo::test {
namespace {

const Launch kNoGpu{.environment = {"CUDA_VISIBLE_DEVICES="}};

TEST(CliInfo, ListsEnginesInstructionsAndWhyThereIsNoGpu) {
  const Result result = run({"info"}, kNoGpu);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const std::string best = choose_level(environments().front()).name;
  for (const std::string& part : {std::string("numerics version 2"), std::string("cpu"),
                                  std::string("cartpole"), "\nsimd          " + best + " (available: "}) {
    EXPECT_TRUE(contains(result.out, part)) << part << " in " << result.out;
  }
  if (has_cuda_engine()) {
    EXPECT_TRUE(contains(result.out, "cpu, cuda\n")) << result.out;
    EXPECT_TRUE(contains(result.out, "sm_75")) << result.out;
    EXPECT_TRUE(contains(result.out, "devices       none: ")) << result.out;
  } else {
    EXPECT_TRUE(contains(result.out, "cuda          not in this build\n")) << result.out;
  }
}

TEST(CliInfo, SaysWhatAutoTakesAndWhy) {
  const std::string out = run({"info"}, kNoGpu).out;
  for (const char* part :
       {"\nauto          cartpole, 1 agent: cpu, done in about ",
        "\n              cartpole, 1,024 agents: cpu, done in about ", "; there is no usable GPU\n"}) {
    EXPECT_TRUE(contains(out, part)) << part << " in " << out;
  }
  const Json choices = Json::parse(run({"info", "--json"}, kNoGpu).out).at("auto");
  ASSERT_EQ(choices.size(), 2U);
  EXPECT_EQ(choices[0].at("num_seeds"), 1);
  EXPECT_EQ(choices[1].at("num_seeds"), 1024);
  for (const Json& choice : choices) {
    EXPECT_EQ(choice.at("device"), "cpu");
    EXPECT_TRUE(choice.at("cuda_s").is_null());
    EXPECT_TRUE(contains(out, choice.at("reason").get<std::string>())) << choice;
  }
  EXPECT_GT(choices[1].at("cpu_s"), choices[0].at("cpu_s"));
}

TEST(CliInfo, SaysTheSameAsJson) {
  const Result result = run({"info", "--json"}, kNoGpu);
  EXPECT_EQ(result.exit_code, 0);
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("numerics_version"), 2);
  EXPECT_EQ(json.at("engines").size(), has_cuda_engine() ? 2U : 1U);
  EXPECT_EQ(json.at("environments").at(0), "cartpole");
  EXPECT_EQ(json.at("simd"), json.at("simd_available").at(0));
  EXPECT_EQ(json.at("simd_available").back(), "scalar");
  EXPECT_GE(json.at("usable_cores").get<int>(), 1);
  if (!has_cuda_engine()) {
    EXPECT_TRUE(json.at("cuda").is_null());
    return;
  }
  const Json& cuda = json.at("cuda");
  EXPECT_TRUE(cuda.at("devices").empty());
  EXPECT_TRUE(cuda.at("problem").is_string());
  EXPECT_GE(std::stoi(cuda.at("runtime").get<std::string>()), 12);
  EXPECT_EQ(cuda.at("architectures").at(0), "sm_75");
}

}  // namespace
}  // namespace ppo::test
