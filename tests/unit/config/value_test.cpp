// A setting's value: how it is shown, read from a flag, and written so that it reads back to the bit.
#include "config/value.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "config/toml_reader.hpp"

namespace ppo::test {
namespace {

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

}  // namespace
}  // namespace ppo::test
