// Five Adam steps after norm clipping, against JAX in float64: the functions in double, the stages in float.
#include "engine/cpu/reference/stages.hpp"
#include "golden/golden_params.hpp"
#include "ppo/env/cartpole.hpp"
#include "unit/ppo/agent_block.hpp"

namespace ppo {
namespace {

using golden::Json;
using golden::Tensor;
using Net = Layout<4, 2, 8>;

template <class Real>
void expect_step(const Json& file, std::size_t t, const std::vector<Real>& params,
                 const std::vector<Real>& moment1, const std::vector<Real>& moment2) {
  const Json& want = file.at("steps").at(t);
  const std::string step = "steps[" + std::to_string(t) + "]";
  golden::expect_close(file, step + ".params", params, golden::flatten<Net>(want.at("params")));
  golden::expect_close(file, step + ".m", moment1, golden::flatten<Net>(want.at("m")));
  golden::expect_close(file, step + ".v", moment2, golden::flatten<Net>(want.at("v")));
}

TEST(GoldenAdam, FunctionsInDouble) {
  const Json file = golden::read("ppo/adam.json");
  ASSERT_EQ(file.at("steps").size(), 5U);
  std::vector<double> params = golden::flatten<Net>(file.at("params"));
  std::vector<double> moment1(Net::size);
  std::vector<double> moment2(Net::size);
  AdamPowers powers;
  for (std::size_t t = 0; t < 5; ++t) {
    SCOPED_TRACE(t);
    const Json& given = file.at("steps").at(t);
    const std::vector<double> grads = golden::flatten<Net>(given.at("grads"));
    double squares[slice_count(Net::size)];
    for (int s = 0; s < slice_count(Net::size); ++s) {
      squares[s] = slice_square(grads.data() + s * kSliceSize, min(kSliceSize, Net::size - s * kSliceSize));
    }
    const double norm = global_norm(static_cast<const double*>(squares), slice_count(Net::size));
    EXPECT_NEAR(norm, given.at("grad_norm").get<double>(), 1e-14 * norm);
    const double scale = clip_scale(norm, given.at("max_grad_norm").get<double>());
    EXPECT_NEAR(scale, given.at("clip_scale").get<double>(), 1e-14);
    const AdamStep<double> step = next_adam_step(powers, scale, given.at("lr").get<double>());
    for (std::size_t p = 0; p < params.size(); ++p) adam(step, grads[p], params[p], moment1[p], moment2[p]);
    expect_step(file, t, params, moment1, moment2);
  }
}

TEST(GoldenAdam, StagesInFloat) {
  const Json file = golden::read("ppo/adam.json");
  Hyper hyper{.num_envs = 1, .num_steps = 1, .num_minibatches = 1};
  testing::AgentBlock<CartPole, 8> agent(hyper);
  static_assert(std::remove_reference_t<decltype(*agent)>::P == Net::size);
  const std::vector<float> params = golden::flatten<Net, float>(file.at("params"));
  std::copy(params.begin(), params.end(), agent->params);
  agent->powers = {};
  for (std::size_t t = 0; t < 5; ++t) {
    SCOPED_TRACE(t);
    const Json& given = file.at("steps").at(t);
    const std::vector<float> grads = golden::flatten<Net, float>(given.at("grads"));
    std::copy(grads.begin(), grads.end(), agent->groups);
    hyper.max_grad_norm = given.at("max_grad_norm").get<float>();
    reference::reduce(*agent, 1);
    const float norm = reference::adam_step(hyper, *agent, agent->powers, given.at("lr").get<float>());
    EXPECT_NEAR(static_cast<double>(norm), given.at("grad_norm").get<double>(),
                1e-6 * static_cast<double>(norm));
    expect_step(file, t, std::vector<float>(agent->params, agent->params + Net::size),
                std::vector<float>(agent->moment1, agent->moment1 + Net::size),
                std::vector<float>(agent->moment2, agent->moment2 + Net::size));
  }
}

}  // namespace
}  // namespace ppo
