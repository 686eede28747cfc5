#include "run/policy.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "ppo/hash.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// The tensors of ppo/network.hpp's Layout in their order, without data.
std::vector<Tensor> tensor_names(const EnvironmentInfo& environment) {
  const std::int64_t O = environment.observation_size;
  const std::int64_t H = environment.hidden_size;
  std::vector<Tensor> tensors;
  for (const auto& [net, outputs] : {std::pair<std::string, std::int64_t>{"actor", environment.action_count},
                                     std::pair<std::string, std::int64_t>{"critic", 1}}) {
    tensors.push_back({net + ".l1.w", {O, H}, {}});
    tensors.push_back({net + ".l1.b", {H}, {}});
    tensors.push_back({net + ".l2.w", {H, H}, {}});
    tensors.push_back({net + ".l2.b", {H}, {}});
    tensors.push_back({net + ".head.w", {H, outputs}, {}});
    tensors.push_back({net + ".head.b", {outputs}, {}});
  }
  return tensors;
}

std::size_t element_count(const Tensor& tensor) {
  std::int64_t count = 1;
  for (const std::int64_t extent : tensor.shape) count *= extent;
  return static_cast<std::size_t>(count);
}

}  // namespace

std::vector<Tensor> policy_tensors(const EnvironmentInfo& environment, std::span<const float> params) {
  std::vector<Tensor> tensors = tensor_names(environment);
  for (Tensor& tensor : tensors) {
    const std::span<const float> data = params.first(element_count(tensor));
    tensor.data.assign(data.begin(), data.end());
    params = params.subspan(data.size());
  }
  return tensors;
}

std::string policy_file(const Config& config, const ParamsOf& params_of) {
  std::vector<TensorPlace> places;
  for (Tensor& tensor : tensor_names(find_environment(config.env)->info())) {
    if (config.num_seeds > 1) tensor.shape.insert(tensor.shape.begin(), config.num_seeds);
    places.push_back({std::move(tensor.name), Dtype::f32, std::move(tensor.shape)});
  }
  const auto K = static_cast<std::size_t>(config.num_seeds);
  SafeTensorsImage image =
      lay_out(std::move(places), {{"format", "ppo_train policy"},
                                  {"env", config.env},
                                  {"seed", std::to_string(config.hyper.seed)},
                                  {"num_seeds", std::to_string(config.num_seeds)},
                                  {"numerics_version", std::to_string(kNumericsVersion)}});
  for (std::size_t k = 0; k < K; ++k) {
    std::span<const float> params = params_of(static_cast<std::int64_t>(k));
    for (const TensorPlace& place : image.tensors) {
      const std::size_t size = place.size / K;  // of one agent's
      const std::span<const float> part = params.first(size / sizeof(float));
      put(image, place.begin + k * size, part);
      params = params.subspan(part.size());
    }
  }
  return std::move(image.bytes);
}

std::vector<std::vector<float>> policy_params(const SafeTensors& content, const std::string& file,
                                              const EnvironmentInfo& environment, std::int64_t num_agents) {
  const auto env = content.metadata.find("env");
  if (env != content.metadata.end() && env->second != environment.name) {
    throw Failure(kWrongInput, printable(file) + ": a policy for " + quote(env->second) +
                                   ", but the run's config.toml has env = \"" +
                                   std::string(environment.name) + '"');
  }
  std::vector<std::vector<float>> params(static_cast<std::size_t>(num_agents));
  for (Tensor& expected : tensor_names(environment)) {
    const std::size_t count = element_count(expected);
    if (num_agents > 1) expected.shape.insert(expected.shape.begin(), num_agents);
    const Tensor* found = nullptr;
    for (const Tensor& tensor : content.tensors) {
      if (tensor.name == expected.name) found = &tensor;
    }
    if (found == nullptr || found->shape != expected.shape) {
      throw Failure(kWrongInput, printable(file) + ": tensor " + expected.name +
                                     (found == nullptr ? " is missing" : " has another shape") +
                                     "; the policy does not fit the run's config.toml");
    }
    for (const float value : found->data) {
      if (std::isfinite(value)) continue;
      throw Failure(kWrongInput, printable(file) + ": tensor " + expected.name +
                                     " holds a number that is not finite; nothing can act on it");
    }
    for (std::size_t k = 0; k < params.size(); ++k) {
      const auto* begin = found->data.data() + k * count;
      params[k].insert(params[k].end(), begin, begin + count);
    }
  }
  return params;
}

std::vector<std::vector<float>> read_policy(const std::filesystem::path& file,
                                            const EnvironmentInfo& environment, std::int64_t num_agents) {
  std::size_t most_bytes = sizeof(std::uint64_t) + kMostHeaderBytes;
  for (const Tensor& tensor : tensor_names(environment)) {
    most_bytes += static_cast<std::size_t>(num_agents) * element_count(tensor) * sizeof(float);
  }
  return policy_params(read_safetensors(file, most_bytes), file.native(), environment, num_agents);
}

std::string param_hash(std::span<const float> params) {
  return fmt::format("{:#018x}", fnv1a(params.data(), params.size_bytes()));
}

}  // namespace ppo
