// One whole update after a given rollout with given permutations, against JAX in float64: the reference
// stages in float, and the same formulas in double, where only the composition could hide an error.
#include "engine/cpu/reference/stages.hpp"
#include "golden/golden_params.hpp"
#include "ppo/env/cartpole.hpp"
#include "unit/ppo/agent_block.hpp"

namespace ppo {
namespace {

using golden::Json;

constexpr int O = 4;
constexpr int A = 2;
constexpr int H = 64;
using Net = Layout<O, A, H>;

/// In the order of the file.
constexpr LossTerm kGoldenTerms[] = {kPolicyTerm, kValueTerm, kEntropyTerm};

Hyper hyper_of(const Json& file) {
  const Json& given = file.at("hyper");
  return {.num_envs = file.at("N").get<int>(),
          .num_steps = file.at("T").get<int>(),
          .lr = given.at("lr").get<float>(),
          .num_minibatches = given.at("num_minibatches").get<int>(),
          .update_epochs = given.at("update_epochs").get<int>(),
          .gamma = given.at("gamma").get<float>(),
          .gae_lambda = given.at("gae_lambda").get<float>(),
          .clip_coef = given.at("clip_coef").get<float>(),
          .ent_coef = given.at("ent_coef").get<float>(),
          .vf_coef = given.at("vf_coef").get<float>(),
          .max_grad_norm = given.at("max_grad_norm").get<float>(),
          .norm_adv = given.at("norm_adv").get<bool>(),
          .clip_vloss = given.at("clip_vloss").get<bool>()};
}

/// The batch in one precision, each array in flat order t * N + n; `value` has the bootstrap row behind it.
template <class Real>
struct Batch {
  explicit Batch(const Json& file)
      : obs(golden::numbers<Real>(file.at("obs"))),
        logp(golden::numbers<Real>(file.at("logp"))),
        value(golden::numbers<Real>(file.at("values"))),
        reward(golden::numbers<Real>(file.at("rewards"))),
        advantage(logp.size()),
        action(file.at("act").get<std::vector<std::uint8_t>>()) {
    for (const Json& done : file.at("dones")) ended.push_back(done == 1 ? kTerminated : kRunning);
  }
  std::vector<Real> obs, logp, value, reward, advantage;
  std::vector<std::uint8_t> action, ended;
};

template <class Real>
void expect_advantages(const Json& file, const Batch<Real>& batch, const Normaliser<Real>& to_unit) {
  std::vector<Real> returns, normalised;
  for (std::size_t i = 0; i < batch.advantage.size(); ++i) {
    returns.push_back(batch.advantage[i] + batch.value[i]);
    normalised.push_back((batch.advantage[i] - to_unit.shift) * to_unit.scale);
  }
  golden::expect_close(file, "advantages", batch.advantage, golden::numbers(file.at("advantages")));
  golden::expect_close(file, "returns", returns, golden::numbers(file.at("returns")));
  golden::expect_close(file, "adv_norm", normalised, golden::numbers(file.at("adv_norm")));
}

template <class Real>
void expect_params(const Json& file, std::size_t epoch, const std::vector<Real>& params) {
  golden::expect_close(file, "params_after_epoch[" + std::to_string(epoch) + "]", params,
                       golden::flatten<Net>(file.at("params_after_epoch").at(epoch)));
}

TEST(GoldenWholeUpdate, StagesInFloat) {
  const Json file = golden::read("ppo/whole_update.json");
  const Hyper hyper = hyper_of(file);
  Batch<float> batch(file);
  const std::vector<std::int64_t> perms = file.at("perms").get<std::vector<std::int64_t>>();
  testing::AgentBlock<CartPole, H> agent(hyper);
  auto& rollout = agent->rollout;
  const std::vector<float> params = golden::flatten<Net, float>(file.at("params"));
  std::copy(params.begin(), params.end(), agent->params);
  std::copy(batch.obs.begin(), batch.obs.end(), rollout.obs);
  std::copy(batch.action.begin(), batch.action.end(), rollout.action);
  std::copy(batch.logp.begin(), batch.logp.end(), rollout.logp);
  std::copy(batch.reward.begin(), batch.reward.end(), rollout.reward);
  std::copy(batch.ended.begin(), batch.ended.end(), rollout.ended);
  std::copy(batch.value.begin(), batch.value.end(), rollout.value);
  const std::vector<float> next_obs = golden::numbers<float>(file.at("next_obs"));
  for (std::int64_t n = 0; n < hyper.num_envs; ++n) {
    rollout.value[batch_size(hyper) + n] = reference::value_of(*agent, next_obs.data() + n * O);
  }
  reference::advantages(hyper, *agent);
  std::copy_n(rollout.advantage, batch.advantage.size(), batch.advantage.begin());
  const ChunkSums sums = merge_chunks(rollout.chunks, chunk_count(hyper));
  const Normaliser<float> to_unit = normaliser(sums.advantage, hyper.norm_adv);
  expect_advantages(file, batch, to_unit);

  agent->powers = {};
  const std::int64_t M = minibatch_size(hyper);
  std::vector<float> losses;
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    const auto given_order = [order = perms.data() + epoch * batch.action.size()](std::uint32_t k) {
      return order[k];
    };
    Minibatch<decltype(given_order)> minibatch{given_order, to_unit, 0, M};
    for (; minibatch.first < batch_size(hyper); minibatch.first += M) {
      reference::gradient(hyper, *agent, minibatch);
      reference::reduce(*agent, M);
      for (const LossTerm term : kGoldenTerms) losses.push_back(agent->sums[Net::size + term]);
      reference::adam_step(hyper, *agent, agent->powers, hyper.lr);
    }
    expect_params(file, epoch, std::vector<float>(agent->params, agent->params + Net::size));
  }
  golden::expect_close(file, "losses", losses, golden::numbers(file.at("losses")));
}

TEST(GoldenWholeUpdate, FormulasInDouble) {
  const Json file = golden::read("ppo/whole_update.json");
  const Json& given = file.at("hyper");
  const auto number = [&](const char* key) { return given.at(key).get<double>(); };
  const int T = file.at("T").get<int>();
  const int N = file.at("N").get<int>();
  Batch<double> batch(file);
  const std::vector<std::size_t> perms = file.at("perms").get<std::vector<std::size_t>>();
  std::vector<double> params = golden::flatten<Net>(file.at("params"));
  const std::vector<double> next_obs = golden::numbers(file.at("next_obs"));
  for (std::size_t n = 0; n < static_cast<std::size_t>(N); ++n) {
    Activations<Net::Critic, double> unused;
    forward(params.data() + Net::critic, next_obs.data() + n * O, unused, &batch.value.emplace_back());
  }
  const std::vector<std::int32_t> none(static_cast<std::size_t>(N));
  const Trajectories<double> data{
      T,       N,           batch.reward.data(),   batch.ended.data(), batch.value.data(),
      nullptr, none.data(), batch.advantage.data()};
  for (int n = 0; n < N; ++n) advantages_of_environment(data, n, number("gamma"), number("gae_lambda"));
  const auto moments = chunk_moments<double>(
      T, N, 0, N, [&](std::int64_t i) { return batch.advantage[static_cast<std::size_t>(i)]; });
  const Normaliser<double> to_unit = normaliser(moments, true);
  expect_advantages(file, batch, to_unit);

  const LossCoefs<double> coefs{number("clip_coef"), number("ent_coef"), number("vf_coef"), true};
  const std::size_t samples = batch.action.size();
  const std::size_t M = samples / given.at("num_minibatches").get<std::size_t>();
  std::vector<double> moment1(Net::size), moment2(Net::size), losses;
  AdamPowers powers;
  for (std::size_t first = 0; first < 2 * samples; first += M) {
    std::vector<double> sums(GradientSums<Net>::size);
    for (std::size_t k = first; k < first + M; ++k) {
      const std::size_t i = perms[k];
      const Sample<double> sample{batch.action[i], batch.logp[i], batch.value[i],
                                  (batch.advantage[i] - to_unit.shift) * to_unit.scale,
                                  batch.advantage[i] + batch.value[i]};
      add_sample<Net, A>(params.data(), coefs, batch.obs.data() + i * O, sample, sums.data());
    }
    double square = 0;
    for (double& sum : sums) sum /= static_cast<double>(M);
    for (std::size_t p = 0; p < params.size(); ++p) square += sums[p] * sums[p];
    const double scale = clip_scale(std::sqrt(square), number("max_grad_norm"));
    const AdamStep<double> step = next_adam_step(powers, scale, number("lr"));
    for (std::size_t p = 0; p < params.size(); ++p) adam(step, sums[p], params[p], moment1[p], moment2[p]);
    for (const LossTerm term : kGoldenTerms) losses.push_back(sums[Net::size + term]);
    if ((first + M) % samples == 0) expect_params(file, first / samples, params);
  }
  golden::expect_close(file, "losses", losses, golden::numbers(file.at("losses")));
}

}  // namespace
}  // namespace ppo
