#include "run/checkpoint_layout.hpp"

#include "engine/environment.hpp"
#include "ppo/hash.hpp"

namespace ppo {

std::vector<TensorPlace> checkpoint_parts(const Config& config, std::int64_t E) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  const std::int64_t K = config.num_seeds;
  const std::int64_t N = config.hyper.num_envs;
  const std::int64_t P = environment.parameter_count;
  const std::int64_t S = environment.state_bytes;
  return {{"powers", Dtype::f64, {K, 2}},       {"slots.return", Dtype::f64, {K, N}},
          {"window.episodes", Dtype::i64, {E}}, {"window.return", Dtype::f64, {E}},
          {"window.entries", Dtype::i64, {K}},  {"solved_at_step", Dtype::i64, {K}},
          {"trace", Dtype::u64, {K}},           {"params", Dtype::f32, {K, P}},
          {"moment1", Dtype::f32, {K, P}},      {"moment2", Dtype::f32, {K, P}},
          {"slots.length", Dtype::i32, {K, N}}, {"slots.state", Dtype::u8, {K, N, S}},
          {"checksum", Dtype::u64, {1}}};
}

std::uint64_t checkpoint_checksum(const SafeTensorsImage& image) {
  return fnv1a(image.bytes.data(), image.tensors.back().begin);
}

}  // namespace ppo
