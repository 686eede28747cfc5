// Adam's steps after norm clipping, against another implementation in float64: the functions in double, the
// stages in float.
#include "golden/golden_networks.hpp"

namespace ppo {
namespace {

using golden::Json;

template <class Real>
void expect_step(const Json& file, const Layout& layout, std::size_t t, const std::vector<Real>& params,
                 const std::vector<Real>& moment1, const std::vector<Real>& moment2) {
  const Json& want = file.at("steps").at(t);
  const std::string step = "steps[" + std::to_string(t) + "]";
  golden::expect_close(file, step + ".params", params, golden::flatten(layout, want.at("params")));
  golden::expect_close(file, step + ".m", moment1, golden::flatten(layout, want.at("m")));
  golden::expect_close(file, step + ".v", moment2, golden::flatten(layout, want.at("v")));
}

TEST(GoldenAdam, FunctionsInDouble) {
  const Json file = golden::read("ppo/adam.json");
  ASSERT_FALSE(file.at("steps").empty());
  const Layout layout = golden::layout_of(file.at("params"));
  const int P = layout.size();
  std::vector<double> params = golden::flatten(layout, file.at("params"));
  std::vector<double> moment1(params.size());
  std::vector<double> moment2(params.size());
  AdamPowers powers;
  for (std::size_t t = 0; t < file.at("steps").size(); ++t) {
    SCOPED_TRACE(t);
    const Json& given = file.at("steps").at(t);
    const std::vector<double> grads = golden::flatten(layout, given.at("grads"));
    std::vector<double> squares;
    for (int begin = 0; begin < P; begin += kSliceSize) {
      squares.push_back(slice_square(grads.data() + begin, min(kSliceSize, P - begin)));
    }
    const double norm = global_norm(static_cast<const double*>(squares.data()), slice_count(P));
    EXPECT_NEAR(norm, given.at("grad_norm").get<double>(), golden::kDoubleAgreement * norm);
    const double scale = clip_scale(norm, given.at("max_grad_norm").get<double>());
    EXPECT_NEAR(scale, given.at("clip_scale").get<double>(), golden::kDoubleAgreement);
    const AdamStep<double> step = next_adam_step(powers, scale, given.at("lr").get<double>());
    for (std::size_t p = 0; p < params.size(); ++p) adam(step, grads[p], params[p], moment1[p], moment2[p]);
    expect_step(file, layout, t, params, moment1, moment2);
  }
}

/// By how much of itself a norm in float may be off: each square goes through its chain, the tree above the
/// chains and the sum of the slices, every time rounded by half an ulp at most, and the root halves that.
double norm_error(int size) {
  constexpr int chain = kSliceSize / kSliceChains;
  constexpr int tree = 5;
  static_assert(1 << tree == kSliceChains);
  return ((chain + tree + slice_count(size)) / 2.0 + 1) * 0x1p-24;
}

TEST(GoldenAdam, StagesInFloat) {
  const Json file = golden::read("ppo/adam.json");
  ASSERT_FALSE(file.at("steps").empty());
  const Layout layout = golden::layout_of(file.at("params"));
  const int P = layout.size();
  auto agent = golden::agent_of<golden::kMostOutputs>(
      layout, {{.num_envs = 1, .num_steps = 1, .num_minibatches = 1}, {}});
  const std::vector<float> params = golden::flatten<float>(layout, file.at("params"));
  std::copy(params.begin(), params.end(), agent->params.get());
  agent->powers = {};
  for (std::size_t t = 0; t < file.at("steps").size(); ++t) {
    SCOPED_TRACE(t);
    const Json& given = file.at("steps").at(t);
    const std::vector<float> grads = golden::flatten<float>(layout, given.at("grads"));
    std::copy(grads.begin(), grads.end(), agent->groups.get());
    agent->tuning.max_grad_norm = given.at("max_grad_norm").get<float>();
    reference::reduce(*agent, 1);
    const auto norm =
        static_cast<double>(reference::adam_step(*agent, agent->powers, given.at("lr").get<float>()));
    EXPECT_NEAR(norm, given.at("grad_norm").get<double>(), norm_error(P) * norm);
    expect_step(file, layout, t, std::vector<float>(agent->params.get(), agent->params + P),
                std::vector<float>(agent->moment1.get(), agent->moment1 + P),
                std::vector<float>(agent->moment2.get(), agent->moment2 + P));
  }
}

}  // namespace
}  // namespace ppo
