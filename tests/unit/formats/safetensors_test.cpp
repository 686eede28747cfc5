// Safetensors files: what is written reads back to the same bits.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "unit/formats/safetensors_files.hpp"

namespace ppo::test {
namespace {

std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> result;
  for (const float value : values) result.push_back(std::bit_cast<std::uint32_t>(value));
  return result;
}

TEST_F(SafeTensorsFile, ReadsBackToTheSameBits) {
  using Limits = std::numeric_limits<float>;
  const std::vector<Tensor> written = {
      {"z", {2, 3}, {1, -0.0F, 0.1F, Limits::denorm_min(), Limits::max(), -1e-20F}},
      {"a.b \"quoted\" \xC3\xA9", {4}, {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), 0}},
      {"scalar", {}, {7}},
      {"nothing", {3, 0, 2}, {}},
      {"three", {1, 2, 1}, {8, 9}}};
  const std::map<std::string, std::string> metadata = {{"env", "cartpole"}, {"empty", ""}, {"line", "a\nb"}};
  const SafeTensorsImage back = read(floats_file(written, metadata));
  EXPECT_EQ(back.metadata, metadata);
  ASSERT_EQ(back.tensors.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(back.tensors[i].name, written[i].name);
    EXPECT_EQ(back.tensors[i].dtype, Dtype::f32);
    EXPECT_EQ(back.tensors[i].shape, written[i].shape);
    EXPECT_EQ(bits(floats_of(back, back.tensors[i])), bits(written[i].data)) << written[i].name;
  }
}

TEST_F(SafeTensorsFile, HoldsNumbersOfEveryKind) {
  SafeTensorsImage image = lay_out({{"a", Dtype::u8, {3}},
                                    {"b", Dtype::f64, {2, 1}},
                                    {"c", Dtype::i32, {}},
                                    {"d", Dtype::i64, {0, 5}},
                                    {"e", Dtype::u64, {1}},
                                    {"f", Dtype::f32, {1}}},
                                   {{"key", "value"}});
  const std::vector<std::size_t> sizes = {3, 16, 4, 0, 8, 4};
  put<double>(image, image.tensors[1].begin, std::vector<double>{0.1, -0.0});
  put<std::uint64_t>(image, image.tensors[4].begin, std::vector<std::uint64_t>{~std::uint64_t{0}});
  const SafeTensorsImage back = parse_image(image.bytes, "file", "thing");
  EXPECT_EQ(back.metadata, image.metadata);
  ASSERT_EQ(back.tensors.size(), sizes.size());
  std::size_t begin = image.tensors[0].begin;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(back.tensors[i].name, image.tensors[i].name);
    EXPECT_EQ(back.tensors[i].dtype, image.tensors[i].dtype);
    EXPECT_EQ(back.tensors[i].shape, image.tensors[i].shape);
    EXPECT_EQ(back.tensors[i].size, sizes[i]);
    EXPECT_EQ(back.tensors[i].begin, begin);
    begin += sizes[i];
  }
  EXPECT_EQ(begin, image.bytes.size());
  std::vector<double> doubles(2);
  get<double>(back, back.tensors[1].begin, doubles);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(doubles[0]), std::bit_cast<std::uint64_t>(0.1));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(doubles[1]), std::bit_cast<std::uint64_t>(-0.0));
  EXPECT_THROW(parse_image(image.bytes + '\0', "file", "thing"), Failure);
}

TEST_F(SafeTensorsFile, HoldsNothingIfNothingWasWritten) {
  const SafeTensorsImage back = read(floats_file({}, {}));
  EXPECT_TRUE(back.tensors.empty());
  EXPECT_TRUE(back.metadata.empty());
}

TEST_F(SafeTensorsFile, StartsItsNumbersAlignedForWhoeverMapsIt) {
  for (const char* name : {"a", "ab", "abc", "abcdefgh"}) {
    const std::string bytes = floats_file({{name, {1}, {1.5F}}}, {});
    EXPECT_EQ((bytes.size() - sizeof(float)) % 8, 0U) << name;
    EXPECT_EQ(bytes.substr(bytes.size() - 4), std::string("\0\0\xC0\x3F", 4));
  }
}

TEST_F(SafeTensorsFile, TellsItsMetadataByItsHeaderAlone) {
  const std::map<std::string, std::string> metadata = {{"env", "cartpole"}, {"line", "a\nb"}};
  const std::string whole = floats_file({{"a", {2}, {1, 2}}}, metadata);
  std::ofstream(file_, std::ios::binary) << whole.substr(0, whole.size() - 8);
  EXPECT_EQ(read_metadata(file_, "policy"), metadata);
  std::ofstream(file_, std::ios::binary) << whole.substr(0, whole.size() - 9);
  EXPECT_THROW(read_metadata(file_, "policy"), Failure);
  std::ofstream(file_, std::ios::binary) << file_of("{\"__metadata__\":{\"a\":1}}", 0);
  EXPECT_THROW(read_metadata(file_, "policy"), Failure);
  std::ofstream(file_, std::ios::binary) << floats_file({}, {});
  EXPECT_TRUE(read_metadata(file_, "policy").empty());
}

TEST_F(SafeTensorsFile, ReadsWhatOthersWrite) {
  const std::string header =
      '{' + tensor("a", "[2]", "[0,8]") + " ,\n" + tensor("b", "[]", "[8,12]") + "}   ";
  const SafeTensorsImage content = read(file_of(header, 12));
  ASSERT_EQ(content.tensors.size(), 2U);
  EXPECT_EQ(floats_of(content, content.tensors[1]), std::vector<float>{0});
}

}  // namespace
}  // namespace ppo::test
