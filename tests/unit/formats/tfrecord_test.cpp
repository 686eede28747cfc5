// The checksum against published answers; the framing against a record that TensorBoard's own writer has
// made.
#include "formats/tfrecord.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ppo {
namespace {

TEST(Crc32c, PublishedAnswers) {
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);  // the check value of the CRC catalogues
  // RFC 3720, B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  EXPECT_EQ(crc32c(ascending), 0x46DD794EU);
  std::reverse(ascending.begin(), ascending.end());
  EXPECT_EQ(crc32c(ascending), 0x113FDB5CU);
}

TEST(TfRecord, IsFramedAsTensorBoardsWriterDoes) {
  using namespace std::string_literals;
  EXPECT_EQ(tfrecord("ppo_train"),
            "\x09\0\0\0\0\0\0\0"
            "\x37\xf9\x71\x39"
            "ppo_train"
            "\x60\xd2\x41\x6f"s);
  EXPECT_EQ(tfrecord("").size(), 16U);
}

}  // namespace
}  // namespace ppo
