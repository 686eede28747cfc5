#include "run/checkpoint.hpp"

#include <utility>

#include "config/toml_writer.hpp"
#include "config/value.hpp"
#include "run/checkpoint_layout.hpp"
#include "system/memory.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

void put_statistics(SafeTensorsImage& image, std::size_t k, const AgentState& state) {
  const std::span discounted(state.slot_discounted);
  put(image, place(image, kSlotDiscounted, k, discounted.size_bytes()), discounted);
  for (std::size_t i = 0; i < state.moments.size(); ++i) {
    const std::size_t index = k * state.moments.size() + i;
    put_one(image, kMomentCount, index, state.moments[i].count);
    put_one(image, kMomentMean, index, state.moments[i].mean);
    put_one(image, kMomentM2, index, state.moments[i].m2);
  }
}

void get_statistics(const SafeTensorsImage& image, std::size_t k, AgentState& state) {
  const std::span discounted(state.slot_discounted);
  get(image, place(image, kSlotDiscounted, k, discounted.size_bytes()), discounted);
  for (std::size_t i = 0; i < state.moments.size(); ++i) {
    const std::size_t index = k * state.moments.size() + i;
    state.moments[i] = {get_one<std::int64_t>(image, kMomentCount, index),
                        get_one<double>(image, kMomentMean, index), get_one<double>(image, kMomentM2, index)};
  }
}

void put_agent(SafeTensorsImage& image, std::size_t k, const AgentState& state, bool normalises) {
  for_each_array(state, [&](CheckpointPart part, const auto& numbers) {
    const std::span all(numbers);
    put(image, place(image, part, k, all.size_bytes()), all);
  });
  if (normalises) put_statistics(image, k, state);
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

std::string read_checkpoint(const std::filesystem::path& file, std::uint64_t most_bytes) {
  const auto message = [&](const Unreadable& problem) {
    return printable(file.native()) + ": not a readable checkpoint: it " + problem.what();
  };
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size <= most_bytes && size > available_memory()) {
    throw Failure(kWrongInput, printable(file.native()) + " needs " + needed_text(static_cast<double>(size)) +
                                   " of memory and " + available_text(available_memory()) +
                                   " are available; free some, or continue on a larger machine");
  }
  try {
    return read_file(file, most_bytes);
  } catch (const TooLarge& problem) {
    throw DamagedCheckpoint(kWrongInput,
                            message(problem) + ", unlike any checkpoint of a run with this config.toml");
  } catch (const Unreadable& problem) {
    throw Failure(kWrongInput, message(problem));
  }
}

SafeTensorsImage parse_checkpoint(std::string bytes, const std::filesystem::path& file) {
  try {
    return parse_image(std::move(bytes), file.native(), "checkpoint");
  } catch (const Failure& failure) {
    throw DamagedCheckpoint(failure.exit_code, failure.what());
  }
}

/// All but the header.
std::uint64_t most_tensor_bytes(const Config& config) {
  const std::int64_t most_entries = config.num_seeds * static_cast<std::int64_t>(ReturnWindow::kMostEntries);
  std::uint64_t bytes = 0;
  for (const TensorPlace& tensor : checkpoint_parts(config, most_entries)) bytes += byte_size(tensor);
  return bytes;
}

}  // namespace

std::uint64_t keeping_bytes(const Config& config) {
  const auto K = static_cast<std::uint64_t>(config.num_seeds);
  const auto P = static_cast<std::uint64_t>(
      find_environment(config.env)->info().layout(config.hyper.hidden_size).size());
  const std::uint64_t checkpoint = most_tensor_bytes(config);
  return checkpoint + checkpoint / K + K * P * sizeof(float);
}

std::uint64_t most_checkpoint_bytes(const Config& config) {
  return sizeof(std::uint64_t) + kMostHeaderBytes + most_tensor_bytes(config);
}

SafeTensorsImage copy_state(const Config& config, const Engine& engine, const Outcome& outcome) {
  std::vector<AgentProgress::Memory> progress;
  std::int64_t entries = 0;
  for (const AgentProgress& agent : outcome.agents) {
    progress.push_back(agent.memory());
    entries += static_cast<std::int64_t>(progress.back().window.size());
  }
  SafeTensorsImage image =
      lay_out(checkpoint_parts(config, entries), {{"format", kCheckpointFormat},
                                                  {"numerics_version", std::to_string(kNumericsVersion)},
                                                  {"config", to_toml(config)},
                                                  {"update", std::to_string(outcome.updates)},
                                                  {"wall_s", shortest(outcome.wall_s)}});
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    put_agent(image, static_cast<std::size_t>(k), engine.save(k), normalises(config.hyper));
  }
  put_progress(image, progress);
  return image;
}

std::string seal(SafeTensorsImage copy) {
  const std::uint64_t checksum = checkpoint_checksum(copy);
  put<std::uint64_t>(copy, copy.tensors.back().begin, {&checksum, 1});
  return std::move(copy.bytes);
}

Checkpoint::Checkpoint(const std::filesystem::path& file, std::uint64_t most_bytes)
    : Checkpoint(read_checkpoint(file, most_bytes), file) {}

Checkpoint::Checkpoint(std::string bytes, const std::filesystem::path& file)
    : Checkpoint(parse_checkpoint(std::move(bytes), file), file) {}

Checkpoint::Checkpoint(SafeTensorsImage image, const std::filesystem::path& file)
    : file_(file),
      image_(std::move(image)),
      head_(check_checkpoint(image_, file)),
      environment_(&find_environment(head_.config.env)->info()) {}

AgentState Checkpoint::agent(std::int64_t k) const {
  const auto index = static_cast<std::size_t>(k);
  AgentState state(*environment_, head_.config.hyper);
  for_each_array(state, [&](CheckpointPart part, auto& numbers) {
    const std::span all(numbers);
    get(image_, place(image_, part, index, all.size_bytes()), all);
  });
  if (normalises(head_.config.hyper)) get_statistics(image_, index, state);
  state.seed = head_.config.hyper.seed + index;
  state.update = head_.update;
  state.powers.beta1 = get_one<double>(image_, kPowers, 2 * index);
  state.powers.beta2 = get_one<double>(image_, kPowers, 2 * index + 1);
  state.trace = get_one<std::uint64_t>(image_, kTrace, index);
  return state;
}

std::vector<AgentProgress::Memory> Checkpoint::progress() const {
  std::vector<AgentProgress::Memory> all(static_cast<std::size_t>(head_.config.num_seeds));
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
