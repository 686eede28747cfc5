// Policies that were damaged, or made to do damage: each is refused in a line that names it, quickly and in
// little memory.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/environment.hpp"
#include "hostile.hpp"
#include "run/policy.hpp"

namespace ppo::test {
namespace {

class HostilePolicy : public testing::Test {
 protected:
  static std::vector<std::vector<float>> read(const std::string& bytes) {
    return {parse_policy(parse_image(bytes, "policy", "policy"), "policy", Config{}).front().params};
  }

  static std::string policy() {
    const Config config;
    TrainedPolicy policy{config.hyper, {}, {}};
    policy.params.resize(static_cast<std::size_t>(
        find_environment(config.env)->info().layout(config.hyper.hidden_size).size()));
    for (std::size_t i = 0; i < policy.params.size(); ++i)
      policy.params[i] = 1.0F / static_cast<float>(i + 1);
    return policy_file(config, [&](std::int64_t) { return policy; });
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

/// A policy with statistics, of which `forge` makes others.
template <class Forge>
std::string normalised(Forge forge) {
  Config config;
  config.env = "pendulum";
  config.hyper.norm_obs = config.hyper.norm_reward = true;
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  TrainedPolicy policy{config.hyper, {}, {}};
  policy.params.resize(static_cast<std::size_t>(environment.layout(config.hyper.hidden_size).size()), 0.5F);
  policy.moments.resize(static_cast<std::size_t>(environment.observation_size) + 1, {10, 1.5, 2.5});
  forge(policy.moments);
  return error_of([&] {
    const std::string bytes = policy_file(config, [&](std::int64_t) { return policy; });
    const TrainedPolicy back = parse_policy(parse_image(bytes, "policy", "policy"), "policy", config).front();
    EXPECT_EQ(back.moments.size(), policy.moments.size());
  });
}

TEST_F(HostilePolicy, WithStatisticsThatNobodyCountsIsRefused) {
  using All = std::vector<Moments<double>>;
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(normalised([](All&) {}), "");
  EXPECT_EQ(normalised([](All& all) { all[1] = {0, 0, 0}; }), "");
  for (const double wrong : {kNan, kInf, -kInf}) {
    EXPECT_EQ(normalised([&](All& all) { all[2].mean = wrong; }),
              "policy: tensor norm_obs.mean holds a number that is not finite; nothing can act on it");
    EXPECT_EQ(normalised([&](All& all) { all[3].m2 = wrong; }),
              "policy: tensor norm_reward.m2 holds a number that is not finite; nothing can act on it");
  }
  EXPECT_EQ(normalised([](All& all) { all[0].count = -1; }),
            "policy: damaged: norm_obs has a count of -1 with mean 1.5 and m2 2.5, which no numbers have");
  EXPECT_EQ(
      normalised([](All& all) { all[3].m2 = -1e-300; }),
      "policy: damaged: norm_reward has a count of 10 with mean 1.5 and m2 -1e-300, which no numbers have");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const Moments<double> wrong :
       {Moments<double>{kMost, 1.5, 2.5}, {0, 1.5, 0}, {0, 0, 2.5}, {10, -1e39, 2.5}, {10, 1.5, 1e80}}) {
    EXPECT_TRUE(normalised([&](All& all) { all[1] = wrong; }).starts_with("policy: damaged: norm_obs has "));
  }
  for (const Moments<double> wrong : {Moments<double>{kMost, 1.5, 2.5}, {10, 1e61, 2.5}, {10, 1.5, 1e200}}) {
    EXPECT_TRUE(normalised([&](All& all) { all[3] = wrong; }).starts_with("policy: damaged: norm_reward "));
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
  EXPECT_EQ(error_of([&] { parse_image(header_only("{" + tensor + "}"), "file", "policy"); }), "");
  for (const std::string& twice : {tensor + "," + tensor, shapes, metadata}) {
    const std::string error =
        error_of([&] { parse_image(header_only("{" + twice + "}"), "file", "policy"); });
    EXPECT_TRUE(error.ends_with(" twice")) << error;
  }
}

TEST_F(HostilePolicy, OfOtherOrderIsTheSame) {  // JSON's objects have none
  const std::string header = R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                             R"("a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                             R"("c":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const SafeTensorsImage content = parse_image(header_only(header) + std::string(12, '\0'), "file", "policy");
  ASSERT_EQ(content.tensors.size(), 3U);
  EXPECT_EQ(content.tensors[0].name, "c");
  EXPECT_EQ(content.tensors[2].name, "a");
}

}  // namespace
}  // namespace ppo::test
