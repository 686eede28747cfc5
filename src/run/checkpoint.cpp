#include "run/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "config/config_file.hpp"
#include "config/text.hpp"
#include "config/toml_writer.hpp"
#include "memory.hpp"
#include "ppo/hash.hpp"

namespace ppo {
namespace {

constexpr const char* kFormat = "ppo_train checkpoint";

/// The tensors in the order of the file.
enum Part : std::size_t {
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
  kChecksum
};

/// E: entries of all agents' windows.
std::vector<TensorPlace> parts(const Config& config, std::int64_t E) {
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

/// Calls `array(part, numbers)` for each array of the state.
template <class State, class Array>
void for_each_array(State& state, const Array& array) {
  array(kSlotReturn, state.slot_return);
  array(kParams, state.params);
  array(kMoment1, state.moment1);
  array(kMoment2, state.moment2);
  array(kSlotLength, state.slot_length);
  array(kSlotState, state.slot_state);
}

/// Where the numbers of agent k begin, of which each agent has `bytes`.
std::size_t place(const SafeTensorsImage& image, Part part, std::size_t k, std::size_t bytes) {
  return image.tensors[part].begin + k * bytes;
}

template <class Number>
void put_one(SafeTensorsImage& image, Part part, std::size_t index, Number number) {
  put<Number>(image, place(image, part, index, sizeof number), {&number, 1});
}

template <class Number>
Number get_one(const SafeTensorsImage& image, Part part, std::size_t index) {
  Number number{};
  get<Number>(image, place(image, part, index, sizeof number), {&number, 1});
  return number;
}

void put_agent(SafeTensorsImage& image, std::size_t k, const AgentState& state) {
  for_each_array(state, [&](Part part, const auto& numbers) {
    const std::span all(numbers);
    put(image, place(image, part, k, all.size_bytes()), all);
  });
  put_one(image, kPowers, 2 * k, state.powers.beta1);
  put_one(image, kPowers, 2 * k + 1, state.powers.beta2);
  put_one(image, kTrace, k, state.trace);
}

void put_progress(SafeTensorsImage& image, const std::vector<AgentProgress::Memory>& progress) {
  std::size_t entry = 0;
  for (std::size_t k = 0; k < progress.size(); ++k) {
    for (const ReturnWindow::Entry& update : progress[k].window) {
      put_one(image, kWindowReturn, entry, update.return_sum);
      put_one(image, kWindowEpisodes, entry, update.episodes);
      ++entry;
    }
    put_one(image, kWindowEntries, k, static_cast<std::int64_t>(progress[k].window.size()));
    put_one(image, kSolvedAtStep, k, progress[k].solved_at_step.value_or(0));
  }
}

/// Of all bytes before the last tensor's.
std::uint64_t checksum(const SafeTensorsImage& image) {
  return fnv1a(image.bytes.data(), image.tensors.back().begin);
}

template <class Number>
std::string shortest(Number number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

/// Reads an image's content, refusing what no run writes.
class Reader {
 public:
  Reader(const SafeTensorsImage& image, const std::filesystem::path& file) : image_(image), file_(file) {}

  void check_whole() const {
    if (text("format") != kFormat) {
      throw DamagedCheckpoint(kWrongInput, printable(file_.native()) + " is no checkpoint of ppo_train");
    }
    const TensorPlace* last = image_.tensors.empty() ? nullptr : &image_.tensors.back();
    if (last == nullptr || last->name != "checksum" || last->dtype != Dtype::u64 || last->size != 8) {
      refuse("it does not end in its checksum");
    }
    std::uint64_t expected = 0;
    get<std::uint64_t>(image_, last->begin, {&expected, 1});
    if (checksum(image_) != expected) refuse("its checksum is not that of its bytes");
  }

  void check_version() const {
    const std::string version = text("numerics_version");
    if (version == std::to_string(kNumericsVersion)) return;
    throw Failure(kWrongInput,
                  printable(file_.native()) + " has numerics version " + quote(version) + ", this program " +
                      std::to_string(kNumericsVersion) +
                      ": the run would not go on with the same bits; resume it with the program that "
                      "wrote it");
  }

  Config config() const { return parse_config(text("config"), printable(file_.native()) + " (its config)"); }

  std::int64_t update(const Config& config) const {
    const auto update = number<std::int64_t>("update");
    if (update < 0 || update > num_updates(config.hyper)) refuse("its update is not one of its config's");
    return update;
  }

  double wall_s() const {
    const auto seconds = number<double>("wall_s");
    if (!std::isfinite(seconds) || seconds < 0) refuse("its wall_s is no time");
    return seconds;
  }

  /// Names, kinds and shapes are those that the config asks for, before anything of their sizes is allocated.
  void check_parts(const Config& config) const {
    if (image_.tensors.size() <= kWindowReturn || image_.tensors[kWindowReturn].shape.size() != 1) {
      refuse("it lacks tensors");
    }
    const std::vector<TensorPlace> expected = parts(config, image_.tensors[kWindowReturn].shape[0]);
    if (image_.tensors.size() != expected.size()) refuse("it lacks tensors, or has too many");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const TensorPlace& found = image_.tensors[i];
      if (found.name == expected[i].name && found.dtype == expected[i].dtype &&
          found.shape == expected[i].shape) {
        continue;
      }
      refuse("tensor " + quote(found.name) + " is not the " + expected[i].name + " of its config");
    }
  }

  void check_progress(const Config& config, std::int64_t update) const {
    const std::int64_t batch = batch_size(config.hyper);
    std::int64_t entries = 0;
    for (std::size_t k = 0; k < static_cast<std::size_t>(config.num_seeds); ++k) {
      const auto count = get_one<std::int64_t>(image_, kWindowEntries, k);
      if (count < 0 || count > static_cast<std::int64_t>(ReturnWindow::kMostEntries)) {
        refuse("window.entries cannot be so many");
      }
      entries += count;
      const auto solved = get_one<std::int64_t>(image_, kSolvedAtStep, k);
      if (solved < 0 || solved > update * batch) refuse("solved_at_step is not in the past");
    }
    if (entries != image_.tensors[kWindowReturn].shape[0]) refuse("window.entries do not add up");
    for (std::size_t entry = 0; entry < static_cast<std::size_t>(entries); ++entry) {
      const auto episodes = get_one<std::int64_t>(image_, kWindowEpisodes, entry);
      if (episodes < 1 || episodes > batch) refuse("window.episodes cannot be so many");
      if (!std::isfinite(get_one<double>(image_, kWindowReturn, entry))) {
        refuse("window.return is not finite");
      }
    }
  }

  void check_agent(const Config& config, const AgentState& state) const {
    const auto is_power = [](double power) { return power >= 0 && power <= 1; };
    if (!is_power(state.powers.beta1) || !is_power(state.powers.beta2)) refuse("powers are not 0 to 1");
    if (!std::all_of(state.params.begin(), state.params.end(), [](float p) { return std::isfinite(p); })) {
      refuse("params are not finite");
    }
    const std::int32_t limit = config.hyper.max_episode_steps;
    const std::int32_t most = limit == 0 ? std::numeric_limits<std::int32_t>::max() : limit;
    const auto is_length = [&](std::int32_t length) { return length >= 0 && length < most; };
    if (!std::all_of(state.slot_length.begin(), state.slot_length.end(), is_length)) {
      refuse("slots.length is beyond the time limit");
    }
  }

  [[noreturn]] void refuse(const std::string& problem) const {
    throw DamagedCheckpoint(kWrongInput, printable(file_.native()) + ": damaged: " + problem);
  }

 private:
  /// Metadata; empty if there is none of that name.
  std::string text(const char* name) const {
    const auto found = image_.metadata.find(name);
    return found == image_.metadata.end() ? "" : found->second;
  }

  template <class Number>
  Number number(const char* name) const {
    const std::string given = text(name);
    Number number{};
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size()) {
      refuse(std::string(name) + " is no number");
    }
    return number;
  }

  const SafeTensorsImage& image_;
  const std::filesystem::path& file_;
};

template <class Make>
SafeTensorsImage image_from(const Make& make) {
  try {
    return make();
  } catch (const Failure& failure) {
    throw DamagedCheckpoint(failure.exit_code, failure.what());
  }
}

}  // namespace

std::string checkpoint_bytes(const Config& config, const Engine& engine, const Outcome& outcome) {
  std::vector<AgentProgress::Memory> progress;
  std::int64_t entries = 0;
  for (const AgentProgress& agent : outcome.agents) {
    progress.push_back(agent.memory());
    entries += static_cast<std::int64_t>(progress.back().window.size());
  }
  SafeTensorsImage image =
      lay_out(parts(config, entries), {{"format", kFormat},
                                       {"numerics_version", std::to_string(kNumericsVersion)},
                                       {"config", to_toml(config)},
                                       {"update", std::to_string(outcome.updates)},
                                       {"wall_s", shortest(outcome.wall_s)}});
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    put_agent(image, static_cast<std::size_t>(k), engine.save(k));
  }
  put_progress(image, progress);
  put_one(image, kChecksum, 0, checksum(image));
  return std::move(image.bytes);
}

