// What run.json says of the best of a run's agents.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "run/run_json_reader.hpp"
#include "system/errors.hpp"

namespace ppo::test {
namespace {

using Json = nlohmann::json;

Json ending(const Json& agent) {
  return {{"version", "1"},  {"numerics_version", 1},          {"command_line", Json::array()},
          {"finished", ""},  {"stopped_by", nullptr},          {"updates", 6},
          {"device", "cpu"}, {"agents", Json::array({agent})}, {"machine", Json::object()}};
}

TEST(RunJson, NamesTheBestOfAgentsThatWereEvaluated) {
  Json agent = {{"param_hash", "0x1"}};
  EXPECT_FALSE(parse_run_json(ending(agent).dump(), "run.json").best.at(0));
  agent["best_policy_hash"] = nullptr;
  EXPECT_FALSE(parse_run_json(ending(agent).dump(), "run.json").best.at(0));
  agent["best_policy_hash"] = "0x2";
  agent.update({{"best_update", 2}, {"best_steps", 512}, {"best_return_mean", 21}, {"best_return_std", 0.5}});
  const auto best = parse_run_json(ending(agent).dump(), "run.json").best.at(0);
  ASSERT_TRUE(best);
  EXPECT_EQ(best->policy_hash, "0x2");
  EXPECT_EQ(best->steps, 512);
}

TEST(RunJson, OfADamagedBestIsRefused) {
  const Json agent = {{"param_hash", "0x1"},    {"best_update", 2},       {"best_steps", 512},
                      {"best_return_mean", 21}, {"best_return_std", 0.5}, {"best_policy_hash", "0x2"}};
  EXPECT_NO_THROW(parse_run_json(ending(agent).dump(), "run.json"));
  for (const auto& [key, value] : {std::pair<std::string, Json>{"best_steps", -1},
                                   {"best_steps", "512"},
                                   {"best_steps", nullptr},
                                   {"best_update", 1.5},
                                   {"best_return_mean", "high"},
                                   {"best_return_std", nullptr},
                                   {"best_policy_hash", 2}}) {
    Json damaged = agent;
    damaged[key] = value;
    EXPECT_THROW(parse_run_json(ending(damaged).dump(), "run.json"), Failure) << key << ' ' << value;
  }
}

}  // namespace
}  // namespace ppo::test
