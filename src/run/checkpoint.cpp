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

void put_moments(SafeTensorsImage& image, const MomentParts& parts, std::size_t k,
                 std::span<const Moments<double>> moments) {
  for (std::size_t i = 0; i < moments.size(); ++i) {
    put_moments_at(image, parts, k * moments.size() + i, moments[i]);
  }
}

void get_moments(const SafeTensorsImage& image, const MomentParts& parts, std::size_t k,
                 std::span<Moments<double>> moments) {
  for (std::size_t i = 0; i < moments.size(); ++i) {
    moments[i] = moments_at(image, parts, k * moments.size() + i);
  }
}

void put_agent(SafeTensorsImage& image, std::size_t k, const AgentState& state, bool normalises) {
  for_each_array(state, [&](CheckpointPart part, const auto& numbers) {
    const std::span all(numbers);
    put(image, place(image, part, k, all.size_bytes()), all);
  });
  if (normalises) {
    const std::span discounted(state.slot_discounted);
    put(image, place(image, kSlotDiscounted, k, discounted.size_bytes()), discounted);
    put_moments(image, kMoments, k, state.moments);
  }
  put_one(image, kPowers, 2 * k, state.powers.beta1);
  put_one(image, kPowers, 2 * k + 1, state.powers.beta2);
  put_one(image, kTrace, k, state.trace);
}

void put_progress(SafeTensorsImage& image, const std::vector<AgentProgress::Memory>& progress, bool stops) {
  std::size_t entry = 0;
  for (std::size_t k = 0; k < progress.size(); ++k) {
    for (const ReturnWindow::Entry& update : progress[k].window) {
      put_one(image, kWindowReturn, entry, update.return_sum);
      put_one(image, kWindowEpisodes, entry, update.episodes);
      ++entry;
    }
    put_one(image, kWindowEntries, k, static_cast<std::int64_t>(progress[k].window.size()));
    put_one(image, kSolvedAtStep, k, progress[k].solved_at_step.value_or(0));
    if (stops) put_one(image, kStoppedAt, k, progress[k].stopped_at.value_or(0));
  }
}

void put_best(SafeTensorsImage& image, const Outcome& outcome) {
  put_one(image, kEvaluatedAt, 0, outcome.evaluated_at);
  for (std::size_t k = 0; k < outcome.best.size(); ++k) {
    if (!outcome.best[k]) continue;
    const auto& [score, policy] = *outcome.best[k];
    put_one(image, kBestUpdate, k, score.update);
    put_one(image, kBestReturnMean, k, score.return_mean);
    put_one(image, kBestReturnStd, k, score.return_std);
    const std::span<const float> params(policy.params);
    put(image, place(image, kBestParams, k, params.size_bytes()), params);
    put_moments(image, kBestMoments, k, policy.moments);
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
                            message(problem) + ", unlike any checkpoint of a run with this config");
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

/// The policies of all agents.
std::uint64_t policies_bytes(const Config& config) {
  const EnvironmentInfo& info = find_environment(config.env)->info();
  const auto P = static_cast<std::uint64_t>(info.layout(config.hyper.hidden_size).size());
  const auto O = static_cast<std::uint64_t>(info.observation_size);
  const std::uint64_t moments = normalises(config.hyper) ? (O + 1) * sizeof(Moments<double>) : 0;
  return static_cast<std::uint64_t>(config.num_seeds) * (P * sizeof(float) + moments);
}

/// All but the header.
std::uint64_t most_tensor_bytes(const Config& config) {
  const std::int64_t most_entries = config.num_seeds * static_cast<std::int64_t>(ReturnWindow::kMostEntries);
  std::uint64_t bytes = 0;
  for (const TensorPlace& tensor : checkpoint_parts(config, most_entries)) bytes += byte_size(tensor);
  return bytes;
}

}  // namespace

std::uint64_t evaluating_bytes(const Config& config) {
  return config.evaluation.evaluates() ? 2 * policies_bytes(config) : 0;
}

std::uint64_t keeping_bytes(const Config& config) {
  const std::uint64_t checkpoint = most_tensor_bytes(config);
  const std::uint64_t files = config.evaluation.evaluates() ? 3 : 1;  // of policies
  return checkpoint + checkpoint / static_cast<std::uint64_t>(config.num_seeds) +
         files * policies_bytes(config) + evaluating_bytes(config);
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
  put_progress(image, progress, config.evaluation.stops());
  if (config.evaluation.evaluates()) put_best(image, outcome);
  return image;
}

std::string seal(SafeTensorsImage copy) {
  const std::uint64_t checksum = checkpoint_checksum(copy);
  put<std::uint64_t>(copy, copy.tensors.back().begin, {&checksum, 1});
  return std::move(copy.bytes);
}

Checkpoint::Checkpoint(const std::filesystem::path& file, std::uint64_t most_bytes)
    : Checkpoint(read_checkpoint(file, most_bytes), file) {}

Checkpoint::Checkpoint(const std::filesystem::path& file)
    : Checkpoint(file, most_checkpoint_bytes(read_checkpoint_config(file))) {}

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
  if (normalises(head_.config.hyper)) {
    const std::span discounted(state.slot_discounted);
    get(image_, place(image_, kSlotDiscounted, index, discounted.size_bytes()), discounted);
    get_moments(image_, kMoments, index, state.moments);
  }
  state.seed = head_.config.hyper.seed + index;
  state.update = stopped_at(index).value_or(head_.update);
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
    all[k].stopped_at = stopped_at(k);
  }
  return all;
}

std::int64_t Checkpoint::steps(std::int64_t k) const {
  const std::int64_t updates = stopped_at(static_cast<std::size_t>(k)).value_or(head_.update);
  return updates * batch_size(head_.config.hyper);
}

std::optional<std::int64_t> Checkpoint::stopped_at(std::size_t k) const {
  if (!head_.config.evaluation.stops()) return std::nullopt;
  const auto update = get_one<std::int64_t>(image_, kStoppedAt, k);
  return update > 0 ? std::optional(update) : std::nullopt;
}

std::int64_t Checkpoint::evaluated_at() const {
  return head_.config.evaluation.evaluates() ? get_one<std::int64_t>(image_, kEvaluatedAt, 0) : 0;
}

std::vector<std::optional<BestPolicy>> Checkpoint::best() const {
  const Config& config = head_.config;
  std::vector<std::optional<BestPolicy>> all(static_cast<std::size_t>(config.num_seeds));
  if (!config.evaluation.evaluates()) return all;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto update = get_one<std::int64_t>(image_, kBestUpdate, k);
    if (update == 0) continue;
    auto& [score, policy] = all[k].emplace();
    score = {.update = update,
             .return_mean = get_one<double>(image_, kBestReturnMean, k),
             .return_std = get_one<double>(image_, kBestReturnStd, k)};
    policy.hyper = config.hyper;
    policy.params.resize(static_cast<std::size_t>(environment_->layout(config.hyper.hidden_size).size()));
    const std::span params(policy.params);
    get(image_, place(image_, kBestParams, k, params.size_bytes()), params);
    if (!normalises(config.hyper)) continue;
    policy.moments.resize(static_cast<std::size_t>(environment_->observation_size) + 1);
    get_moments(image_, kBestMoments, k, policy.moments);
  }
  return all;
}

}  // namespace ppo
