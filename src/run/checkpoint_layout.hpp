// The layout of a checkpoint's tensors in its file, for writers and readers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "formats/safetensors.hpp"
#include "ppo/gae.hpp"

namespace ppo {

inline constexpr const char* kCheckpointFormat = "ppo_train checkpoint";

/// The tensors in the order of the file, before the checksum. All files have those up to kSlotState.
enum CheckpointPart : std::size_t {
  kPowers,
  kSlotReturn,
  kWindowEpisodes,  // before kWindowReturn: readers sort tensors without content by name
  kWindowReturn,
  kWindowEntries,
  kSolvedAtStep,
  kTrace,
  kParams,
  kMoment1,
  kMoment2,
  kSlotLength,
  kSlotState,
  kSlotDiscounted,  // this and the next three: of a run that normalises
  kMomentCount,
  kMomentMean,
  kMomentM2,
  kEvaluatedAt,  // this and what follows: of a run that is evaluated; the last three if it normalises, too
  kBestUpdate,
  kBestReturnMean,
  kBestReturnStd,
  kBestParams,
  kBestMomentCount,
  kBestMomentMean,
  kBestMomentM2,
  kStoppedAt,  // of a run with stop_at_return
  kCheckpointPartCount
};

/// Where moments are.
struct MomentParts {
  CheckpointPart count, mean, m2;
};
inline constexpr MomentParts kMoments{kMomentCount, kMomentMean, kMomentM2};
inline constexpr MomentParts kBestMoments{kBestMomentCount, kBestMomentMean, kBestMomentM2};

/// Their names, kinds and shapes; E: entries of all agents' windows.
std::vector<TensorPlace> checkpoint_parts(const Config& config, std::int64_t E);

/// Of all bytes before the last tensor's.
std::uint64_t checkpoint_checksum(const SafeTensorsImage& image);

/// Calls `array(part, numbers)` for each array of an agent's state that every run saves.
template <class State, class Array>
void for_each_array(State& state, const Array& array) {
  array(kSlotReturn, state.slot_return);
  array(kParams, state.params);
  array(kMoment1, state.moment1);
  array(kMoment2, state.moment2);
  array(kSlotLength, state.slot_length);
  array(kSlotState, state.slot_state);
}

/// A tensor that the image has.
const TensorPlace& tensor_of(const SafeTensorsImage& image, CheckpointPart part);

/// Where the numbers of agent k begin, of which each agent has `bytes`.
inline std::size_t place(const SafeTensorsImage& image, CheckpointPart part, std::size_t k,
                         std::size_t bytes) {
  return tensor_of(image, part).begin + k * bytes;
}

template <class Number>
void put_one(SafeTensorsImage& image, CheckpointPart part, std::size_t index, Number number) {
  put<Number>(image, place(image, part, index, sizeof number), {&number, 1});
}

template <class Number>
Number get_one(const SafeTensorsImage& image, CheckpointPart part, std::size_t index) {
  Number number{};
  get<Number>(image, place(image, part, index, sizeof number), {&number, 1});
  return number;
}

inline void put_moments_at(SafeTensorsImage& image, const MomentParts& parts, std::size_t index,
                           const Moments<double>& moments) {
  put_one(image, parts.count, index, moments.count);
  put_one(image, parts.mean, index, moments.mean);
  put_one(image, parts.m2, index, moments.m2);
}

inline Moments<double> moments_at(const SafeTensorsImage& image, const MomentParts& parts,
                                  std::size_t index) {
  return {get_one<std::int64_t>(image, parts.count, index), get_one<double>(image, parts.mean, index),
          get_one<double>(image, parts.m2, index)};
}

}  // namespace ppo
