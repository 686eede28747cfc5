// What is said of a saved agent, and what run.json says of its best.
#include "run/saved_run.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "run/run_json_reader.hpp"
#include "system/errors.hpp"

namespace ppo::test {
namespace {

using Json = nlohmann::json;

TEST(AgentOrigin, SaysWhatIsKnown) {
  EXPECT_EQ((AgentOrigin{}.text()), "");
  EXPECT_TRUE(AgentOrigin{}.metadata().empty());
  EXPECT_EQ((AgentOrigin{.is_best = false, .steps = 1536}.text()), "after 1,536 steps");
  EXPECT_EQ((AgentOrigin{.is_best = false, .steps = 0}.text()), "after 0 steps");
  EXPECT_EQ((AgentOrigin{.is_best = true, .steps = std::nullopt}.text()), "at its best");
  const AgentOrigin best{.is_best = true, .steps = 1536};
  EXPECT_EQ(best.text(), "at its best, after 1,536 steps");
  EXPECT_EQ(best.metadata(), (std::map<std::string, std::string>{{"best", "true"}, {"steps", "1536"}}));
}

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
