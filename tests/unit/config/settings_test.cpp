// Settings as a whole: what does not fit together is refused, and the key that is blamed for it.
#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "config/toml_reader.hpp"
#include "system/errors.hpp"
#include "unit/config/config_text.hpp"

namespace ppo::test {
namespace {

TEST(ConfigSettings, BlamesTheMostExplicitKey) {
  Settings settings;
  read_toml("\nnum_minibatches = 5", "test.toml", settings);
  settings.set(*find_option("num_envs"), std::int64_t{1}, {Origin::kFlag, "--num-envs"});
  try {
    settings.checked();
    FAIL() << "128 samples in 5 parts";
  } catch (const Failure& failure) {
    EXPECT_TRUE(std::string_view(failure.what()).starts_with("--num-envs: num_minibatches 5 "))
        << failure.what();
  }
}

TEST(ConfigSettings, AFlagForAFirstDeviationDoesNotGoWithALearnedOne) {
  Settings settings;
  read_toml("init_from = 'run'\nlog_std_init = 0.5", "test.toml", settings);
  settings.checked();
  settings.set(*find_option("log_std_init"), -1.0, {Origin::kFlag, "--log-std-init"});
  try {
    settings.checked();
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    EXPECT_TRUE(std::string_view(failure.what()).starts_with("--log-std-init: with init_from "));
  }
  settings.set(*find_option("init_from"), std::string(), {Origin::kFlag, "--init-from"});
  settings.checked();
}

TEST(ConfigSettings, LargestOfEverythingIsAllowed) {
  EXPECT_EQ(error_of("num_envs = 65536\nnum_steps = 1\ntotal_timesteps = 65536"), "");
  EXPECT_EQ(error_of("num_envs = 1048576\nnum_steps = 1024\ntotal_timesteps = 1073741824"), "");
  EXPECT_EQ(error_of("seed = 9223372036854710272\nnum_seeds = 65536"), "");
  EXPECT_NE(error_of("seed = 9223372036854710273\nnum_seeds = 65536"), "");
}

TEST(ConfigSettings, AnAgentStopsAtAReturnThatIsMeasured) {
  EXPECT_EQ(error_of("stop_at_return = 475\neval_every = 10"), "");
  EXPECT_EQ(error_of("stop_at_return = -110.5\nstop_on = \"return_100\""), "");
  EXPECT_EQ(error_of("stop_at_return = inf\neval_every = 1\neval_episodes = 1000000\neval_greedy = false"),
            "");
  EXPECT_EQ(error_of("stop_at_return = 475"),
            "test.toml:1:18: stop_at_return without evaluations; write eval_every = 10 to stop at an "
            "evaluation's mean return, or stop_on = \"return_100\" to stop at that of training");
  EXPECT_EQ(
      error_of("stop_on = \"return_100\""),
      "test.toml:1:11: stop_on = \"return_100\" without stop_at_return; write stop_at_return = the mean "
      "return to stop at, or leave stop_on out");
  EXPECT_EQ(error_of("stop_at_return = nan"),
            "test.toml:1:18: stop_at_return takes a number (-1e+30 to 1e+30, or inf), not nan; for example "
            "stop_at_return = inf");
  EXPECT_NE(error_of("stop_on = \"return_10\"").find("did you mean"), std::string::npos);
  for (const char* wrong :
       {"eval_every = -1", "eval_every = 1.5", "eval_episodes = 0", "eval_episodes = 1000001",
        "eval_greedy = 1", "stop_at_return = -inf", "stop_on = true"}) {
    EXPECT_NE(error_of(wrong), "") << wrong;
  }
}

TEST(ConfigSettings, HowToEvaluateNeedsEvaluations) {
  EXPECT_EQ(error_of("eval_episodes = 50"),
            "test.toml:1:17: eval_episodes without evaluations; write eval_every = 10 to have them, or leave "
            "eval_episodes out");
  EXPECT_EQ(error_of("eval_greedy = false"),
            "test.toml:1:15: eval_greedy without evaluations; write eval_every = 10 to have them, or leave "
            "eval_greedy out");
  EXPECT_EQ(error_of("eval_episodes = 20\neval_greedy = true"), "");
  Settings settings;
  read_toml("eval_every = 0\neval_episodes = 50\neval_greedy = false", "test.toml", settings);
  settings.checked();  // as the file of a run may say
  settings.set(*find_option("eval_episodes"), std::int64_t{20}, {Origin::kFlag, "--eval-episodes"});
  settings.checked();
  settings.set(*find_option("eval_episodes"), std::int64_t{30}, {Origin::kFlag, "--eval-episodes"});
  try {
    settings.checked();
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_TRUE(std::string_view(failure.what()).starts_with("--eval-episodes: eval_episodes without "));
  }
  settings.set(*find_option("eval_every"), std::int64_t{10}, {Origin::kFlag, "--eval-every"});
  settings.checked();
}

}  // namespace
}  // namespace ppo::test
