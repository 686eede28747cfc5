// One whole update after a given rollout with given permutations, against another implementation in float64:
// the reference stages in float, and the same formulas in double, where only the composition could hide an
// error.
#include "golden/golden_networks.hpp"

namespace ppo {
namespace {

using golden::Json;

/// In the order of the file.
constexpr LossTerm kGoldenTerms[] = {kPolicyTerm, kValueTerm, kEntropyTerm};

Hyper hyper_of(const Json& file) {
  const Json& given = file.at("hyper");
  return {{.num_envs = file.at("N").get<int>(),
           .num_steps = file.at("T").get<int>(),
           .num_minibatches = given.at("num_minibatches").get<int>()},
          {.lr = given.at("lr").get<float>(),
           .update_epochs = given.at("update_epochs").get<int>(),
           .gamma = given.at("gamma").get<float>(),
           .gae_lambda = given.at("gae_lambda").get<float>(),
           .clip_coef = given.at("clip_coef").get<float>(),
           .ent_coef = given.at("ent_coef").get<float>(),
           .vf_coef = given.at("vf_coef").get<float>(),
           .max_grad_norm = given.at("max_grad_norm").get<float>(),
           .norm_adv = given.at("norm_adv").get<bool>(),
           .clip_vloss = given.at("clip_vloss").get<bool>()}};
}

/// The batch in one precision, each array in flat order t * N + n; `value` lacks the bootstrap row behind it.
template <class Real>
struct Batch {
  Batch(const Json& file, std::int64_t size, const Layout& of_networks)
      : layout(of_networks),
        samples(static_cast<std::size_t>(size)),
        obs(golden::numbers<Real>(file.at("obs"), samples * static_cast<std::size_t>(layout.O))),
        logp(golden::numbers<Real>(file.at("logp"), samples)),
        value(golden::numbers<Real>(file.at("values"), samples)),
        reward(golden::numbers<Real>(file.at("rewards"), samples)),
        advantage(samples),
        action(golden::numbers<std::uint8_t>(file.at("act"), samples)) {
    for (const double done : golden::numbers(file.at("dones"), samples)) {
      ended.push_back(done == 1 ? kTerminated : kRunning);
    }
  }

  const Real* obs_of(std::size_t i) const { return obs.data() + i * static_cast<std::size_t>(layout.O); }

