// The schedule.csv of a sweep: what it says is read, and each mistake is refused with its place.
#include "config/sweep/schedule.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/config/config_text.hpp"

namespace ppo::test {
namespace {

Schedule schedule_of(const std::string& text) {
  return read_schedule(text, "x.csv", Config{});
}

std::string error_of_schedule(const std::string& text) {
  return error_in([&] { schedule_of(text); });
}

TEST(Schedule, HasTheValuesOfItsLinesAndElseTheConfigs) {
  const Schedule schedule = schedule_of("steps,lr,norm_obs\n0,0.001,true\n700,0.005,true\n");
  ASSERT_EQ(schedule.steps.size(), 2U);
  EXPECT_EQ(schedule.keys, (std::vector<const Option*>{find_option("lr"), find_option("norm_obs")}));
  EXPECT_EQ(schedule.steps[0].steps, 0);
  EXPECT_EQ(schedule.steps[0].tuning.lr, 0.001F);
  EXPECT_EQ(schedule.steps[1].steps, 700);
  EXPECT_EQ(schedule.steps[1].tuning.lr, 0.005F);
  EXPECT_TRUE(schedule.steps[1].tuning.norm_obs);
  EXPECT_EQ(schedule.steps[1].tuning.gamma, Config{}.hyper.gamma);
}

TEST(Schedule, BlanksAroundItsCellsDoNotCount) {
  const Schedule schedule = schedule_of("steps, lr\t,gamma \r\n 0 , 0.001,0.9\r\n700,0.005, 1");
  ASSERT_EQ(schedule.steps.size(), 2U);
  EXPECT_EQ(schedule.steps[1].tuning.lr, 0.005F);
  EXPECT_EQ(schedule.steps[1].tuning.gamma, 1);
}

struct WrongSchedule {
  std::string text;
  std::string said;
};

TEST(Schedule, AMistakeIsRefusedWithItsPlace) {
  const std::string none =
      "this is no schedule; write `steps` and the keys that change into the first line, as in steps,lr,gamma";
  const WrongSchedule all[] = {
      {"", "x.csv:1:1: " + none},
      {"\n", "x.csv:1:1: " + none},
      {"steps", "x.csv:1:1: " + none},
      {"  lr,steps\n", "x.csv:1:3: " + none},
      {"steps,lr\n", "x.csv:1:1: a schedule needs lines below its head; write the first with steps 0"},
      {"steps,gamma, lrr\n", "x.csv:1:14: unknown key 'lrr'; did you mean 'lr'?"},
      {"steps,lr,\n0,1",
       "x.csv:1:10: unknown key ''; a schedule takes gamma, gae_lambda, norm_obs, "
       "norm_reward, log_std_init, lr, anneal_lr, update_epochs, norm_adv, clip_coef, "
       "clip_vloss, ent_coef, vf_coef, max_grad_norm or target_kl"},
      {"steps,num_envs\n", "x.csv:1:7: num_envs cannot change while an agent trains; leave the column out"},
      {"steps,lr,lr\n", "x.csv:1:10: repeated key lr; write each key once"},
      {"steps,lr\n5,0.1\n", "x.csv:2:1: the first line has steps 5; write 0"},
      {"steps,lr\n0,0.1\n0,0.2\n", "x.csv:3:1: steps 0 do not follow on 0; write lines in ascending order"},
      {"steps,lr\n0.5,0.1\n", "x.csv:2:1: steps takes a whole number, not '0.5'; write 0"},
      {"steps,lr\n0,0.1\n 1e3,0.1\n", "x.csv:3:2: steps takes a whole number, not '1e3'; write one above 0"},
      {"steps,gamma,lr\n0,0.9,0.1\n1000, 0.95,  fast\n",
       "x.csv:3:14: lr takes a number (above 0, at most 1), not 'fast'; for example 0.00025"},
      {"steps,lr\n0,\n", "x.csv:2:3: lr takes a number (above 0, at most 1), not ''; for example 0.00025"},
      {"steps,lr\n0,2\n", "x.csv:2:3: lr takes a number (above 0, at most 1), not 2; for example 0.00025"},
      {"steps,norm_adv\n0,1\n", "x.csv:2:3: norm_adv takes true or false, not 1; for example true"},
      {"steps,lr\n0,0.1,7\n", "x.csv:2:7: has 3 values; write 2, as many as the first line has names"},
      {"steps,lr\n0\n", "x.csv:2:1: has 1 value; write 2, as many as the first line has names"},
      {"steps,lr\n0,0.1\n\n", "x.csv:3:1: has 1 value; write 2, as many as the first line has names"},
      {"steps,norm_obs\n0,true\n9,false\n",
       "x.csv:3:3: norm_obs cannot change while an agent trains; write true in all lines"},
  };
  for (const WrongSchedule& wrong : all) EXPECT_EQ(error_of_schedule(wrong.text), wrong.said) << wrong.text;
}

}  // namespace
}  // namespace ppo::test
