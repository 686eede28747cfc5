// Texts in a config: whatever a path may hold is written so that it reads back the same.
#include <gtest/gtest.h>

#include <string>

#include "config/config_file.hpp"
#include "config/toml_writer.hpp"
#include "config/value.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

std::string init_from(const std::string& text) {
  return parse_config(text, "file").init_from;
}

TEST(TomlText, OfAnyLettersReadsBackTheSame) {
  std::string controls;
  for (char letter = 1; letter < 0x20; ++letter) controls += letter;
  const std::string texts[] = {"plain/path",
                               "\"quotes\" and \"\"\"more\"\"\"",
                               "'single' '''three''' \xC3\xA9",
                               "\\ back\\\\slashes \\u0041 \\n \\",
                               "# no comment",
                               "\xC3\xA9\xE3\x81\x82\xF0\x9F\x98\x80",
                               "\xC2\x80\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF",
                               controls + "\x7f",
                               "\xC3\xA9\\\"\xC3\xA9\" = 1",
                               ""};
  for (const std::string& text : texts) {
    SCOPED_TRACE(printable(text));
    Config config;
    config.init_from = text;
    EXPECT_EQ(init_from(to_toml(config)), text);
    EXPECT_EQ(toml_string(text).find('\n'), std::string::npos);
  }
}

TEST(TomlText, KeepsItsLettersInStringsOfOneLine) {
  const std::string letters = "\xC3\xA9\xE3\x81\x82";
  EXPECT_EQ(init_from("init_from = \"" + letters + "\" # " + letters), letters);
  EXPECT_EQ(init_from("# '" + letters + "\ninit_from = '" + letters + "\\\"' # \""), letters + "\\\"");
  EXPECT_EQ(init_from("init_from = \"\\\"" + letters + "\\\\\""), "\"" + letters + "\\");
  EXPECT_EQ(init_from("activation = \"tanh\"\ninit_from = \"\\u00e9\""), "\xC3\xA9");
  EXPECT_EQ(init_from("  init_from\t=\t'" + letters + "'\r\nseed = 1\r\n"), letters);
  // Nobody needs those of several lines: their letters are lost, and those behind them.
  EXPECT_EQ(init_from("init_from = \"\"\"" + letters + "\"\"\""), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(TomlText, PointsBehindItsLettersWhereAnErrorIs) {
  try {
    init_from("init_from = \"\xC3\xA9\xE3\x81\x82\" x");
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_TRUE(std::string(failure.what()).starts_with("file:1:18: syntax error")) << failure.what();
  }
  EXPECT_THROW(init_from("init_from = \"\xC3\""), Failure);
  EXPECT_THROW(init_from("init_from = \"a\\u0000\""), Failure);  // which no path can hold
}

}  // namespace
}  // namespace ppo::test
