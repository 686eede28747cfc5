#include "sweep/folder/state_file.hpp"

#include <fmt/format.h>

#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "config/sweep/sweep_writer.hpp"
#include "formats/safetensors.hpp"
#include "ppo/hash.hpp"
#include "sweep/folder/state_json.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr const char* kFormat = "ppo_train sweep";

struct PartInfo {
  const char* name;
  Dtype dtype;
};
enum Part : std::size_t {
  kSlotReturn,
  kSlotDiscounted,
  kMomentCount,
  kMomentMean,
  kMomentM2,
  kPowers,
  kParams,
  kMoment1,
  kMoment2,
  kSlotLength,
  kSlotState,
  kProgress,
  kChecksum,
  kPartCount
};
constexpr PartInfo kParts[kPartCount] = {
    {"slots.return", Dtype::f64}, {"slots.discounted", Dtype::f64}, {"moments.count", Dtype::i64},
    {"moments.mean", Dtype::f64}, {"moments.m2", Dtype::f64},       {"powers", Dtype::f64},
    {"params", Dtype::f32},       {"moment1", Dtype::f32},          {"moment2", Dtype::f32},
    {"slots.length", Dtype::i32}, {"slots.state", Dtype::u8},       {"progress", Dtype::u8},
    {"checksum", Dtype::u64}};

/// Calls `array(part, numbers)` for all arrays of numbers of an agent's state, but its moments.
template <class State, class Array>
void for_each_array(State& state, const Array& array) {
  array(kSlotReturn, std::span(state.slot_return));
  array(kSlotDiscounted, std::span(state.slot_discounted));
  array(kParams, std::span(state.params));
  array(kMoment1, std::span(state.moment1));
  array(kMoment2, std::span(state.moment2));
  array(kSlotLength, std::span(state.slot_length));
  array(kSlotState, std::span(state.slot_state));
}

/// Calls `take` for each agent that has a state, in order.
template <class State, class Take>
void for_each_state(State& sweep, const Take& take) {
  for (auto* trials : {&sweep.trials, &sweep.confirmed}) {
    for (auto& trial : *trials) {
      for (auto& agent : trial.agents) {
        if (agent.state) take(*agent.state);
      }
    }
  }
}

using Counts = std::array<std::int64_t, kPartCount>;

/// How many numbers each part has.
Counts counts_of(const SweepState& sweep, std::size_t progress_bytes) {
  Counts counts{};
  for_each_state(sweep, [&](const AgentState& state) {
    for_each_array(
        state, [&](Part part, auto numbers) { counts[part] += static_cast<std::int64_t>(numbers.size()); });
    for (const Part part : {kMomentCount, kMomentMean, kMomentM2}) {
      counts[part] += static_cast<std::int64_t>(state.moments.size());
    }
    counts[kPowers] += 2;
  });
  counts[kProgress] = static_cast<std::int64_t>(progress_bytes);
  counts[kChecksum] = 1;
  return counts;
}

/// The parts of a file, each of which is written or read from its beginning on.
class Cursors {
 public:
  explicit Cursors(SafeTensorsImage& image) : image_(image) {
    for (const PartInfo& part : kParts) {
      begins_[&part - kParts] = std::ranges::find(image.tensors, part.name, &TensorPlace::name)->begin;
    }
  }

  template <class Number>
  void put(Part part, std::span<const Number> numbers) {
    ppo::put(image_, std::exchange(begins_[part], begins_[part] + numbers.size_bytes()), numbers);
  }
  template <class Number>
  void get(Part part, std::span<Number> numbers) {
    ppo::get(image_, std::exchange(begins_[part], begins_[part] + numbers.size_bytes()), numbers);
  }
  template <class Number>
  void put_one(Part part, Number number) {
    put(part, std::span<const Number>(&number, 1));
  }
  template <class Number>
  Number get_one(Part part) {
    Number number{};
    get(part, std::span<Number>(&number, 1));
    return number;
  }

 private:
  SafeTensorsImage& image_;
  std::size_t begins_[kPartCount];
};

void put_state(Cursors& cursors, const AgentState& state) {
  for_each_array(state, [&](Part part, auto numbers) { cursors.put(part, numbers); });
  for (const Moments<double>& moments : state.moments) {
    cursors.put_one(kMomentCount, moments.count);
    cursors.put_one(kMomentMean, moments.mean);
    cursors.put_one(kMomentM2, moments.m2);
  }
  cursors.put_one(kPowers, state.powers.beta1);
  cursors.put_one(kPowers, state.powers.beta2);
}

void get_state(Cursors& cursors, AgentState& state) {
  for_each_array(state, [&](Part part, auto numbers) { cursors.get(part, numbers); });
  for (Moments<double>& moments : state.moments) {
    moments.count = cursors.get_one<std::int64_t>(kMomentCount);
    moments.mean = cursors.get_one<double>(kMomentMean);
    moments.m2 = cursors.get_one<double>(kMomentM2);
  }
  state.powers.beta1 = cursors.get_one<double>(kPowers);
  state.powers.beta2 = cursors.get_one<double>(kPowers);
}