  Layout layout;
  std::size_t samples;
  std::vector<Real> obs, logp, value, reward, advantage;
  std::vector<std::uint8_t> action, ended;
};

/// The samples of all epochs in the order in which they are used.
std::vector<std::int64_t> order_of(const Json& file, const Hyper& hyper) {
  return golden::numbers<std::int64_t>(file.at("perms"),
                                       static_cast<std::size_t>(hyper.update_epochs * batch_size(hyper)));
}

template <class Real>
void expect_advantages(const Json& file, const Batch<Real>& batch, const Normaliser<Real>& to_unit) {
  std::vector<Real> returns, normalised;
  for (std::size_t i = 0; i < batch.samples; ++i) {
    returns.push_back(batch.advantage[i] + batch.value[i]);
    normalised.push_back((batch.advantage[i] - to_unit.shift) * to_unit.scale);
  }
  golden::expect_close(file, "advantages", batch.advantage, golden::numbers(file.at("advantages")));
  golden::expect_close(file, "returns", returns, golden::numbers(file.at("returns")));
  golden::expect_close(file, "adv_norm", normalised, golden::numbers(file.at("adv_norm")));
}

template <class Real>
void expect_params(const Json& file, const Layout& layout, int epoch, const std::vector<Real>& params) {
  golden::expect_close(
      file, "params_after_epoch[" + std::to_string(epoch) + "]", params,
      golden::flatten(layout, file.at("params_after_epoch").at(static_cast<std::size_t>(epoch))));
}

template <class Head>
void stages_in_float(const Json& file) {
  const Layout layout = golden::layout_of(file.at("params"));
  const Hyper hyper = hyper_of(file);
  Batch<float> batch(file, batch_size(hyper), layout);
  const std::vector<std::int64_t> samples = order_of(file, hyper);
  auto agent = golden::agent_of<Head::kOutputs>(layout, hyper);
  auto& rollout = agent->rollout;
  const std::vector<float> params = golden::flatten<float>(layout, file.at("params"));
  std::copy(params.begin(), params.end(), agent->params.get());
  for (std::size_t i = 0; i < batch.samples; ++i) {
    std::copy_n(batch.obs_of(i), layout.O, rollout.obs + i * golden::kMostObservation);
  }
  std::copy(batch.action.begin(), batch.action.end(), rollout.action.get());
  std::copy(batch.logp.begin(), batch.logp.end(), rollout.logp.get());
  std::copy(batch.reward.begin(), batch.reward.end(), rollout.reward.get());
  std::copy(batch.ended.begin(), batch.ended.end(), rollout.ended.get());
  std::copy(batch.value.begin(), batch.value.end(), rollout.value.get());
  const std::vector<float> next_obs =
      golden::numbers<float>(file.at("next_obs"), static_cast<std::size_t>(hyper.num_envs * layout.O));
  for (std::int64_t n = 0; n < hyper.num_envs; ++n) {
    rollout.value[batch_size(hyper) + n] = reference::value_of(hyper, *agent, next_obs.data() + n * layout.O);
  }
  reference::advantages(hyper, *agent);
  std::copy_n(rollout.advantage.get(), batch.samples, batch.advantage.begin());
  const ChunkSums sums = merge_chunks(rollout.chunks, chunk_count(hyper));
  const Normaliser<float> to_unit = normaliser(sums.advantage, hyper.norm_adv);
  expect_advantages(file, batch, to_unit);

  agent->powers = {};
  const std::int64_t M = minibatch_size(hyper);
  std::vector<float> losses;
  for (int epoch = 0; epoch < hyper.update_epochs; ++epoch) {
    const auto given_order = [order = samples.data() + epoch * batch_size(hyper)](std::uint32_t k) {
      return order[k];
    };
    Minibatch<decltype(given_order)> minibatch{given_order, to_unit, 0, M};
    for (; minibatch.first < batch_size(hyper); minibatch.first += M) {
      reference::gradient(hyper, *agent, minibatch, agent.worker());
      reference::reduce(*agent, M);
      for (const LossTerm term : kGoldenTerms) losses.push_back(agent->sums[layout.size() + term]);
      reference::adam_step(*agent, agent->powers, hyper.lr);
    }
    expect_params(file, layout, epoch,
                  std::vector<float>(agent->params.get(), agent->params + layout.size()));
  }
  golden::expect_close(file, "losses", losses, golden::numbers(file.at("losses")));
}

/// Advantages after the values of `next_obs` have gone behind those of the batch; returns what normalises
/// them.
Normaliser<double> find_advantages(const Json& file, const Hyper& hyper, const std::vector<double>& params,
                                   Batch<double>& batch) {
  const int T = hyper.num_steps;
  const int N = hyper.num_envs;
  const auto number = [&](const char* key) { return file.at("hyper").at(key).get<double>(); };
  const std::vector<double> next_obs =
      golden::numbers(file.at("next_obs"), static_cast<std::size_t>(N * batch.layout.O));
  for (int n = 0; n < N; ++n) {
    Activations<double> unused;
    forward(batch.layout.critic(), Activation::tanh, params.data() + batch.layout.critic_begin(),
            next_obs.data() + n * batch.layout.O, unused, &batch.value.emplace_back());
  }
  const std::vector<std::int32_t> none(static_cast<std::size_t>(N));
  const Trajectories<double> data{T,
                                  N,
                                  batch.reward.data(),
                                  batch.ended.data(),
                                  batch.value.data(),
                                  nullptr,
                                  none.data(),
                                  batch.advantage.data(),
                                  {}};
  for (int n = 0; n < N; ++n) advantages_of_environment(data, n, number("gamma"), number("gae_lambda"));
  const auto moments = chunk_moments<double>(
      T, N, 0, N, [&](std::int64_t i) { return batch.advantage[static_cast<std::size_t>(i)]; });
  return normaliser(moments, hyper.norm_adv);
}

/// Mean gradient and loss terms of the samples that `order` names.
template <class Head>
std::vector<double> mean_gradient(const std::vector<double>& params, const LossCoefs<double>& coefs,
                                  const Batch<double>& batch, const Normaliser<double>& to_unit,
                                  std::span<const std::int64_t> order) {
  const Layout& layout = batch.layout;
  std::vector<double> sums(static_cast<std::size_t>(sums_size(layout)));
  for (const std::int64_t sample : order) {
    const auto i = static_cast<std::size_t>(sample);
    const Sample<double> given{{static_cast<double>(batch.action[i])},
                               batch.logp[i],
                               batch.value[i],
                               (batch.advantage[i] - to_unit.shift) * to_unit.scale,
                               batch.advantage[i] + batch.value[i]};
    add_sample<Head>(layout, Activation::tanh, params.data(), coefs, batch.obs_of(i), given, sums.data());
  }
  for (double& sum : sums) sum /= static_cast<double>(order.size());
  return sums;
}

template <class Head>
void formulas_in_double(const Json& file) {
  const Layout layout = golden::layout_of(file.at("params"));
  const Hyper hyper = hyper_of(file);
  const auto number = [&](const char* key) { return file.at("hyper").at(key).get<double>(); };
  Batch<double> batch(file, batch_size(hyper), layout);
  const std::vector<std::int64_t> samples = order_of(file, hyper);
  std::vector<double> params = golden::flatten(layout, file.at("params"));
  const Normaliser<double> to_unit = find_advantages(file, hyper, params, batch);
  expect_advantages(file, batch, to_unit);

  const LossCoefs<double> coefs{number("clip_coef"), number("ent_coef"), number("vf_coef"), hyper.clip_vloss};
  const auto M = static_cast<std::size_t>(minibatch_size(hyper));
  std::vector<double> moment1(params.size()), moment2(params.size()), losses;
  AdamPowers powers;
  for (std::size_t first = 0; first < samples.size(); first += M) {
    const std::vector<double> mean =
        mean_gradient<Head>(params, coefs, batch, to_unit, std::span(samples).subspan(first, M));
    double square = 0;
    for (std::size_t p = 0; p < params.size(); ++p) square += mean[p] * mean[p];
    const double scale = clip_scale(std::sqrt(square), number("max_grad_norm"));
    const AdamStep<double> step = next_adam_step(powers, scale, number("lr"));
    for (std::size_t p = 0; p < params.size(); ++p) adam(step, mean[p], params[p], moment1[p], moment2[p]);
    for (const LossTerm term : kGoldenTerms) losses.push_back(mean[params.size() + term]);
    if ((first + M) % batch.samples == 0) {
      expect_params(file, layout, static_cast<int>(first / batch.samples), params);
    }
  }
  golden::expect_close(file, "losses", losses, golden::numbers(file.at("losses")));
}

TEST(GoldenWholeUpdate, StagesInFloat) {
  const Json file = golden::read("ppo/whole_update.json");
  golden::with_head<CategoricalHead>(golden::layout_of(file.at("params")).outputs,
                                     [&]<class Head>() { stages_in_float<Head>(file); });
}

TEST(GoldenWholeUpdate, FormulasInDouble) {
  const Json file = golden::read("ppo/whole_update.json");
  golden::with_head<CategoricalHead>(golden::layout_of(file.at("params")).outputs,
                                     [&]<class Head>() { formulas_in_double<Head>(file); });
}

}  // namespace
}  // namespace ppo
