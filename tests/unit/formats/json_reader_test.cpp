// What is counted and compared in JSON before it is read.
#include "formats/json_reader.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "formats/json_names.hpp"
#include "system/errors.hpp"

namespace ppo::json::test {
namespace {

std::string nested(int depth) {
  const auto times = static_cast<std::size_t>(depth);
  return std::string(times, '[') + std::string(times, ']');
}

TEST(JsonReader, TakesListsAndObjectsEightDeep) {
  EXPECT_NO_THROW(parse(nested(8), "file"));
  EXPECT_THROW(parse(nested(9), "file"), Failure);
  EXPECT_NO_THROW(parse("[" + nested(7) + "," + nested(7) + "]", "file"));
}

TEST(JsonReader, CountsNoBracketsInStrings) {
  for (const char* text : {R"("[[[[[[[[[[")", R"({"\"[[[[[[[[[[": "\\"})", R"(["\\\"{{{{{{{{{{", "]"])"}) {
    EXPECT_NO_THROW(parse(text, "file")) << text;
  }
  EXPECT_THROW(parse(R"(["\\", )" + nested(8) + "]", "file"), Failure);
}

TEST(JsonNames, MayComeOncePerObject) {
  EXPECT_NO_THROW(refuse_equal_names(R"({"a": {"a": [{"a": 1}, {"a": 2.5}]}, "b": {"a": null}})"));
  for (const char* text :
       {R"({"a": 1, "a": 1})", R"([{"b": {"c": [], "c": true}}])", R"({"a": 1, "\u0061": 2})"}) {
    EXPECT_THROW(refuse_equal_names(text), std::runtime_error) << text;
  }
}

TEST(JsonNames, OfWhatIsNoJsonAreLeftToTheReader) {
  for (const char* text : {"", "{", R"({"a")", "]", R"({"a": 1} x)"}) {
    EXPECT_NO_THROW(refuse_equal_names(text)) << text;
  }
}

}  // namespace
}  // namespace ppo::json::test
