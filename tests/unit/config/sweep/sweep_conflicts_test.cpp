// What tables and keys of a sweep do not go together: each is refused in one line, with its place and what to
// write.
#include <string>

#include "unit/config/config_text.hpp"
#include "unit/config/sweep/sweep_text.hpp"

namespace ppo::test {
namespace {

TEST(SweepConflicts, OfTables) {
  const std::string nothing =
      "there is no table [sweep.space], so there is nothing to sweep; write a line "
      "[sweep.space] and below it, for example, " +
      kLr;
  expect_said(
      {
          {"", "s.toml: " + nothing},
          {"[sweep]\ntrials = 3", "s.toml:1:2: " + nothing},
          {"[sweep.space]\n",
           "s.toml:1:8: [sweep.space] is empty, so there is nothing to sweep; write below it, "
           "for example, " +
               kLr},
          {"sweep = 3",
           "s.toml:1:1: 'sweep' is a table, not 3; write one line [sweep] and its keys below it"},
          {"[[sweep]]", "s.toml:1:3: 'sweep' is a table, not several; ..."},
          {"[sweep]\nspace = 1",
           "s.toml:2:1: 'space' is a table, not 1; write one line [sweep.space] and its ..."},
          {"[space]\n" + kLr,
           "s.toml:1:2: unknown table 'space'; a sweep has two, write [sweep] and [sweep.space], "
           "and all other keys above them"},
          {"[sweep.spce]\n" + kLr, "s.toml:1:8: unknown table 'spce' in [sweep]; did you mean 'space'?"},
          {"[sweep.ranges]\n" + kLr,
           "s.toml:1:8: unknown table 'ranges' in [sweep]; write [sweep.space], the only one that it has"},
          {"[sweep]\n[sweep]", "s.toml:2:1: repeated key '[sweep]'; write each key once"},
          {"trials = 3", "s.toml:1:1: 'trials' is a key of [sweep]; write it below a line [sweep]"},
          {"learning_rate = 1", "s.toml:1:1: unknown key 'learning_rate'; did you mean 'lr'?"},
          {"[sweep]\nlr = 1",
           "s.toml:2:1: 'lr' is no key of [sweep]; write it above [sweep], or to sweep it, below "
           "[sweep.space]"},
          {"[sweep]\nseed = 1", "s.toml:2:1: 'seed' is no key of [sweep]; write it above [sweep]"},
          {"[sweep]\ntrial = 1", "s.toml:2:1: unknown key 'trial' in [sweep]; did you mean 'trials'?"},
          {"[sweep]\ntrials = 1",
           "s.toml:2:10: trials takes a whole number (2 to 65536), not 1; for example trials "
           "= 64"},
          {"[sweep]\nmethod = \"hyperband\"",
           "s.toml:2:10: method takes a method (random, halving or pbt), not "
           "'hyperband'; for example method = \"halving\""},
      },
      "");
}

TEST(SweepConflicts, OfKeysThatDoNotFitTogether) {
  expect_said(
      {
          {"num_seeds = 2\n",
           "s.toml:1:13: num_seeds does not go with a sweep, which has a number of seeds for each "
           "trial; write seeds_per_trial instead, a key of [sweep]"},
          {"init_from = \"run\"\n",
           "s.toml:1:13: init_from does not go with a sweep, whose trials start from random "
           "parameters; leave it out"},
          {"eval_every = 5\n", "s.toml:1:14: eval_every does not go with a sweep, ..."},
          {"eval_greedy = false\n", "s.toml:1:15: eval_greedy does not go with a sweep, ..."},
          {"stop_at_return = 5\n", "s.toml:1:18: stop_at_return does not go with a sweep, ..."},
          {"stop_on = \"return_100\"\n", "s.toml:1:11: stop_on does not go with a sweep, ..."},
          {"num_seeds = 1\ninit_from = \"\"\neval_every = 0\nstop_at_return = inf\n", ""},
          {"seed = 9223372036854775800\n",
           "s.toml:1:8: seed 9223372036854775800 leaves no room for seeds_per_trial "
           "3 and confirm_seeds 10; write seed = 9223372036854775795 or less"},
          {"seed = 9223372036854775795\n", ""},
          {"total_timesteps = 20_000\n",
           "s.toml:1:19: grace_steps 25000 is not below total_timesteps 20000, so no "
           "trial would be cut; write grace_steps = a number from 8192 to 19999, or method = \"random\""},
          {"num_envs = 10\nnum_minibatches = 3", "s.toml:2:19: num_minibatches 3 does not divide ..."},
          {"[sweep]\ntrials = 4\n", ""},
          {"[sweep]\ntrials = 4\nconfirm_trials = 5\n",
           "s.toml:3:18: confirm_trials 5 is more than there are, trials 4; write "
           "confirm_trials = 4 or less"},
          {"[sweep]\nmetric = \"best_eval\"\ntarget_return = 5\n",
           "s.toml:3:17: target_return does nothing for metric \"best_eval\"; leave it out, or write metric "
           "= "
           "\"steps_to_greedy\""},
          {"[sweep]\nmetric = \"best_eval\"\ntarget_return = inf\n", ""},
          {"[sweep]\ngrace_steps = 500_000\n",
           "s.toml:2:15: grace_steps 500000 is not below total_timesteps 500000, "
           "so no trial would be cut; ..."},
          {"[sweep]\ngrace_steps = 500_000\nmethod = \"random\"\n", ""},
          {"[sweep]\ngrace_steps = 500_000\nmethod = \"pbt\"\n",
           "s.toml:2:15: grace_steps 500000 is not below ..."},
          {"[sweep]\neval_steps = 500_001\n",
           "s.toml:2:14: eval_steps 500001 is more than total_timesteps 500000, "
           "so there would be no evaluation; write eval_steps = 500000 or less"},
          {"[sweep]\neval_steps = 500_001\nmetric = \"return_100\"\n", ""},
      },
      "", "\n[sweep.space]\n" + kLr);
  EXPECT_EQ(error_of_sweep("[sweep]\nmethod = \"pbt\"\n[sweep.space]\n" + kLr +
                           "\nnum_envs = { values = [8, 16] }"),
            "s.toml:5:1: method \"pbt\" copies parameters between trials, so all must have the same "
            "num_envs; write "
            "method = \"halving\", or set num_envs above [sweep]");
}

TEST(SweepConflicts, OfALargestBatchWithTheStepsBeforeTheFirstRung) {
  const std::string wide = "[sweep.space]\nnum_envs = { values = [8, 256] }\n";
  const std::string of_wide = "the space's largest batch of 32768 samples (num_envs 256 x num_steps 128)";
  const std::string before = ", so trials would be compared before they have trained; write grace_steps = ";
  expect_said(
      {
          {"num_envs = 8\n" + wide,
           "s.toml:3:1: grace_steps 25000 is less than " + of_wide + before +
               "a number from 32768 to 499999, or smaller values of num_envs in [sweep.space]"},
          {"num_envs = 8\n[sweep]\ngrace_steps = 100\n" + wide,
           "s.toml:3:15: grace_steps 100 is less than " + of_wide + before + "a number from 32768 ..."},
          {"total_timesteps = 32_769\n" + wide, "s.toml:3:1: grace_steps 25000 is less than " + of_wide +
                                                    before +
                                                    "32768, or smaller values of num_envs in [sweep.space]"},
          {"total_timesteps = 32_768\n" + wide,
           "s.toml:3:1: " + of_wide +
               " is not below total_timesteps 32768, so no trial would be cut; write smaller values of "
               "num_envs in [sweep.space], a larger total_timesteps, or method = \"random\""},
          {"num_steps = 512\n[sweep.space]\nnum_envs = { values = [8, 16] }\n",  // trial 0 has 64
           "s.toml:1:13: grace_steps 25000 is less than the batch of 32768 samples (num_envs 64 x num_steps "
           "512)" +
               before + "a number from 32768 to 499999, or a smaller num_envs or num_steps"},
          {"total_timesteps = 8192\n[sweep.space]\n" + kLr,
           "s.toml:1:19: the batch of 8192 samples (num_envs 64 x num_steps 128) is not below "
           "total_timesteps 8192, so no trial would be cut; ..."},
          {"total_timesteps = 32_768\n[sweep]\nmethod = \"random\"\n" + wide, ""},
      },
      "");
}

TEST(SweepConflicts, OfDiscreteActionsWithTheirDeviation) {
  const std::string space = "[sweep.space]\n" + kLr + "\nlog_std_init = { min = -1, max = 1 }\n";
  EXPECT_EQ(error_of_sweep("env = \"acrobot\"\n" + space),
            "s.toml:4:1: log_std_init does nothing for acrobot, which has discrete actions; leave it out");
  EXPECT_EQ(error_of_sweep("env = \"mountain_car_continuous\"\n" + space), "");
}

TEST(SweepConflicts, OfASweepThatIsToTrain) {
  EXPECT_EQ(
      error_of("lr = 0.1\n[sweep]\ntrials = 3"),
      "test.toml:2:2: this is a sweep; write ppo_train sweep test.toml, or leave its tables out to train "
      "once");
  EXPECT_TRUE(error_of("[sweep.space]\n").starts_with("test.toml:1:2: this is a sweep; "));
}

}  // namespace
}  // namespace ppo::test
