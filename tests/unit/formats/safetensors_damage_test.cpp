// Safetensors files that are not whole are refused.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "unit/formats/safetensors_files.hpp"

namespace ppo::test {
namespace {

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
    {"unknown_type", file_of(R"({"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}})", 8)},
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
  const std::string whole = floats_file({{"a", {2}, {1, 2}}, {"b", {1}, {3}}}, {{"env", "cartpole"}});
  for (std::size_t size = 0; size < whole.size(); ++size) expect_refused(whole.substr(0, size));
  expect_refused(whole + '\0');
}

TEST_F(SafeTensorsFile, NoFileAndAFolderAreRefused) {
  for (const std::filesystem::path& path : {file_, folder_.path()}) {
    EXPECT_THROW(read_image(path, "policy", 1), Failure) << path;
  }
}

}  // namespace
}  // namespace ppo::test
