// Files that were damaged, or made to do damage: each is refused in a line that names it, quickly and in
// little memory. tests/fuzz looks for more of them.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "engine/environment.hpp"
#include "run/metrics_reader.hpp"
#include "run/policy.hpp"
#include "run/run_json_reader.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

/// What `read` is refused with; empty when it is not.
template <class Read>
std::string error_of(Read read) {
  try {
    read();
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    EXPECT_EQ(failure.what(), printable(failure.what()));
    return failure.what();
  }
}

// policy.safetensors

class HostilePolicy : public testing::Test {
 protected:
  static std::vector<std::vector<float>> read(const std::string& bytes) {
    return policy_params(parse_safetensors(bytes, "policy"), "policy", find_environment("cartpole")->info(),
                         1);
  }

  static std::string policy() {
    const Config config;
    std::vector<float> params(static_cast<std::size_t>(find_environment(config.env)->info().parameter_count));
    for (std::size_t i = 0; i < params.size(); ++i) params[i] = 1.0F / static_cast<float>(i + 1);
    return policy_file(config, [&](std::int64_t) { return std::span<const float>(params); });
  }
};

TEST_F(HostilePolicy, IsRefusedWhenCutAnywhere) {
  const std::string whole = policy();
  ASSERT_EQ(error_of([&] { read(whole); }), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_NE(error_of([&] { read(whole.substr(0, size)); }), "") << "cut after " << size << " bytes";
  }
}

TEST_F(HostilePolicy, WithAnyBitFlippedIsRefusedOrOfTheRightSizes) {
  std::string bytes = policy();
  const std::vector<std::vector<float>> params = read(bytes);
  const std::size_t header = 8 + bytes.substr(8).find("}}") + 2;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = i < header ? 0 : i % 8; bit < (i < header ? 8 : i % 8 + 1); ++bit) {
      const char flipped = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (1U << bit));
      const char kept = std::exchange(bytes[i], flipped);
      std::vector<std::vector<float>> read_back;
      const std::string error = error_of([&] { read_back = read(bytes); });
      if (error.empty()) {
        ASSERT_EQ(read_back.size(), 1U);
        ASSERT_EQ(read_back.front().size(), params.front().size()) << "bit " << bit << " of byte " << i;
      }
      bytes[i] = kept;
    }
  }
}

/// A file with this header and no data.
std::string header_only(const std::string& header) {
  std::string bytes;
  for (unsigned i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i));
  return bytes + header;
}

