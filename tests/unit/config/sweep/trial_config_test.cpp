// The config of a trial: the sweep's, with a point of the space.
#include "config/sweep/trial_config.hpp"

#include <string>

#include "config/toml_writer.hpp"
#include "unit/config/sweep/sweep_text.hpp"

namespace ppo::test {
namespace {

const char* const kText =
    "seed = 7\neval_episodes = 5\n[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\n"
    "norm_obs = { values = [true, false] }\nactivation = { values = [\"relu\", \"tanh\"] }\n"
    "num_steps = { min = 32, max = 128, scale = \"pow2\" }\n";

TEST(SweepTrial, HasThePointsValuesAndElseTheSweeps) {
  const SweepConfig sweep = read_sweep(kText, "s.toml");
  const std::vector<Value> point = {0.001, true, std::string("relu"), std::int64_t{32}};
  const Config config = trial_config(sweep, point);
  Config expected = sweep.config;
  expected.hyper.lr = 0.001F;
  expected.hyper.norm_obs = true;
  expected.hyper.activation = Activation::relu;
  expected.hyper.num_steps = 32;
  EXPECT_EQ(to_toml(config), to_toml(expected));
  EXPECT_EQ(config.hyper.seed, 7U);
  EXPECT_EQ(config.evaluation.eval_episodes, 5);
}

TEST(SweepTrial, OfItsOwnPointIsTheConfigAsItStands) {
  const SweepConfig sweep = read_sweep(kText, "s.toml");
  EXPECT_EQ(to_toml(trial_config(sweep, values_of(sweep.config, sweep.plan.space))), to_toml(sweep.config));
}

TEST(SweepTrial, NamesTheDimensionAndTheCombinationThatDoNotFit) {
  const SweepConfig sweep = read_sweep(
      "num_steps = 10\n[sweep]\nmethod = \"random\"\n[sweep.space]\nnum_envs = { min = 64, max = 640_000 "
      "}\ngamma = { min = 0.9, max = 1 }",
      "s.toml");  // too many to try all
  try {
    trial_config(sweep, std::vector<Value>{std::int64_t{65}, 0.95});
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(
        std::string(failure.what()),
        "s.toml:5:1: num_minibatches 4 does not divide the batch of 650 samples (num_envs 65 x num_steps "
        "10), one of the combinations in [sweep.space]; choose values that fit in every combination");
  }
}

TEST(SweepTrial, ThatCannotBeIsFoundInAdvance) {
  EXPECT_EQ(
      error_of_sweep("[sweep.space]\nnum_envs = { values = [8, 16] }\n"
                     "num_minibatches = { values = [64, 2048] }\nnum_steps = { values = [64, 128] }\n"),
      "s.toml:3:1: num_minibatches 2048 does not divide the batch of 512 samples (num_envs 8 x num_steps "
      "64), one of the combinations in [sweep.space]; choose values that fit in every combination");
  EXPECT_EQ(error_of_sweep("[sweep.space]\nnum_envs = { values = [8, 16] }\n"
                           "num_minibatches = { values = [64, 512] }\nnum_steps = { values = [64, 128] }\n"),
            "");
  EXPECT_EQ(
      error_of_sweep("total_timesteps = 30_000\n[sweep.space]\nnum_steps = { values = [128, 512] }\n"),
      "s.toml:3:1: total_timesteps 30000 is less than one batch of 32768 samples (num_envs 64 x num_steps "
      "512), one of the combinations in [sweep.space]; choose values that fit in every combination");
}

}  // namespace
}  // namespace ppo::test
