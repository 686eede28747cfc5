// Text for a terminal: its columns, and how it is cut and wrapped.
#include "system/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ppo {
namespace {

TEST(Text, ColumnsAreCharactersWithoutTheSequencesThatColourThem) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("\xE2\x96\x88\xE2\x96\x8F \xC3\xA9"), 4U);
  EXPECT_EQ(columns("\033[1mab\033[0m\033[32mc\033[0m"), 3U);
  EXPECT_EQ(columns("\xFF\xFE"), 2U);  // no UTF-8: a byte each
  EXPECT_EQ(columns("\033[1"), 0U);    // never ends
}

TEST(Text, CutKeepsWholeCharactersAndEndsEveryColour) {
  EXPECT_EQ(cut("abcdef", 4), "abcd");
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(cut("\xE2\x96\x88\xE2\x96\x88", 1), "\xE2\x96\x88");
  EXPECT_EQ(cut("\033[1mabc\033[0mdef", 2), "\033[1mab\033[0m");
}

TEST(Text, WrapCountsColumnsAndBreaksWhereItIsTold) {
  EXPECT_EQ(wrap("\033[1mone\033[0m two three", 7),
            (std::vector<std::string>{"\033[1mone\033[0m two", "three"}));
  EXPECT_EQ(wrap("a b | c d | e", 9, " | "), (std::vector<std::string>{"a b | c d", "e"}));
  EXPECT_EQ(wrap("a b | c d | e", 8, " | "), (std::vector<std::string>{"a b", "c d | e"}));
}

TEST(Text, BesideWrapsTheRightBelowItself) {
  EXPECT_EQ(beside("note", 6, "one two three four", 16), "note  one two\n      three four\n");
  EXPECT_EQ(beside("\033[2mnote\033[0m", 6, "one", 80), "\033[2mnote\033[0m  one\n");
  EXPECT_EQ(beside("too long", 4, "one two three", 20), "too long one two\n    three\n");
  EXPECT_EQ(beside("a", 9, "one two three", 0),
            "a        one two\n         three\n");  // ten columns at least
}

TEST(Text, GroupsDigitsByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(499712), "499,712");
  EXPECT_EQ(grouped(1000000), "1,000,000");
  EXPECT_EQ(grouped(-123456), "-123,456");
}

TEST(Text, AShellWordIsOneWord) {
  EXPECT_EQ(shell_word("runs/a-1.toml"), "runs/a-1.toml");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word("a\n\x1b'\\\xff b"), "$'a\\x0a\\x1b\\'\\\\\\xff b'");
  EXPECT_EQ(file_word("-d"), "./-d");
  EXPECT_EQ(file_word("a b"), "'a b'");
}

}  // namespace
}  // namespace ppo