TEST_F(HostilePolicy,
       WithAHeaderFullOfKeysIsRead) {  // in quadratic time, if keys were looked for one by one
  std::string header = "{";
  for (int i = 0; i < 18'000; ++i) {
    header +=
        (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  }
  EXPECT_EQ(error_of([&] { read(header_only(header + '}')); }),
            "policy: tensor actor.l1.w is missing; the policy does not fit the run's config.toml");
}

TEST_F(HostilePolicy, ThatClaimsMoreThanItHoldsIsRefused) {
  for (const char* shape : {"[4611686018427387904]", "[4611686018427387904,4]", "[9223372036854775808,0]",
                            "[18446744073709551615]", "[3037000500,3037000500]", "[1e999]"}) {
    const std::string header = std::string(R"({"actor.l1.w":{"dtype":"F32","shape":)") + shape;
    EXPECT_NE(error_of([&] { read(header_only(header + R"(,"data_offsets":[0,0]}})")); }), "") << shape;
    EXPECT_NE(error_of([&] { read(header_only(header + R"(,"data_offsets":[0,18446744073709551615]}})")); }),
              "")
        << shape;
  }
}

TEST_F(HostilePolicy, WithANameTwiceIsRefused) {  // other readers might take the other of the two
  const std::string tensor = R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  const std::string shapes = R"("a":{"dtype":"F32","shape":[1],"shape":[0],"data_offsets":[0,0]})";
  const std::string metadata = R"("__metadata__":{"format":"1","format":"2"})";
  EXPECT_EQ(error_of([&] { parse_safetensors(header_only("{" + tensor + "}"), "policy"); }), "");
  for (const std::string& twice : {tensor + "," + tensor, shapes, metadata}) {
    const std::string error = error_of([&] { parse_safetensors(header_only("{" + twice + "}"), "policy"); });
    EXPECT_TRUE(error.ends_with(" twice")) << error;
  }
}

TEST_F(HostilePolicy, OfOtherOrderIsTheSame) {  // JSON's objects have none
  const std::string header = R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                             R"("a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                             R"("c":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const SafeTensors content = parse_safetensors(header_only(header) + std::string(12, '\0'), "policy");
  ASSERT_EQ(content.tensors.size(), 3U);
  EXPECT_EQ(content.tensors[0].name, "c");
  EXPECT_EQ(content.tensors[2].name, "a");
}

// metrics.csv and timing.csv

std::string metrics(const std::string& rows) {
  return "agent,update,steps,return_mean,return_100,loss_policy,loss_value,entropy,approx_kl,clip_fraction,"
         "explained_variance,grad_norm,lr,seed,episodes,length_mean\n" +
         rows;
}

std::string error_of_metrics(const std::string& bytes, std::int64_t num_agents = 1) {
  return error_of([&] {
    read_metrics({std::make_unique<std::istringstream>(bytes), "metrics.csv", RunEnded::yes},
                 {.num_agents = num_agents, .batch = 8, .num_updates = 1000},
                 [](std::span<const MetricsRow>) {});
  });
}

std::string error_of_timing(const std::string& rows) {
  return error_of([&] {
    read_timing({std::make_unique<std::istringstream>("update,wall_s,steps_per_s\n" + rows), "timing.csv",
                 RunEnded::yes},
                {.num_updates = 1000}, [](const TimingRow&) {});
  });
}

TEST(HostileTables, ThatAreFineAreRead) {
  EXPECT_EQ(error_of_metrics(metrics("0,0,8,,,,,,,,,,,0,0,\n0,1,16,,,,,,,,,,,0,0,\n")), "");
  EXPECT_EQ(error_of_metrics(metrics("0,0,8,,,,,,,,,,,0,0,\n1,0,8,,,,,,,,,,,1,0,\n"), 2), "");
  EXPECT_EQ(error_of_timing("0,1,2\n1,2,2\n"), "");
}

TEST(HostileTables, ThatDoNotBeginAtTheBeginningAreRefused) {
  EXPECT_EQ(error_of_metrics(metrics("0,3,8,,,,,,,,,,,0,0,\n")),
            "metrics.csv:2: damaged: update 3 where update 0 should be");
  EXPECT_EQ(error_of_metrics(metrics("0,0,0,,,,,,,,,,,0,0,\n")),
            "metrics.csv:2: damaged: 0 steps where 8 should be");
  EXPECT_EQ(error_of_timing("1,1,2\n"), "timing.csv:2: damaged: update 1 where update 0 should be");
}

TEST(HostileTables, WithTheLargestNumbersAreRefused) {  // of which the next would be the smallest
  const std::string largest = std::to_string(std::numeric_limits<std::int64_t>::max());
  EXPECT_NE(error_of_metrics(metrics("0," + largest + ",8,,,,,,,,,,,0,0,\n0,0,16,,,,,,,,,,,0,0,\n")), "");
  EXPECT_NE(error_of_metrics(metrics("0,0," + largest + ",,,,,,,,,,,0,0,\n0,1,1,,,,,,,,,,,0,0,\n")), "");
  EXPECT_NE(error_of_timing(largest + ",1,2\n0,1,2\n"), "");
}

TEST(HostileTables, OfOneEndlessLineAreRefused) {
  EXPECT_EQ(error_of_metrics(std::string(100'000, ',')),
            "metrics.csv:1: damaged: the line has more than 4095 characters");
  EXPECT_EQ(error_of_metrics(metrics(std::string(100'000, '0') + '\n')),
            "metrics.csv:2: damaged: the line has more than 4095 characters");
  EXPECT_EQ(error_of_timing(std::string(4095, '1') + '\n'),
            "timing.csv:2: damaged: 1 cells under 3 column names");
}

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
