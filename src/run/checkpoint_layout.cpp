#include "run/checkpoint_layout.hpp"

#include <algorithm>
#include <array>

#include "engine/environment.hpp"
#include "ppo/hash.hpp"

namespace ppo {
namespace {

constexpr std::array<const char*, kCheckpointPartCount> kNames = {"powers",
                                                                  "slots.return",
                                                                  "window.episodes",
                                                                  "window.return",
                                                                  "window.entries",
                                                                  "solved_at_step",
                                                                  "trace",
                                                                  "params",
                                                                  "moment1",
                                                                  "moment2",
                                                                  "slots.length",
                                                                  "slots.state",
                                                                  "slots.discounted",
                                                                  "moments.count",
                                                                  "moments.mean",
                                                                  "moments.m2",
                                                                  "evaluated_at",
                                                                  "best.update",
                                                                  "best.return_mean",
                                                                  "best.return_std",
                                                                  "best.params",
                                                                  "best.moments.count",
                                                                  "best.moments.mean",
                                                                  "best.moments.m2",
                                                                  "stopped_at"};

}  // namespace

std::vector<TensorPlace> checkpoint_parts(const Config& config, std::int64_t E) {
  const EnvironmentInfo& environment = find_environment(config.env)->info();
  const std::int64_t K = config.num_seeds;
  const std::int64_t N = config.hyper.num_envs;
  const std::int64_t P = environment.layout(config.hyper.hidden_size).size();
  const std::int64_t S = environment.state_bytes;
  const std::int64_t moments = environment.observation_size + std::int64_t{1};
  std::vector<TensorPlace> parts;
  const auto add = [&](CheckpointPart part, Dtype dtype, std::vector<std::int64_t> shape) {
    parts.push_back({kNames[part], dtype, std::move(shape)});
  };
  const auto add_moments = [&](const MomentParts& place) {
    add(place.count, Dtype::i64, {K, moments});
    add(place.mean, Dtype::f64, {K, moments});
    add(place.m2, Dtype::f64, {K, moments});
  };
  add(kPowers, Dtype::f64, {K, 2});
  add(kSlotReturn, Dtype::f64, {K, N});
  add(kWindowEpisodes, Dtype::i64, {E});
  add(kWindowReturn, Dtype::f64, {E});
  add(kWindowEntries, Dtype::i64, {K});
  add(kSolvedAtStep, Dtype::i64, {K});
  add(kTrace, Dtype::u64, {K});
  for (const CheckpointPart part : {kParams, kMoment1, kMoment2}) add(part, Dtype::f32, {K, P});
  add(kSlotLength, Dtype::i32, {K, N});
  add(kSlotState, Dtype::u8, {K, N, S});
  if (normalises(config.hyper)) {
    add(kSlotDiscounted, Dtype::f64, {K, N});
    add_moments(kMoments);
  }
  if (config.evaluation.evaluates()) {
    add(kEvaluatedAt, Dtype::i64, {1});
    add(kBestUpdate, Dtype::i64, {K});
    add(kBestReturnMean, Dtype::f64, {K});
    add(kBestReturnStd, Dtype::f64, {K});
    add(kBestParams, Dtype::f32, {K, P});
    if (normalises(config.hyper)) add_moments(kBestMoments);
  }
  if (config.evaluation.stops()) add(kStoppedAt, Dtype::i64, {K});
  parts.push_back({"checksum", Dtype::u64, {1}});
  return parts;
}

const TensorPlace& tensor_of(const SafeTensorsImage& image, CheckpointPart part) {
  if (part <= kSlotState) return image.tensors[part];
  return *std::ranges::find(image.tensors, kNames[part], &TensorPlace::name);
}

std::uint64_t checkpoint_checksum(const SafeTensorsImage& image) {
  return fnv1a(image.bytes.data(), image.tensors.back().begin);
}

}  // namespace ppo
