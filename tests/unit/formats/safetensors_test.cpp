// Safetensors files: what is written reads back to the same bits, and what is not whole is refused.
#include "formats/safetensors.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "system/errors.hpp"

namespace ppo::test {
namespace {

/// One file, gone with the test.
class SafeTensorsFile : public testing::Test {
 protected:
  ~SafeTensorsFile() override {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }

  SafeTensors read(const std::string& bytes) const {
    std::ofstream(file_, std::ios::binary) << bytes;
    return read_safetensors(file_);
  }

  /// The error that the bytes give; empty if they give none.
  std::string error_of(const std::string& bytes) const {
    try {
      read(bytes);
      return "";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kWrongInput);
      return failure.what();
    }
  }

  void expect_refused(const std::string& bytes) const {
    const std::string error = error_of(bytes);
    EXPECT_NE(error.find(file_.filename().string()), std::string::npos) << error;
    EXPECT_EQ(error.find("json"), std::string::npos) << error;  // a library's words, not ours
    EXPECT_EQ(error.find("exception"), std::string::npos) << error;
    EXPECT_TRUE(std::none_of(error.begin(), error.end(), [](char c) { return c >= 0 && c < ' '; })) << error;
    EXPECT_LT(error.size(), 400U) << error;
  }

  const std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                      ("ppo_train_test_" + std::to_string(::getpid()) + ".safetensors");
};

std::string length_bytes(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes;
}

std::string file_of(const std::string& header, std::size_t data_bytes) {
  return length_bytes(header.size()) + header + std::string(data_bytes, '\0');
}

std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets) {
  return '"' + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + '}';
}

std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> result;
  for (const float value : values) result.push_back(std::bit_cast<std::uint32_t>(value));
  return result;
}

TEST_F(SafeTensorsFile, ReadsBackToTheSameBits) {
  using Limits = std::numeric_limits<float>;
  const SafeTensors written{
      {{"z", {2, 3}, {1, -0.0F, 0.1F, Limits::denorm_min(), Limits::max(), -1e-20F}},
       {"a.b \"quoted\" \xC3\xA9", {4}, {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), 0}},
       {"scalar", {}, {7}},
       {"nothing", {3, 0, 2}, {}},
       {"three", {1, 2, 1}, {8, 9}}},
      {{"env", "cartpole"}, {"empty", ""}, {"line", "a\nb"}}};
  const SafeTensors back = read(to_safetensors(written));
  EXPECT_EQ(back.metadata, written.metadata);
  ASSERT_EQ(back.tensors.size(), written.tensors.size());
  for (std::size_t i = 0; i < written.tensors.size(); ++i) {
    EXPECT_EQ(back.tensors[i].name, written.tensors[i].name);
    EXPECT_EQ(back.tensors[i].shape, written.tensors[i].shape);
    EXPECT_EQ(bits(back.tensors[i].data), bits(written.tensors[i].data)) << written.tensors[i].name;
  }
  EXPECT_EQ(to_safetensors(back), to_safetensors(written));
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
  const SafeTensors back = read(to_safetensors({}));
  EXPECT_TRUE(back.tensors.empty());
  EXPECT_TRUE(back.metadata.empty());
}

TEST_F(SafeTensorsFile, StartsItsNumbersAlignedForWhoeverMapsIt) {
  for (const char* name : {"a", "ab", "abc", "abcdefgh"}) {
    const std::string bytes = to_safetensors({{{name, {1}, {1.5F}}}, {}});
    EXPECT_EQ((bytes.size() - sizeof(float)) % 8, 0U) << name;
    EXPECT_EQ(bytes.substr(bytes.size() - 4), std::string("\0\0\xC0\x3F", 4));
  }
}

TEST_F(SafeTensorsFile, ReadsWhatOthersWrite) {
  const std::string header =
      '{' + tensor("a", "[2]", "[0,8]") + " ,\n" + tensor("b", "[]", "[8,12]") + "}   ";
  const SafeTensors content = read(file_of(header, 12));
  ASSERT_EQ(content.tensors.size(), 2U);
  EXPECT_EQ(content.tensors[1].data, std::vector<float>{0});
}

struct Damage {
  std::string name;
  std::string bytes;
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) {
  return out << damage.name;
}

class SafeTensorsDamage : public SafeTensorsFile, public testing::WithParamInterface<Damage> {};

TEST_P(SafeTensorsDamage, IsRefusedInOurWords) {
  expect_refused(GetParam().bytes);
}

std::string one(const std::string& shape, const std::string& offsets) {
  return '{' + tensor("a", shape, offsets) + '}';
}

std::string two(const std::string& first, const std::string& second) {
  return '{' + tensor("a", "[2]", first) + ',' + tensor("b", "[2]", second) + '}';
}

