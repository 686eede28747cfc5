// Config files: what is written reads back, presets are right, and junk is refused with its place.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "config/presets.hpp"
#include "config/toml_writer.hpp"
#include "system/text.hpp"
#include "unit/config/config_text.hpp"

namespace ppo::test {
namespace {

TEST(ConfigToml, EmptyTextIsTheDefault) {
  EXPECT_EQ(to_toml(read("")), to_toml(Config{}));
  EXPECT_EQ(to_toml(read("\xEF\xBB\xBF# only a comment \xC3\xA9 \xE3\x81\x82")), to_toml(Config{}));
}

TEST(ConfigToml, ReadsEveryKeyBackBitByBit) {
  Config config;
  config.hyper.seed = (std::uint64_t{1} << 63U) - 1;
  config.hyper.lr = std::nextafter(0.0F, 1.0F);
  config.hyper.target_kl = 7.038531e-26F;
  config.hyper.max_grad_norm = 1e30F;
  config.hyper.norm_adv = false;
  config.hyper.anneal_lr = true;
  config.evaluation = {.eval_every = 7, .eval_greedy = false, .stop_at_return = -7.038531e-26F};
  config.run.device = "cuda:1";
  const Config again = read(to_toml(config));
  EXPECT_EQ(to_toml(again), to_toml(config));
  EXPECT_EQ(again.hyper.seed, config.hyper.seed);
  EXPECT_EQ(again.hyper.lr, config.hyper.lr);
  EXPECT_EQ(again.hyper.target_kl, config.hyper.target_kl);
  EXPECT_EQ(again.hyper.max_grad_norm, config.hyper.max_grad_norm);
  EXPECT_EQ(again.evaluation.eval_every, 7);
  EXPECT_EQ(again.evaluation.stop_at_return, config.evaluation.stop_at_return);
  EXPECT_EQ(again.run.device, "cuda:1");
}

TEST(ConfigToml, WholeNumbersAreNumbers) {
  EXPECT_EQ(read("gamma = 1").hyper.gamma, 1.0F);
  EXPECT_FALSE(std::signbit(read("ent_coef = -0.0").hyper.ent_coef));
  EXPECT_EQ(read("total_timesteps = 1_000_000\r\nnum_envs = 0x10\r\n").hyper.num_envs, 16);
}

TEST(ConfigToml, PresetsAreRightAndDescribed) {
  for (const Preset& preset : presets()) {
    EXPECT_EQ(error_of(preset.toml).empty(), !preset.is_sweep) << preset.name;
    EXPECT_FALSE(description(preset).empty()) << preset.name;
    EXPECT_EQ(find_preset(std::string(preset.name) + ".toml"), &preset);
  }
  EXPECT_EQ(find_preset("nowhere"), nullptr);
}

TEST(ConfigToml, CartpoleNamesEveryKeyOfTheReference) {
  std::string text = "\n";
  text += find_preset("cartpole")->toml;
  for (const char* key :
       {"seed", "total_timesteps", "num_envs", "num_steps", "lr", "num_minibatches", "update_epochs", "gamma",
        "gae_lambda", "clip_coef", "ent_coef", "vf_coef", "max_grad_norm", "norm_adv", "clip_vloss"}) {
    EXPECT_NE(text.find(std::string("\n") + key + " = "), std::string::npos) << key;
  }
  EXPECT_EQ(to_toml(read(text)), to_toml(Config{}));
}

TEST(ConfigToml, JunkGivesAnErrorWithAPlace) {
  const std::vector<std::string> pieces = {"seed",
                                           "lr",
                                           "=",
                                           " ",
                                           "\n",
                                           "1",
                                           "0.5",
                                           "true",
                                           "[",
                                           "]",
                                           "[[",
                                           "{",
                                           "}",
                                           ".",
                                           "\"",
                                           "'",
                                           "\"\"\"",
                                           "#",
                                           ",",
                                           "\\",
                                           "\r",
                                           "\t",
                                           "nan",
                                           "0x",
                                           "1e",
                                           "-",
                                           "_",
                                           "\x1b",
                                           "\xEF\xBB\xBF",
                                           "\xC3",
                                           "\xC3\xA9",
                                           "\xE3\x81\x82",
                                           "\xC2\xA0",
                                           "\xE2\x80\xA8",
                                           "1979-05-27",
                                           "12:00",
                                           "a"};
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? "" : to_toml(Config{});
    const std::size_t count = 1 + random() % 12;
    for (std::size_t j = 0; j < count; ++j)
      text.insert(random() % (text.size() + 1), pieces[random() % pieces.size()]);
    const std::string error = error_of(text);
    if (error.empty()) continue;
    ++refused;
    EXPECT_TRUE(error.starts_with("test.toml:")) << error << " in " << text;
    EXPECT_EQ(printable(error), error);
  }
  EXPECT_GT(refused, 10'000);
}

}  // namespace
}  // namespace ppo::test
