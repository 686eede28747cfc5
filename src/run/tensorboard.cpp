#include "run/tensorboard.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "config/options.hpp"
#include "formats/protobuf.hpp"
#include "formats/tfrecord.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"

namespace ppo {
namespace {

// Field numbers are those of TensorFlow's event.proto, summary.proto and tensor.proto.

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Event
Message event(std::int64_t step) {
  return Message().number(1, seconds_since_1970()).integer(2, step);
}

/// Event: what the file is.
Message version_event() {
  return Message().number(1, seconds_since_1970()).text(3, "brain.Event:2");
}

/// Event: the config as a table in Markdown, for the text dashboard.
Message config_event(Config config, std::int64_t step) {
  std::string table = "|param|value|\n|-|-|";
  for (const Option& option : options()) {
    table += "\n|" + std::string(option.key) + '|' + value_text(config, option) + '|';
  }
  constexpr int kString = 7;
  const Message shape = Message().message(2, Message().integer(1, 1));                    // [1]
  const Message tensor = Message().integer(1, kString).message(2, shape).text(8, table);  // TensorProto
  const Message metadata = Message().message(1, Message().text(1, "text"));               // its plugin
  const Message value =
      Message().text(1, "hyperparameters/text_summary").message(9, metadata).message(8, tensor);
  return event(step).message(5, Message().message(1, value));
}

/// Event: a SessionLog that says START, at which readers forget what they know of this step and later ones.
Message start_event(std::int64_t step) {
  return event(step).message(7, Message().integer(1, 1));
}

/// Summary
class Scalars {
 public:
  void add(std::string_view tag, float value) {
    summary_.message(1, Message().text(1, tag).number(2, value));
  }
  void add(std::string_view tag, const std::optional<double>& value) {
    if (value) add(tag, static_cast<float>(*value));
  }
  const Message& summary() const { return summary_; }

 private:
  Message summary_;
};

/// Event: the numbers of one agent's update.
Message update_event(const Record& record, const Timing& timing) {
  const UpdateRow& row = record.row;
  Scalars scalars;
  scalars.add("charts/episodic_return", record.return_mean);
  scalars.add("charts/episodic_length", record.length_mean);
  scalars.add("charts/learning_rate", row.lr);
  scalars.add("charts/SPS", static_cast<float>(timing.steps_per_s));
  scalars.add("losses/value_loss", row.loss_value);
  scalars.add("losses/policy_loss", row.loss_policy);
  scalars.add("losses/entropy", row.entropy);
  scalars.add("losses/approx_kl", row.approx_kl);
  scalars.add("losses/clipfrac", row.clip_fraction);
  scalars.add("losses/explained_variance", record.explained_variance);
  return event(record.steps).message(5, scalars.summary());
}

/// Event: the numbers of one agent's evaluation.
Message evaluation_event(const EvalRecord& record) {
  Scalars scalars;
  scalars.add("eval/mean_reward", static_cast<float>(record.episodes.mean));
  scalars.add("eval/mean_ep_length", static_cast<float>(record.episodes.mean_length));
  return event(record.steps).message(5, scalars.summary());
}

/// "events.out.tfevents.<seconds>.<host>.<process>.0", as TensorBoard's own writers name theirs.
/// Readers take files in the order of their names, so this one's is behind all in the folder.
std::string event_file_name(const std::filesystem::path& folder) {
  constexpr std::string_view kBegin = "events.out.tfevents.";
  auto seconds = static_cast<std::int64_t>(seconds_since_1970());
  for (const std::filesystem::path& file : files_in(folder)) {
    const std::string name = file.filename();
    std::int64_t other = 0;
    if (!name.starts_with(kBegin)) continue;
    std::from_chars(name.data() + kBegin.size(), name.data() + name.size(), other);
    seconds = std::max(seconds, std::min(other, seconds + 1'000'000) + 1);
  }
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string(kBegin) + std::to_string(seconds) + '.' + file_name(host.data()) + '.' +
         std::to_string(::getpid()) + ".0";
}

}  // namespace

template <class Write>
void TensorBoardSink::attempt(Write write) {
  if (failure_) return;
  try {
    write();
  } catch (const std::exception& failure) {  // of ours, or of the file system library
    failure_ = failure.what();
    files_.clear();  // their descriptors may be what the rest of the run lacks
  }
}

TensorBoardSink::TensorBoardSink(const std::filesystem::path& folder, const Config& config,
                                 std::optional<std::int64_t> resumed_at) {
  attempt([&] { create_files(folder, config, resumed_at); });
}

void TensorBoardSink::create_files(const std::filesystem::path& folder, const Config& config,
                                   std::optional<std::int64_t> resumed_at) {
  // An update's events have the number of steps after it.
  const std::int64_t first_step = resumed_at ? *resumed_at * batch_size(config.hyper) + 1 : 0;
  for (std::int64_t k = 0; k < config.num_seeds; ++k) {
    Config alone = config;
    alone.hyper.seed += static_cast<std::uint64_t>(k);
    alone.num_seeds = 1;
    std::filesystem::path place = folder;
    if (config.num_seeds > 1) {
      place /= "seed" + std::to_string(alone.hyper.seed);
      create_folder(place);
    }
    std::string head = tfrecord(version_event().bytes());
    if (resumed_at) head += tfrecord(start_event(first_step).bytes());
    head += tfrecord(config_event(alone, first_step).bytes());
    files_.emplace_back(place / event_file_name(place), head);
  }
}

void TensorBoardSink::update(std::span<const Record> agents, const Timing& timing) {
  attempt([&] {
    for (const Record& record : agents) {
      files_[static_cast<std::size_t>(record.agent)].append(tfrecord(update_event(record, timing).bytes()));
    }
  });
}

void TensorBoardSink::evaluated(std::span<const EvalRecord> agents) {
  attempt([&] {
    for (const EvalRecord& record : agents) {
      files_[static_cast<std::size_t>(record.agent)].append(tfrecord(evaluation_event(record).bytes()));
    }
  });
}

}  // namespace ppo
