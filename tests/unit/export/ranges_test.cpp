// The ranges of actions in exports. What exported policies answer: tests/python.
#include <gtest/gtest.h>

#include <limits>

#include "export/c_header.hpp"
#include "export/onnx.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"

namespace ppo {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(Export, WritesInfiniteEndsAsTheLargestNumber) {
  EnvironmentInfo environment = find_environment("pendulum")->info();
  environment.layout = [](int hidden_size) {
    return Layout{.O = 3, .outputs = 3, .H = hidden_size, .extra = 3};
  };
  environment.actions.numbers = 3;
  environment.actions.range = [](int d) {
    return d == 0 ? ActionRange{-kInf, kInf} : d == 1 ? ActionRange{0, kInf} : ActionRange{-1, 2};
  };
  const Config config;
  TrainedPolicy policy{config.hyper, {}, {}};
  policy.params.resize(static_cast<std::size_t>(environment.layout(64).size()), 0.5F);
  const TrainedAgent agent{.config = config,
                           .environment = environment,
                           .policy = policy,
                           .tensors = policy_tensors(environment, policy),
                           .param_hash = param_hash(policy.params),
                           .origin = {}};
  const std::string text = to_c_header(agent);
  EXPECT_NE(text.find("act_low[3] = {-3.4028235e+38F, 0.0F, -1.0F};"), std::string::npos) << text;
  EXPECT_NE(text.find("act_high[3] = {3.4028235e+38F, 3.4028235e+38F, 2.0F};"), std::string::npos) << text;

  const float infinite[] = {-kInf, 0, -1};
  const std::string_view bytes(reinterpret_cast<const char*>(infinite), sizeof infinite);
  EXPECT_EQ(to_onnx(agent).find(bytes), std::string::npos);
}

}  // namespace
}  // namespace ppo
