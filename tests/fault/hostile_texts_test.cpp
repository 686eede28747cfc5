// run.json and config.toml made to exhaust their readers, or to drive the terminal.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "hostile.hpp"
#include "run/run_json_reader.hpp"

namespace ppo::test {
namespace {

// run.json

std::string run_json(const std::string& numerics_version, const std::string& processor) {
  return R"({"version": "1", "numerics_version": )" + numerics_version +
         R"(, "command_line": [], "finished": "", "stopped_by": null, "updates": 6, "agents": [], "device": "cpu",)" +
         "\n\"machine\": {\"processor\": " + processor + "}}";
}

std::string error_of_run_json(const std::string& text) {
  return error_of([&] { parse_run_json(text, "run.json"); });
}

TEST(HostileRunJson, ThatIsFineIsRead) {
  const RunEnding ending = parse_run_json(run_json("1", "\"a\""), "run.json");
  EXPECT_EQ(ending.numerics_version, 1U);
  EXPECT_EQ(ending.machine, (std::vector<std::pair<std::string, std::string>>{{"processor", "a"}}));
}

TEST(HostileRunJson, ThatIsDeepIsRefusedWithoutItsDepthOnTheStack) {
  constexpr int depth = 500'000;
  const std::string deep = std::string(depth, '[') + std::string(depth, ']');
  EXPECT_EQ(error_of_run_json(run_json("1", deep)), "run.json: damaged: it is nested too deeply");
  EXPECT_EQ(error_of_run_json(run_json("1", std::string(depth, '['))),
            error_of_run_json(run_json("1", deep)));
}

TEST(HostileRunJson, WithANumberThatIsNoneIsRefused) {
  for (const char* number : {"1e300", "-1", "1.5", "true", "99999999999999999999", "\"1\""}) {
    EXPECT_EQ(error_of_run_json(run_json(number, "\"a\"")),
              "run.json: damaged: numerics_version must be a whole number");
  }
}

TEST(HostileRunJson, WithANumberBeyondADoubleIsRefused) {  // found by tests/fuzz
  EXPECT_EQ(error_of_run_json(run_json("1e999", "\"a\"")),
            "run.json: damaged: it has a number that is too large");
}

TEST(HostileRunJson, FullOfKeysIsRead) {
  std::string keys;
  for (int i = 0; i < 200'000; ++i) keys += '"' + std::to_string(i) + "\":0,";
  std::string text = run_json("1", "\"a\"");
  text.insert(text.find("\"processor"), keys);
  EXPECT_EQ(error_of_run_json(text), "");
}

// config.toml

std::string error_of_config(const std::string& text) {
  return error_of([&] {
    Settings settings;
    read_toml(text, "config.toml", settings);
    settings.checked();
  });
}

TEST(HostileConfig, ThatIsDeepIsRefused) {
  std::string key;
  while (key.size() + 10 < kMostTomlBytes) key += "a.";
  EXPECT_EQ(error_of_config(key + "a = 1\n").substr(0, 42), "config.toml:1:1: unknown table 'a'; a conf");
  EXPECT_EQ(error_of_config('[' + key + "a]\n").substr(0, 42), "config.toml:1:2: unknown table 'a'; a conf");
}

TEST(HostileConfig, ThatIsTooLongIsRefusedBeforeItIsParsed) {
  const std::string comment(kMostTomlBytes, '#');
  EXPECT_EQ(error_of_config(comment), "");
  EXPECT_EQ(error_of_config(comment + '#'),
            "config.toml: is larger than 16 KiB, too much for a config; leave comments out");
}

TEST(HostileConfig, CannotDriveTheTerminal) {
  const std::string error = error_of_config("lr = \"\\u001B[31m\\u009B\\u0007\\r\\n\"\n");
  EXPECT_EQ(error.find_first_of("\x1b\x07\r\n"), std::string::npos) << error;
  EXPECT_NE(error.find("\\x1b[31m\\xc2\\x9b\\x07"), std::string::npos) << error;
}

}  // namespace
}  // namespace ppo::test