/// What fixes the result: how it runs may change on the way.
std::string plan_text(SweepConfig sweep) {
  sweep.config.run = {};
  return to_toml(sweep);
}

std::uint64_t checksum_of(const SafeTensorsImage& image) {
  return fnv1a(image.bytes.data(), image.tensors.back().begin);
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& problem) {
  throw Failure(kWrongInput,
                printable(file.native()) + ": " + problem + "; move it away to begin the sweep again");
}

/// The tensors as kParts says, whatever their lengths.
bool has_all_parts(const SafeTensorsImage& image) {
  if (image.tensors.size() != kPartCount || image.tensors.back().name != kParts[kChecksum].name) return false;
  return std::ranges::all_of(kParts, [&](const PartInfo& part) {
    const auto tensor = std::ranges::find(image.tensors, part.name, &TensorPlace::name);
    return tensor != image.tensors.end() && tensor->dtype == part.dtype;
  });
}

void check_image(const SweepConfig& sweep, const SafeTensorsImage& image, const std::filesystem::path& file) {
  const auto metadata = [&](const char* key) {
    const auto found = image.metadata.find(key);
    return found == image.metadata.end() ? std::string() : found->second;
  };
  if (metadata("format") != kFormat || !has_all_parts(image)) refuse(file, "this is no state of a sweep");
  if (metadata("numerics_version") != std::to_string(kNumericsVersion)) {
    refuse(file, fmt::format("it is of numerics version {}, this program has {}",
                             printable(metadata("numerics_version")), kNumericsVersion));
  }
  std::uint64_t checksum = 0;
  get<std::uint64_t>(image, image.tensors.back().begin, {&checksum, 1});
  if (checksum != checksum_of(image)) refuse(file, "its checksum is wrong, so it is damaged");
  if (metadata("sweep") != plan_text(sweep)) {
    throw Failure(kWrongInput,
                  printable(file.native()) +
                      ": sweep.toml has changed since this was saved, and a sweep goes on as it was "
                      "planned; restore sweep.toml, or start a new sweep from it");
  }
}

SafeTensorsImage read_state_image(const std::filesystem::path& file) {
  constexpr std::size_t kMost = std::size_t{1} << 40;
  try {
    return read_image(file, "state of a sweep", kMost);
  } catch (const Failure& failure) {
    throw Failure(failure.exit_code, std::string(failure.what()) + "; move it away to begin the sweep again");
  }
}

SweepState read_image_state(const SweepConfig& sweep, SafeTensorsImage& image) {
  Cursors cursors(image);
  const auto& progress = *std::ranges::find(image.tensors, kParts[kProgress].name, &TensorPlace::name);
  std::string text(progress.size, '\0');
  cursors.get(kProgress, std::span(text));
  SweepState state = read_progress(sweep, nlohmann::json::parse(text));
  const Counts counts = counts_of(state, text.size());
  for (std::size_t part = 0; part < kPartCount; ++part) {
    const auto& tensor = *std::ranges::find(image.tensors, kParts[part].name, &TensorPlace::name);
    if (tensor.shape != std::vector{counts[part]}) {
      throw Failure(kWrongInput, fmt::format("{} has another size than the agents", tensor.name));
    }
  }
  for_each_state(state, [&](AgentState& agent) { get_state(cursors, agent); });
  return state;
}

}  // namespace

std::string state_file(const SweepConfig& sweep, const SweepState& state) {
  const std::string progress = progress_json(sweep, state).dump();
  const Counts counts = counts_of(state, progress.size());
  std::vector<TensorPlace> tensors;
  for (std::size_t part = 0; part < kPartCount; ++part) {
    tensors.push_back({kParts[part].name, kParts[part].dtype, {counts[part]}});
  }
  SafeTensorsImage image =
      lay_out(std::move(tensors), {{"format", kFormat},
                                   {"numerics_version", std::to_string(kNumericsVersion)},
                                   {"sweep", plan_text(sweep)}});
  Cursors cursors(image);
  cursors.put(kProgress, std::span<const char>(progress));
  for_each_state(state, [&](const AgentState& agent) { put_state(cursors, agent); });
  cursors.put_one(kChecksum, checksum_of(image));
  return std::move(image.bytes);
}

SweepState read_state(const SweepConfig& sweep, const std::filesystem::path& file) {
  SafeTensorsImage image = read_state_image(file);
  check_image(sweep, image, file);
  try {
    return read_image_state(sweep, image);
  } catch (const nlohmann::json::exception& error) {
    refuse(file, std::string("its progress cannot be read: ") + error.what());
  } catch (const Failure& failure) {
    refuse(file, failure.what());
  }
}

}  // namespace ppo