const std::vector<Damage> kDamages = {
    {"no_bytes", ""},
    {"shorter_than_its_length", "1234567"},
    {"header_ends_early", length_bytes(100) + "{}"},
    {"header_of_all_bytes", length_bytes(~std::uint64_t{0}) + "{}"},
    {"no_header", file_of("", 0)},
    {"data_of_no_tensor", file_of("{}", 4)},
    {"trailing_bytes", file_of(one("[2]", "[0,8]"), 12)},
    {"one_trailing_byte", file_of(one("[2]", "[0,8]"), 9)},
    {"one_byte_missing", file_of(one("[2]", "[0,8]"), 7)},
    {"no_data", file_of(one("[2]", "[0,8]"), 0)},
    {"gap_in_front", file_of(one("[2]", "[4,12]"), 12)},
    {"gap_between", file_of(two("[0,8]", "[12,20]"), 20)},
    {"overlap", file_of(two("[0,8]", "[4,12]"), 12)},
    {"the_same_data_twice", file_of(two("[0,8]", "[0,8]"), 8)},
    {"backwards", file_of(one("[2]", "[8,0]"), 8)},
    {"shape_too_small", file_of(one("[1]", "[0,8]"), 8)},
    {"shape_too_large", file_of(one("[3]", "[0,8]"), 8)},
    {"negative_extent", file_of(one("[-2]", "[0,8]"), 8)},
    {"two_negative_extents", file_of(one("[-1,-2]", "[0,8]"), 8)},
    {"extents_that_overflow", file_of(one("[4294967296,4294967296,2]", "[0,8]"), 8)},
    {"extents_that_overflow_to_fit", file_of(one("[4611686018427387906,4]", "[0,8]"), 8)},
    {"negative_offsets", file_of(one("[2]", "[-8,0]"), 8)},
    {"one_offset", file_of(one("[2]", "[8]"), 8)},
    {"three_offsets", file_of(one("[2]", "[0,4,8]"), 8)},
    {"text_for_offsets", file_of(one("[2]", R"("0,8")"), 8)},
    {"texts_as_offsets", file_of(one("[2]", R"(["0","8"])"), 8)},
    {"null_offsets", file_of(one("[2]", "null"), 8)},
    {"fractional_offset", file_of(one("[2]", "[0,8.5]"), 8)},
    {"fractional_extent", file_of(one("[2.5]", "[0,8]"), 8)},
    {"text_for_shape", file_of(one(R"("2")", "[0,8]"), 8)},
    {"nested_shape", file_of(one("[[2]]", "[0,8]"), 8)},
    {"boolean_extent", file_of(one("[true]", "[0,4]"), 4)},
    {"float64", file_of(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8)},
    {"number_for_type", file_of(R"({"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}})", 8)},
    {"no_type", file_of(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", 8)},
    {"no_shape", file_of(R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", 8)},
    {"no_offsets", file_of(R"({"a":{"dtype":"F32","shape":[2]}})", 8)},
    {"number_for_tensor", file_of(R"({"a":1})", 0)},
    {"array_for_tensor", file_of(R"({"a":[]})", 0)},
    {"metadata_that_is_no_object", file_of(R"({"__metadata__":[1]})", 0)},
    {"metadata_that_is_no_text", file_of(R"({"__metadata__":{"env":1}})", 0)},
    {"header_is_an_array", file_of("[]", 0)},
    {"header_is_null", file_of("null", 0)},
    {"header_is_no_json", file_of("{a: 1}", 0)},
    {"header_is_half_json", file_of(R"({"a":{"dtype":)", 0)},
    {"header_and_more", file_of("{} {}", 0)},
    {"header_is_no_utf8", file_of("{\"\xFF\":1}", 0)},
    {"header_of_nul_bytes", file_of(std::string(16, '\0'), 0)},
    {"deep_nesting", file_of(std::string(100'000, '['), 0)},
    {"escape_sequence_in_name", file_of(R"({"\u001b[31m\n":{"dtype":"F64"}})", 0)},
    {"very_long_name", file_of('{' + tensor(std::string(100'000, 'k'), "[1]", "[0,8]") + '}', 8)},
};

INSTANTIATE_TEST_SUITE_P(Each, SafeTensorsDamage, testing::ValuesIn(kDamages),
                         [](const auto& each) { return each.param.name; });

TEST_F(SafeTensorsFile, EveryCutIsRefused) {
  const std::string whole = to_safetensors({{{"a", {2}, {1, 2}}, {"b", {1}, {3}}}, {{"env", "cartpole"}}});
  for (std::size_t size = 0; size < whole.size(); ++size) expect_refused(whole.substr(0, size));
  expect_refused(whole + '\0');
}

TEST_F(SafeTensorsFile, NoFileAndAFolderAreRefused) {
  for (const std::filesystem::path& path : {file_, std::filesystem::temp_directory_path()}) {
    EXPECT_THROW(read_safetensors(path), Failure) << path;
  }
}

}  // namespace
}  // namespace ppo::test
