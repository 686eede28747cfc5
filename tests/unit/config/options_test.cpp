// The option table: every key once, each with a field of its own and the range that it takes.
#include "config/options.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "config/toml_writer.hpp"

namespace ppo::test {
namespace {

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
    if (const auto* some = std::get_if<OneOf>(&option.domain)) {
      for (const std::int64_t number : some->numbers()) {
        EXPECT_TRUE(store(option, number, config));
        EXPECT_EQ(value_text(config, option), std::to_string(number)) << option.key;
      }
    }
    if (const auto* text = std::get_if<Text>(&option.domain)) {
      EXPECT_TRUE(store(option, std::string(), config)) << option.key;
      EXPECT_TRUE(store(option, std::string(text->example), config)) << option.key;
    }
  }
}

TEST(ConfigOptions, RefusedValuesChangeNothing) {
  for (const Option& option : options()) {
    Config config;
    EXPECT_FALSE(store(option, Unusable{"an array"}, config)) << option.key;
    EXPECT_FALSE(store(option, std::numeric_limits<double>::quiet_NaN(), config)) << option.key;
    const auto* range = std::get_if<Real>(&option.domain);
    for (const double huge : {std::numeric_limits<double>::infinity(), 1e39}) {
      if (range == nullptr || !range->or_inf || huge < 1e300) {
        EXPECT_FALSE(store(option, huge, config)) << option.key;
      }
    }
    EXPECT_FALSE(store(option, -std::numeric_limits<double>::infinity(), config)) << option.key;
    EXPECT_FALSE(store(option, std::string("no such name, nor UTF-8: \xFF"), config)) << option.key;
    EXPECT_EQ(to_toml(config), to_toml(Config{}));
  }
}

TEST(ConfigOptions, OneOfAFewNumbersTakesNoneBetweenThem) {
  const Option& option = *find_option("hidden_size");
  EXPECT_EQ(describe(option.domain), "32, 64, 128 or 256");
  Config config;
  for (const std::int64_t wrong :
       {INT64_MIN, std::int64_t{-64}, std::int64_t{0}, std::int64_t{16}, std::int64_t{48}, std::int64_t{512},
        std::int64_t{64} + (std::int64_t{1} << 32), INT64_MAX}) {
    EXPECT_FALSE(store(option, wrong, config)) << wrong;
    EXPECT_EQ(refusal(option.domain, wrong, "x"),
              "takes 32, 64, 128 or 256, not " + std::to_string(wrong) + "; for example x");
  }
  EXPECT_FALSE(store(option, 64.0, config));
  EXPECT_FALSE(store(option, std::string("64"), config));
  EXPECT_FALSE(store(option, true, config));
  EXPECT_EQ(config.hyper.hidden_size, 64);
}

TEST(ConfigOptions, AReturnToStopAtMayBeInfinite) {
  const Option& option = *find_option("stop_at_return");
  EXPECT_EQ(describe(option.domain), "a number (-1e+30 to 1e+30, or inf)");
  Config config;
  EXPECT_EQ(value_text(config, option), "inf");
  EXPECT_FALSE(config.evaluation.stops());
  EXPECT_FALSE(config.evaluation.reaches(1e30));
  EXPECT_TRUE(store(option, -0.3, config));
  EXPECT_EQ(value_text(config, option), "-0.3");
  EXPECT_TRUE(config.evaluation.reaches(-0.3));  // which is less than the key's float
  EXPECT_FALSE(config.evaluation.reaches(-0.3001));
  EXPECT_FALSE(config.evaluation.reaches(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_TRUE(store(option, std::numeric_limits<double>::infinity(), config));
  EXPECT_EQ(value_text(config, option), "inf");
}

TEST(ConfigOptions, AnActivationIsKnownByItsName) {
  const Option& option = *find_option("activation");
  Config config;
  EXPECT_TRUE(store(option, std::string("relu"), config));
  EXPECT_EQ(config.hyper.activation, Activation::relu);
  EXPECT_EQ(value_text(config, option), "\"relu\"");
  EXPECT_EQ(bare_text(config, option), "relu");
  EXPECT_FALSE(store(option, std::string("RELU"), config));
  EXPECT_FALSE(store(option, std::int64_t{0}, config));
}

TEST(ConfigOptions, AHashIsSixteenDigitsOrNothing) {
  const Option& option = *find_option("init_from_hash");
  Config config;
  EXPECT_TRUE(store(option, std::string("0x0123456789abcdef"), config));
  for (const char* wrong : {"0x", "0x0123456789abcde", "0x0123456789abcdef0", "0x0123456789ABCDEF",
                            "1x0123456789abcdef", "0x0123456789abcdeg", " 0x0123456789abcdef"}) {
    EXPECT_FALSE(store(option, std::string(wrong), config)) << wrong;
  }
  EXPECT_FALSE(store(option, std::int64_t{0x123}, config));
}

}  // namespace
}  // namespace ppo::test
