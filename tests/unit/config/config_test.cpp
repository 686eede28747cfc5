// The parts of the configuration, without a process: values, names, the option table, reading and writing
// TOML.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/nearest.hpp"
#include "config/options.hpp"
#include "config/presets.hpp"
#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "config/toml_writer.hpp"
#include "config/value.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

Config read(std::string_view text) {
  Settings settings;
  read_toml(text, "test.toml", settings);
  return settings.checked();
}

/// The error that `text` gives; empty if it gives none.
std::string error_of(std::string_view text) {
  try {
    read(text);
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    return failure.what();
  }
}

TEST(ConfigText, PrintableKeepsTextAndEscapesTheRest) {
  EXPECT_EQ(printable("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  EXPECT_EQ(printable("a\nb\tc\rd"), "a b c d");
  EXPECT_EQ(printable("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xc2\\x9b31m");                                         // the one-byte CSI of Latin-1
  EXPECT_EQ(printable("\u061C\u200D\u200E\u202E\u202F\u2069\u206A"),  // what turns the direction of writing
            "\\xd8\\x9c\u200D\\xe2\\x80\\x8e\\xe2\\x80\\xae\u202F\\xe2\\x81\\xa9\u206A");
  EXPECT_EQ(printable("\xFF\xC3"), "\\xff\\xc3");                             // no UTF-8, a cut sequence
  EXPECT_EQ(printable("\xC0\x8A\xED\xA0\x80"), "\\xc0\\x8a\\xed\\xa0\\x80");  // overlong, surrogate
}

TEST(ConfigText, QuoteCutsAtACharacter) {
  EXPECT_EQ(quote("short"), "'short'");
  const std::string almost_full(59, 'x');
  EXPECT_EQ(quote(almost_full + "yz"), "'" + almost_full + "y...'");
  EXPECT_EQ(quote(almost_full + "\xE2\x82\xAC"), "'" + almost_full + "...'");
}

TEST(ConfigText, WrapBreaksAtSpaces) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("unbreakable x", 3), (std::vector<std::string>{"unbreakable", "x"}));
}

TEST(ConfigNearest, Distance) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("seed", "sede"), 1U);  // a swap
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);     // 2 without the restriction
  EXPECT_EQ(edit_distance("Num-Envs", "num_envs"), 0U);
  EXPECT_EQ(edit_distance(std::string(100'000, 'a'), "a"), 63U);
}

TEST(ConfigNearest, SuggestsByNearness) {
  const std::vector<std::string> names = {"lr", "gamma", "num_envs"};
  EXPECT_EQ(suggest("num_env", names), "did you mean 'num_envs'?");
  EXPECT_EQ(suggest("completely_else", names), "the nearest name is 'num_envs'");
}

TEST(ConfigValue, ShowsWhatWasWritten) {
  EXPECT_EQ(show(Value{true}), "true");
  EXPECT_EQ(show(Value{std::int64_t{-3}}), "-3");
  EXPECT_EQ(show(Value{1.0}), "1.0");
  EXPECT_EQ(show(Value{std::numeric_limits<double>::quiet_NaN()}), "nan");
  EXPECT_EQ(show(Value{std::string("x\n")}), "'x '");
}

TEST(ConfigValue, FlagValuesAreToml) {
  EXPECT_EQ(std::get<std::int64_t>(read_flag_value("1_000")), 1000);
  EXPECT_EQ(std::get<std::int64_t>(read_flag_value("-7")), -7);
  EXPECT_EQ(std::get<double>(read_flag_value("2.5e-4")), 2.5e-4);
  EXPECT_TRUE(std::get<bool>(read_flag_value("true")));
  for (const std::string text : {"", "1.", ".5", "01", "1__0", "True", "1 ", "1#", "1\nx=2", "\"1\"", "[1]",
                                 "1979-05-27", "9223372036854775808", "\xFF"}) {
    ASSERT_TRUE(std::holds_alternative<std::string>(read_flag_value(text))) << text;
    EXPECT_EQ(std::get<std::string>(read_flag_value(text)), text);
  }
}

TEST(ConfigValue, FloatsSurviveTheirText) {
  std::mt19937 random(1);
  std::vector<float> floats = {0.0F, 1.0F, 0.1F, 7.038531e-26F, 1e-45F, std::numeric_limits<float>::max()};
  for (int i = 0; i < 100'000; ++i)
    floats.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(random()) >> 1U));
  for (const float number : floats) {
    if (!(number <= std::numeric_limits<float>::max())) continue;
    const std::string text = number_text(number);
    EXPECT_EQ(static_cast<float>(std::stod(text)), number) << text;
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

TEST(ConfigOptions, KeysAreUniqueAndGroupsTogether) {
  std::set<std::string_view> keys;
  std::set<std::string_view> groups;
  std::string_view group;
  for (const Option& option : options()) {
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
    const bool new_group = option.group != std::exchange(group, option.group);
    EXPECT_TRUE(!new_group || groups.insert(option.group).second) << option.group;
    EXPECT_FALSE(option.help.empty());
    EXPECT_EQ(find_option(option.key), &option);
  }
  EXPECT_EQ(find_option("no_such_key"), nullptr);
}

TEST(ConfigOptions, FieldsAreDistinctAndTakeTheirWholeRange) {
  Config config;
  std::set<const void*> addresses;
  for (const Option& option : options()) {
    const Field field = option.field(config);
    std::visit([&](const auto* address) { EXPECT_TRUE(addresses.insert(address).second) << option.key; },
               field);
    if (const auto* range = std::get_if<Whole>(&option.domain)) {
      for (const std::int64_t end : {range->least, range->most}) {
        EXPECT_TRUE(store(option, end, config));
        EXPECT_EQ(value_text(config, option), std::to_string(end)) << option.key;
      }
    }
    if (const auto* range = std::get_if<Real>(&option.domain)) {
      EXPECT_EQ(store(option, static_cast<double>(range->least), config), !range->without_least)
          << option.key;
      EXPECT_TRUE(store(option, static_cast<double>(range->most), config)) << option.key;
    }
  }
}

TEST(ConfigOptions, RefusedValuesChangeNothing) {
  for (const Option& option : options()) {
    Config config;
    EXPECT_FALSE(store(option, Unusable{"an array"}, config)) << option.key;
    EXPECT_FALSE(store(option, std::numeric_limits<double>::quiet_NaN(), config)) << option.key;
    EXPECT_FALSE(store(option, std::numeric_limits<double>::infinity(), config)) << option.key;
    EXPECT_FALSE(store(option, std::string("no such name"), config)) << option.key;
    EXPECT_EQ(to_toml(config), to_toml(Config{}));
  }
}

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
  config.run.device = "cuda:1";
  const Config again = read(to_toml(config));
  EXPECT_EQ(to_toml(again), to_toml(config));
  EXPECT_EQ(again.hyper.seed, config.hyper.seed);
  EXPECT_EQ(again.hyper.lr, config.hyper.lr);
  EXPECT_EQ(again.hyper.target_kl, config.hyper.target_kl);
  EXPECT_EQ(again.hyper.max_grad_norm, config.hyper.max_grad_norm);
  EXPECT_EQ(again.run.device, "cuda:1");
}

TEST(ConfigToml, WholeNumbersAreNumbers) {
  EXPECT_EQ(read("gamma = 1").hyper.gamma, 1.0F);
  EXPECT_FALSE(std::signbit(read("ent_coef = -0.0").hyper.ent_coef));
  EXPECT_EQ(read("total_timesteps = 1_000_000\r\nnum_envs = 0x10\r\n").hyper.num_envs, 16);
}

TEST(ConfigToml, PresetsAreRightAndDescribed) {
  for (const Preset& preset : presets()) {
    EXPECT_EQ(error_of(preset.toml), "") << preset.name;
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

TEST(ConfigSettings, LargestOfEverythingIsAllowed) {
  EXPECT_EQ(error_of("num_envs = 65536\nnum_steps = 1\ntotal_timesteps = 65536"), "");
  EXPECT_EQ(error_of("num_envs = 1048576\nnum_steps = 1024\ntotal_timesteps = 1073741824"), "");
  EXPECT_EQ(error_of("seed = 9223372036854710272\nnum_seeds = 65536"), "");
  EXPECT_NE(error_of("seed = 9223372036854710273\nnum_seeds = 65536"), "");
}

}  // namespace
}  // namespace ppo::test