Checkpoint::Checkpoint(const std::filesystem::path& file)
    : Checkpoint(image_from([&] { return read_image(file, "checkpoint", available_memory() / 2); }), file) {}

Checkpoint::Checkpoint(std::string bytes, const std::filesystem::path& file)
    : Checkpoint(image_from([&] { return parse_image(std::move(bytes), file.native(), "checkpoint"); }),
                 file) {}

Checkpoint::Checkpoint(SafeTensorsImage image, const std::filesystem::path& file) : image_(std::move(image)) {
  const Reader reader(image_, file);
  reader.check_whole();
  reader.check_version();
  config_ = reader.config();
  environment_ = &find_environment(config_.env)->info();
  update_ = reader.update(config_);
  wall_s_ = reader.wall_s();
  reader.check_parts(config_);
  reader.check_progress(config_, update_);
  for (std::int64_t k = 0; k < config_.num_seeds; ++k) reader.check_agent(config_, agent(k));
}

AgentState Checkpoint::agent(std::int64_t k) const {
  const auto index = static_cast<std::size_t>(k);
  AgentState state(*environment_, config_.hyper);
  for_each_array(state, [&](Part part, auto& numbers) {
    const std::span all(numbers);
    get(image_, place(image_, part, index, all.size_bytes()), all);
  });
  state.seed = config_.hyper.seed + index;
  state.update = update_;
  state.powers.beta1 = get_one<double>(image_, kPowers, 2 * index);
  state.powers.beta2 = get_one<double>(image_, kPowers, 2 * index + 1);
  state.trace = get_one<std::uint64_t>(image_, kTrace, index);
  return state;
}

std::vector<AgentProgress::Memory> Checkpoint::progress() const {
  std::vector<AgentProgress::Memory> all(static_cast<std::size_t>(config_.num_seeds));
  std::size_t entry = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto end = entry + static_cast<std::size_t>(get_one<std::int64_t>(image_, kWindowEntries, k));
    for (; entry < end; ++entry) {
      all[k].window.push_back({get_one<std::int64_t>(image_, kWindowEpisodes, entry),
                               get_one<double>(image_, kWindowReturn, entry)});
    }
    const auto solved = get_one<std::int64_t>(image_, kSolvedAtStep, k);
    if (solved > 0) all[k].solved_at_step = solved;
  }
  return all;
}

}  // namespace ppo
