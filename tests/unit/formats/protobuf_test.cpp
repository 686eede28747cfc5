// The wire format against the encodings that its documentation shows.
#include "formats/protobuf.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ppo {
namespace {

/// "08 96 01"
std::string hex(const Message& message) {
  std::string text;
  for (const char byte : message.bytes()) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(byte);
    if (!text.empty()) text += ' ';
    text += {digits[code >> 4U], digits[code & 15U]};
  }
  return text;
}

TEST(Protobuf, WholeNumbersAreVarints) {
  EXPECT_EQ(hex(Message().integer(1, 150)), "08 96 01");  // the documentation's first example
  EXPECT_EQ(hex(Message().integer(1, 0)), "08 00");
  EXPECT_EQ(hex(Message().integer(1, 127)), "08 7f");
  EXPECT_EQ(hex(Message().integer(1, 128)), "08 80 01");
  EXPECT_EQ(hex(Message().integer(1, 86942)), "08 9e a7 05");
  EXPECT_EQ(hex(Message().integer(1, -2)), "08 fe ff ff ff ff ff ff ff ff 01");
  EXPECT_EQ(hex(Message().integer(1, std::numeric_limits<std::int64_t>::max())),
            "08 ff ff ff ff ff ff ff ff 7f");
}

TEST(Protobuf, FieldsBeyond15TakeALongerKey) {
  EXPECT_EQ(hex(Message().integer(15, 1)), "78 01");
  EXPECT_EQ(hex(Message().integer(16, 1)), "80 01 01");
  EXPECT_EQ(hex(Message().integer(20, 2)), "a0 01 02");
}

TEST(Protobuf, TextHasItsLengthInFront) {
  EXPECT_EQ(hex(Message().text(2, "testing")), "12 07 74 65 73 74 69 6e 67");
  EXPECT_EQ(hex(Message().text(2, "")), "12 00");
  EXPECT_EQ(hex(Message().text(2, std::string(300, 'a'))).substr(0, 11), "12 ac 02 61");
}

TEST(Protobuf, MessagesNest) {
  EXPECT_EQ(hex(Message().message(3, Message().integer(1, 150))), "1a 03 08 96 01");
  EXPECT_EQ(hex(Message().message(3, Message())), "1a 00");
}

TEST(Protobuf, FieldsRepeatInTheirOrder) {
  EXPECT_EQ(hex(Message().text(4, "hello").integer(5, 1).integer(5, 2).integer(5, 3)),
            "22 05 68 65 6c 6c 6f 28 01 28 02 28 03");
}

TEST(Protobuf, FloatsAreLittleEndian) {
  EXPECT_EQ(hex(Message().number(2, 1.5F)), "15 00 00 c0 3f");
  EXPECT_EQ(hex(Message().number(1, -2.0)), "09 00 00 00 00 00 00 00 c0");
  const float values[] = {1.0F, -2.5F};
  EXPECT_EQ(hex(Message().numbers(4, values)), "22 08 00 00 80 3f 00 00 20 c0");
}

}  // namespace
}  // namespace ppo
