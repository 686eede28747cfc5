// Text of others in a message: printable, quoted, and broken at spaces.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "system/text.hpp"

namespace ppo::test {
namespace {

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

}  // namespace
}  // namespace ppo::test
