#include "run/checkpoint_layout.hpp"

#include "engine/environment.hpp"
#include "ppo/hash.hpp"

namespace ppo {

std::vector<TensorPlace> checkpoint_parts(const Config& config, std::int64_t E) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  const std::int64_t K = config.num_seeds;
  const std::int64_t N = config.hyper.num_envs;
  const std::int64_t P = environment.layout(config.hyper.hidden_size).size();
  const std::int64_t S = environment.state_bytes;
  const std::int64_t moments = environment.observation_size + std::int64_t{1};
  std::vector<TensorPlace> parts = {
      {"powers", Dtype::f64, {K, 2}},       {"slots.return", Dtype::f64, {K, N}},
      {"window.episodes", Dtype::i64, {E}}, {"window.return", Dtype::f64, {E}},
      {"window.entries", Dtype::i64, {K}},  {"solved_at_step", Dtype::i64, {K}},
      {"trace", Dtype::u64, {K}},           {"params", Dtype::f32, {K, P}},
      {"moment1", Dtype::f32, {K, P}},      {"moment2", Dtype::f32, {K, P}},
      {"slots.length", Dtype::i32, {K, N}}, {"slots.state", Dtype::u8, {K, N, S}}};
  if (normalises(config.hyper)) {
    parts.push_back({"slots.discounted", Dtype::f64, {K, N}});
    parts.push_back({"moments.count", Dtype::i64, {K, moments}});
    parts.push_back({"moments.mean", Dtype::f64, {K, moments}});
    parts.push_back({"moments.m2", Dtype::f64, {K, moments}});
  }
  parts.push_back({"checksum", Dtype::u64, {1}});
  return parts;
}

std::uint64_t checkpoint_checksum(const SafeTensorsImage& image) {
  return fnv1a(image.bytes.data(), image.tensors.back().begin);
}

}  // namespace ppo
