// Sweep files: what is written reads back, the presets are right, and junk is refused with its place.
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "config/presets.hpp"
#include "config/sweep/space.hpp"
#include "system/text.hpp"
#include "unit/config/config_text.hpp"
#include "unit/config/sweep/sweep_text.hpp"

namespace ppo::test {
namespace {

const std::string kSpace = "[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\n";

TEST(SweepToml, ASpaceIsEnough) {
  const SweepConfig sweep = read_sweep(kSpace, "s.toml");
  EXPECT_EQ(to_toml(sweep.config), to_toml(Config{}));
  EXPECT_EQ(sweep.plan.trials, 64);
  EXPECT_TRUE(sweep.plan.halves());
  EXPECT_EQ(sweep.trials_at, "");
  ASSERT_EQ(sweep.plan.space.size(), 1U);
  const Dimension& lr = sweep.plan.space[0];
  EXPECT_EQ(lr.option, find_option("lr"));
  EXPECT_EQ(lr.scale, Scale::log);
  EXPECT_EQ(lr.min, 1e-4);
  EXPECT_EQ(lr.max, 1e-2);
  EXPECT_EQ(lr.where, "s.toml:2:1");
}

TEST(SweepToml, ReadsEveryKeyBackBitByBit) {
  const std::string text =
      "seed = 9\nlr = 0.001\neval_episodes = 7\n[sweep]\ntrials = 200\nmethod = \"random\"\nseeds_per_trial "
      "= 4\n"
      "metric = \"steps_to_greedy\"\ntarget_return = -7.038531e-26\ngrace_steps = 99\neval_steps = 77\n"
      "confirm_trials = 6\nconfirm_seeds = 8\n[sweep.space]\n"
      "gamma = { min = 0.9, max = 0.99900001, scale = \"log1m\" }\nent_coef = { min = 0, max = 7.038531e-26 "
      "}\n"
      "target_kl = { values = [0, 0.3333333333333333, 1e-30] }\nnum_steps = { min = 1, max = 64, scale = "
      "\"pow2\" }\n"
      "update_epochs = { min = 1, max = 1000, scale = \"log\" }\nnum_envs = { values = [64, 0x10, 1_024] }\n"
      "norm_adv.values = [true, false]\n[sweep.space.activation]\nvalues = [\"relu\", \"tanh\"]\n";
  const SweepConfig sweep = read_sweep(text, "s.toml");
  EXPECT_EQ(sweep.trials_at, "s.toml:5:10");
  EXPECT_EQ(sweep.plan.target_return, static_cast<float>(-7.038531e-26));
  EXPECT_EQ(sweep.plan.confirm_seeds, 8);
  const std::string written = to_toml(sweep);
  const SweepConfig again = read_sweep(written, "w.toml");
  EXPECT_EQ(to_toml(again), written);
  ASSERT_EQ(again.plan.space.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    const Dimension& a = sweep.plan.space[i];
    const Dimension& b = again.plan.space[i];
    EXPECT_EQ(a.option, b.option);
    EXPECT_EQ(a.scale, b.scale);
    EXPECT_EQ(a.min, b.min);
    EXPECT_EQ(a.max, b.max);
    for (const double unit : {0.0, 0.3, 0.6, 0.99}) {
      EXPECT_EQ(show(value_at(a, unit)), show(value_at(b, unit)));
    }
  }
  EXPECT_TRUE(written.starts_with(to_toml(sweep.config) + "\n[sweep]\n"));
}

TEST(SweepToml, FewTrialsAreAllConfirmedUnlessFewerAreAskedFor) {
  EXPECT_EQ(read_sweep("[sweep]\ntrials = 3\n" + kSpace, "s.toml").plan.confirm_trials, 3);
  EXPECT_EQ(read_sweep("[sweep]\ntrials = 3\nconfirm_trials = 2\n" + kSpace, "s.toml").plan.confirm_trials,
            2);
  EXPECT_EQ(read_sweep("[sweep]\ntrials = 6\n" + kSpace, "s.toml").plan.confirm_trials, 5);
}

TEST(SweepToml, PresetsAreRightAndTheConfigsTheyStartFrom) {
  EXPECT_EQ(sweep_presets().size(), 5U);
  for (const Preset& preset : sweep_presets()) {
    EXPECT_EQ(error_of_sweep(preset.toml), "") << preset.name;
    EXPECT_NE(error_of(preset.toml), "") << preset.name;
    EXPECT_TRUE(preset.name.starts_with("sweep-"));
    EXPECT_FALSE(description(preset).empty());
  }
  const SweepConfig sweep = read_sweep(find_preset("sweep-cartpole")->toml, "p");
  Config preset = read(find_preset("cartpole-v1")->toml);
  preset.hyper.total_timesteps = 80'000;
  preset.evaluation.eval_episodes = 5;
  EXPECT_EQ(to_toml(sweep.config), to_toml(preset));
  EXPECT_EQ(sweep.plan.trials, 256);
}

TEST(SweepToml, AnEvaluationsEpisodesNeedNoEvalEvery) {
  EXPECT_EQ(error_of_sweep("eval_episodes = 50\n" + kSpace), "");
}

TEST(SweepToml, ThatCannotBeWrittenWithAllKeysIsTooLarge) {
  std::string list;
  while (list.size() < 12'000) list += std::to_string(list.size() + 1) + "e-6, ";
  const std::string error = error_of_sweep("[sweep.space]\nvf_coef = { values = [" + list + "] }");
  EXPECT_TRUE(error.starts_with("s.toml:2:1: the space is too large")) << error;
  EXPECT_EQ(error_of_sweep(std::string(20'000, '#')),
            "s.toml: is larger than 16 KiB, too much for a config; leave comments out");
}

TEST(SweepToml, ThatIsDeepIsRefused) {
  std::string key = "lr";
  while (key.size() < 15'000) key += ".a";
  EXPECT_TRUE(error_of_sweep("[sweep.space]\n" + key + " = 1").starts_with("s.toml:2:4: lr has no 'a'"));
  EXPECT_TRUE(error_of_sweep("[sweep." + key + "]").starts_with("s.toml:1:8: 'lr' is no key of [sweep]"));
}

TEST(SweepToml, JunkGivesAnErrorWithAPlace) {
  const std::vector<std::string> pieces = {"seed",     "lr",
                                           "=",        " ",
                                           "\n",       "1",
                                           "0.5",      "true",
                                           "[",        "]",
                                           "[[",       "{",
                                           "}",        ".",
                                           "\"",       "'",
                                           "\"\"\"",   "#",
                                           ",",        "\\",
                                           "\r",       "nan",
                                           "sweep",    "space",
                                           "[sweep]",  "min",
                                           "max",      "scale",
                                           "values",   "\"log1m\"",
                                           "\"pow2\"", "trials",
                                           "pbt",      "[sweep.space]",
                                           "\xC3\xA9", "1979-05-27",
                                           "a"};
  std::mt19937 random(7);
  const std::string base = to_toml(read_sweep(find_preset("sweep-pendulum")->toml, "p"));
  const std::string tables = base.substr(base.find("[sweep]"));
  int refused = 0;
  for (int i = 0; i < 6'000; ++i) {
    std::string text = i % 3 == 0 ? "" : tables;
    const std::size_t count = 1 + random() % 12;
    for (std::size_t j = 0; j < count; ++j)
      text.insert(random() % (text.size() + 1), pieces[random() % pieces.size()]);
    const std::string error = error_of_sweep(text);
    if (error.empty()) continue;
    ++refused;
    EXPECT_TRUE(error.starts_with("s.toml:")) << error << " in " << text;
    EXPECT_EQ(printable(error), error);
  }
  EXPECT_GT(refused, 3'000);
}

}  // namespace
}  // namespace ppo::test
