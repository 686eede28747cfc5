// Run folders whose files were made to do damage, through the real binary: exit code 2 and one line.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "cli/runs.hpp"
#include "faults.hpp"

namespace ppo::test {
namespace {

class HostileRun : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run(kShort + Arguments{"--out", "run"}, here_).exit_code, 0); }

  std::filesystem::path file(const char* name) const { return folder_.path() / "run" / name; }

  void expect_refused(const Arguments& arguments, const std::string& what) const {
    const Result result = run(arguments, here_);
    EXPECT_EQ(result.exit_code, 2) << result.err << " signal " << result.signal;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, what)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_TRUE(std::none_of(result.err.begin(), result.err.end(), [](unsigned char c) {
      return c < ' ' && c != '\n';
    })) << result.err;
  }

  TemporaryFolder folder_;
  Launch here_{.folder = folder_.path()};
};

TEST_F(HostileRun, WithATruncatedPolicyIsRefused) {
  const std::string whole = read_file(file("policy.safetensors"));
  for (std::size_t size = 0; size < whole.size(); size += size < 1500 ? 97 : 3989) {
    std::ofstream(file("policy.safetensors"), std::ios::binary) << whole.substr(0, size);
    expect_refused({"eval", "run"}, "run/policy.safetensors: not a readable policy: ");
  }
}

TEST_F(HostileRun,
       WithAHugeFileIsRefusedUnread) {  // it takes no space on the disk, but would in memory
  for (const auto& [name, verb, what] :
       {std::array{"policy.safetensors", "eval", "it is larger than 10"},
        std::array{"config.toml", "eval", "is larger than 16 KiB"},
        std::array{"run.json", "report", "is larger than 1049216 bytes"},
        std::array{"metrics.csv", "report", "the line has more than 4095 characters"},
        std::array{"timing.csv", "report", "the line has more than 4095 characters"}}) {
    const std::string whole = read_file(file(name));
    std::filesystem::resize_file(file(name), std::uintmax_t{1} << 36);
    expect_refused({verb, "run"}, what);
    std::ofstream(file(name), std::ios::binary) << whole;
  }
}

TEST_F(HostileRun, WithAHugeCheckpointIsRefusedUnread) {
  std::filesystem::resize_file(file("checkpoints/0000000006.safetensors"), std::uintmax_t{1} << 36);
  for (const std::string verb : {"resume", "eval", "render", "export"}) {
    expect_refused({verb, "run/checkpoints/0000000006.safetensors"}, "it is larger than 11");
  }
  std::filesystem::resize_file(file("checkpoints/0000000006.safetensors"), 0);
  std::filesystem::resize_file(file("checkpoints/0000000006.safetensors"), std::uintmax_t{1} << 36);
  expect_refused({"eval", "run/checkpoints/0000000006.safetensors"}, "its header is not valid safetensors");
}

TEST_F(HostileRun, WithADeepRunJsonIsRefused) {
  std::string text = read_file(file("run.json"));
  const std::size_t at = text.find("\"processor\": ") + 13;
  text.replace(at, text.find('\n', at) - at, std::string(200'000, '[') + std::string(200'000, ']') + ',');
  std::ofstream(file("run.json"), std::ios::binary) << text;
  expect_refused({"report", "run"}, "run/run.json: damaged: it is nested too deeply");
}

TEST_F(HostileRun, WithARunJsonFullOfListsTakesLittleMemory) {
  if (!kCanLimitMemory) GTEST_SKIP() << "a sanitizer needs more memory";
  constexpr std::size_t kSize = 1'000'000;  // below the most that is read
  const auto times = [](std::size_t count, const std::string& part) {
    std::string text;
    while (count-- > 0) text += part;
    return text;
  };
  here_.prepare = address_space_limit(100'000'000);
  for (const std::string& text : {times(kSize, "["), '[' + times(kSize / 3, "[],") + "0]",
                                  times(kSize / 4, "{\"\":"), '[' + times(kSize / 2, "0,") + "0]"}) {
    std::ofstream(file("run.json"), std::ios::binary) << text;
    expect_refused({"report", "run"}, "run/run.json: damaged: ");
  }
}

TEST_F(HostileRun, WithADeepConfigIsRefused) {
  std::ofstream config(file("config.toml"));
  for (int i = 0; i < 8'000; ++i) config << "a.";
  config << "a = 1\n" << std::flush;
  expect_refused({"eval", "run"}, "run/config.toml:1:1: unknown table 'a'");
  expect_refused({"--config", "run/config.toml", "--no-out"}, "run/config.toml:1:1: unknown table 'a'");
}

}  // namespace
}  // namespace ppo::test
