// What a line of [sweep.space] must not say: each is refused in one line, with its place and what to write.
#include <string>

#include "config/sweep/sweep_options.hpp"
#include "unit/config/sweep/sweep_text.hpp"

namespace ppo::test {
namespace {

TEST(SweepErrors, OfALineOfTheSpace) {
  const std::string list = "{ values = [8, 16, 32, 64] }";
  expect_said(
      {
          {"lx = 1", "s.toml:2:1: unknown key 'lx'; did you mean 'lr'?"},
          {"learning_rate = 1", "s.toml:2:1: unknown key 'learning_rate'; did you mean 'lr'?"},
          {"x = 1", "s.toml:2:1: unknown key 'x'; [sweep.space] takes num_envs, num_steps, ..."},
          {"trials = 3",
           "s.toml:2:1: 'trials' is a key of [sweep] and cannot be swept; write it above [sweep.space]"},
          {"lr = 1", "s.toml:2:6: lr takes a range or a list of values, not 1; write " + kLr +
                         ", or to set it, lr above [sweep]"},
          {"lr = [0.001, 0.002]",
           "s.toml:2:6: lr takes a range or a list of values, not an array; write lr = { values = [0.001, "
           "0.002] }"},
          {"activation = ['relu', 'tanh']",
           "s.toml:2:14: activation takes a range or a list of values, not an array; write activation = { "
           "values = [\"relu\", \"tanh\"] }"},
          {"lr = [0.1, 2]", "s.toml:2:6: lr takes a range or a list of values, not an array; write " + kLr},
          {"lr = [0.1]", "s.toml:2:6: lr takes a range or a list of values, not an array; write " + kLr},
          {"lr = [0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18]",
           "s.toml:2:6: lr takes a range or a list of values, not an array; write " + kLr},
          {"lr = 1979-05-27", "s.toml:2:6: lr takes a range or a list of values, not a date or time; ..."},
          {"lr = {}", "s.toml:2:6: lr lacks min and max, or values; write, for example, " + kLr},
          {"lr = { min = 0.1 }", "s.toml:2:6: lr lacks max; write, for example, " + kLr},
          {"lr = { max = 0.1, scale = 'log' }", "s.toml:2:6: lr lacks min; ..."},
          {"norm_obs = {}",
           "s.toml:2:12: norm_obs lacks values; write, for example, norm_obs = { values = [true, "
           "false] }"},
          {"lr = { mix = 1 }",
           "s.toml:2:8: lr has no 'mix' (min, max, scale or values); did you mean 'min'?"},
          {"lr = { min = 0.1, min = 0.2 }", "s.toml:2:25: repeated key 'min'; write each key once"},
          {"lr = { values = [0.1, 0.2], min = 0.1 }",
           "s.toml:2:29: lr has values and min; write either a list or a range, as in " + kLr},
          {"lr = { min = 0.1, max = 0.01 }",
           "s.toml:2:14: lr: min 0.1 is more than max 0.01; write the smaller number as min"},
          {"lr = { min = 0.1, max = 0.1 }",
           "s.toml:2:14: lr: min and max are both 0.1, so there is no choice; write lr = 0.1 above [sweep] "
           "instead, or a wider range"},
          {"lr = { min = 0.1, max = 0.1000000001 }", "s.toml:2:14: lr: min and max are both 0.1, ..."},
          {"lr = { min = 0, max = 0.1 }",
           "s.toml:2:14: lr: min takes a number (above 0, at most 1), not 0; ..."},
          {"lr = { min = nan, max = 0.1 }",
           "s.toml:2:14: lr: min takes a number (above 0, at most 1), not nan; ..."},
          {"lr = { min = 0.1, max = 2 }",
           "s.toml:2:25: lr: max takes a number (above 0, at most 1), not 2; for "
           "example " +
               kLr},
          {"lr = { min = { a = 1 }, max = 2 }", "s.toml:2:14: lr: min takes a number ..."},
          {"num_envs = { min = 1.5, max = 8 }",
           "s.toml:2:20: num_envs: min takes a whole number (1 to 1048576), not 1.5; for example num_envs "
           "= " +
               list},
      },
      "[sweep.space]\n");
}

TEST(SweepErrors, OfAScale) {
  expect_said(
      {
          {"lr = { min = 0.1, max = 0.2, scale = \"lgo\" }",
           "s.toml:2:38: lr: scale takes linear, log, log1m or pow2, not 'lgo'; did you mean 'log'?"},
          {"lr = { min = 0.1, max = 0.2, scale = 2 }",
           "s.toml:2:38: lr: scale takes linear, log, log1m or pow2, not 2; for example scale = \"log\""},
          {"ent_coef = { min = 0, max = 0.2, scale = \"log\" }",
           "s.toml:2:20: ent_coef: scale log needs a min above 0, not 0.0; write another min, or scale = "
           "\"linear\""},
          {"log_std_init = { min = -1, max = 0.2, scale = \"log\" }",
           "s.toml:2:24: log_std_init: scale log needs ..."},
          {"gamma = { min = 0.9, max = 1, scale = \"log1m\" }",
           "s.toml:2:28: gamma: scale log1m needs a max below 1, not 1.0; write another max, or scale = "
           "\"linear\""},
          {"gamma = { min = 0.9, max = 0.99999999, scale = \"log1m\" }",
           "s.toml:2:28: gamma: scale log1m needs ..."},
          {"num_envs = { min = 8, max = 16, scale = \"log1m\" }",
           "s.toml:2:41: num_envs takes whole numbers, so it has no scale log1m, which is for numbers below "
           "1; write scale = \"log\" or \"pow2\", or leave it out"},
          {"hidden_size = { min = 32, max = 64, scale = \"log1m\" }",
           "s.toml:2:15: hidden_size takes only 32, 64, 128 or 256; write a list, ..."},
          {"num_steps = { min = 3, max = 8, scale = \"pow2\" }",
           "s.toml:2:21: num_steps: min 3 is no power of two; write 2 or 4"},
          {"num_minibatches = { min = 1, max = 1073741823, scale = \"pow2\" }",
           "s.toml:2:36: num_minibatches: max 1073741823 is no power of two; write 536870912 or 1073741824"},
          {"lr = { min = 0.25, max = 0.5, scale = \"pow2\" }",
           "s.toml:2:39: lr takes more than whole numbers, so it has no scale pow2; write scale = \"log\" or "
           "leave "
           "it out"},
          {"hidden_size = { min = 32, max = 128 }",
           "s.toml:2:15: hidden_size takes only 32, 64, 128 or 256; write a list, as in hidden_size = { "
           "values = "
           "[32, 64, 128] }"},
          {"hidden_size = { min = 32, max = 256, scale = \"pow2\" }", ""},
          {"norm_obs = { min = 0, max = 1 }",
           "s.toml:2:14: norm_obs has no range, as it takes true or false; write a list, as in norm_obs = { "
           "values "
           "= [true, false] }"},
          {"activation = { scale = \"log\" }",
           "s.toml:2:16: activation has no range, as it takes an activation ..."},
      },
      "[sweep.space]\n");
}

TEST(SweepErrors, OfAList) {
  expect_said(
      {
          {"lr = { values = 3 }",
           "s.toml:2:17: lr: values takes a list, not 3; write it in brackets, as in lr = { values = [...] "
           "}"},
          {"lr = { values = [] }",
           "s.toml:2:17: lr: values is empty; write two or more, or set lr above [sweep]"},
          {"lr = { values = [0.1] }",
           "s.toml:2:17: lr: values has a single one, so there is no choice; write two or more, or set lr "
           "above "
           "[sweep]"},
          {"lr = { values = [0.1, 2] }",
           "s.toml:2:23: lr: values takes a number (above 0, at most 1), not 2; ..."},
          {"lr = { values = [[0.1], 2] }",
           "s.toml:2:18: lr: values takes a number (above 0, at most 1), not an ..."},
          {"lr = { values = [{ a = 1 }, { a = 2 }] }", "s.toml:2:18: lr: values takes a number ..."},
          {"lr = { values = [0.1, 0.2, 0.1] }", "s.toml:2:28: lr: 0.1 is there twice; write each value once"},
          {"lr = { values = [1, 1.0] }", "s.toml:2:21: lr: 1.0 is there twice; write each value once"},
          {"activation = { values = [\"tanh\", \"rleu\"] }",
           "s.toml:2:34: activation: values takes an activation (tanh or relu), not 'rleu'; did you mean "
           "'relu'?"},
          {"norm_obs = { values = [true, 1] }",
           "s.toml:2:30: norm_obs: values takes true or false, not 1; ..."},
          {"hidden_size = { values = [32, 48] }",
           "s.toml:2:31: hidden_size: values takes 32, 64, 128 or 256, ..."},
      },
      "[sweep.space]\n");
}

TEST(SweepErrors, OfKeysThatCannotBeSwept) {
  for (const Option& option : options()) {
    const std::string key(option.key);
    if (sweepable(option) == Sweepable::no) {
      EXPECT_TRUE(error_of_sweep("[sweep.space]\n" + key + " = {}")
                      .starts_with("s.toml:2:1: " + key + " cannot be swept: "));
    } else {
      EXPECT_EQ(error_of_sweep("env = \"pendulum\"\n[sweep.space]\n" + space_example(option)), "");
    }
  }
  EXPECT_EQ(sweepable_keys(Sweepable::shape).size(), 5U);
  EXPECT_EQ(sweepable_keys(Sweepable::tuning).size(), 15U);
  EXPECT_EQ(error_of_sweep("[sweep.space]\nseed = { min = 1, max = 3 }"),
            "s.toml:2:1: seed cannot be swept: every trial trains with the same seeds; write, for example, "
            "seeds_per_trial = 3 under [sweep]");
}

}  // namespace
}  // namespace ppo::test
