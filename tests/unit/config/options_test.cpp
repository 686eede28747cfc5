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

}  // namespace
}  // namespace ppo::test
