#include "run/checkpoint_reader.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "config/config_file.hpp"
#include "engine/environment.hpp"
#include "run/checkpoint_layout.hpp"
#include "run/policy.hpp"
#include "run/records.hpp"
#include "run/statistics.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Reads an image's content, refusing what no run writes.
class Reader {
 public:
  Reader(const SafeTensorsImage& image, const std::filesystem::path& file) : image_(image), file_(file) {}

  void check_format() const {
    if (text("format") != kCheckpointFormat) {
      const char* const problem = text("format") == kPolicyFormat
                                      ? " is a policy, not a checkpoint; write the folder of its run, with "
                                        "--best for best.safetensors"
                                      : " is not a checkpoint of ppo_train";
      throw DamagedCheckpoint(kWrongInput, printable(file_.native()) + problem);
    }
  }

  void check_whole() const {
    const TensorPlace* last = image_.tensors.empty() ? nullptr : &image_.tensors.back();
    if (last == nullptr || last->name != "checksum" || last->dtype != Dtype::u64 || last->size != 8) {
      refuse("it does not end with a checksum");
    }
    std::uint64_t expected = 0;
    get<std::uint64_t>(image_, last->begin, {&expected, 1});
    if (checkpoint_checksum(image_) != expected) refuse("its checksum does not match its contents");
  }

  void check_version() const {
    const std::string version = text("numerics_version");
    if (version == std::to_string(kNumericsVersion)) return;
    throw Failure(kWrongInput, printable(file_.native()) + " has numerics version " + quote(version) +
                                   ", this program " + std::to_string(kNumericsVersion) +
                                   ": the bits would not be the same; use the program that wrote it");
  }

  Config config() const { return parse_config(text("config"), printable(file_.native()) + " (its config)"); }

  std::int64_t update(const Config& config) const {
    const auto update = number<std::int64_t>("update");
    if (update < 0 || update > num_updates(config.hyper)) refuse("its update is beyond its config's updates");
    return update;
  }

  double wall_s() const {
    const auto seconds = number<double>("wall_s");
    if (!std::isfinite(seconds) || seconds < 0) refuse("its wall_s is not a valid time");
    return seconds;
  }

  /// Names, kinds and shapes are those that the config asks for, before anything of their sizes is allocated.
  void check_parts(const Config& config) const {
    if (image_.tensors.size() <= kWindowReturn || image_.tensors[kWindowReturn].shape.size() != 1) {
      refuse("it lacks tensors");
    }
    const std::vector<TensorPlace> expected =
        checkpoint_parts(config, image_.tensors[kWindowReturn].shape[0]);
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
        refuse("window.entries is out of range");
      }
      entries += count;
      const auto solved = get_one<std::int64_t>(image_, kSolvedAtStep, k);
      if (solved < 0 || solved > update * batch) refuse("solved_at_step is not in the past");
    }
    if (entries != image_.tensors[kWindowReturn].shape[0]) refuse("window.entries do not add up");
    for (std::size_t entry = 0; entry < static_cast<std::size_t>(entries); ++entry) {
      const auto episodes = get_one<std::int64_t>(image_, kWindowEpisodes, entry);
      if (episodes < 1 || episodes > batch) refuse("window.episodes is out of range");
      if (!std::isfinite(get_one<double>(image_, kWindowReturn, entry))) {
        refuse("window.return is not finite");
      }
    }
  }

  void check_agents(const Config& config) const {
    const auto is_power = [](double power) { return power >= 0 && power <= 1; };
    if (!all<double>(kPowers, is_power)) refuse("powers are not between 0 and 1");
    if (!all<float>(kParams, is_finite)) refuse("params are not finite");
    if (!all<float>(kMoment1, is_finite)) refuse("moment1 is not finite");
    if (!all<float>(kMoment2, is_size)) refuse("moment2 is negative or not finite");
    if (!all<double>(kSlotReturn, is_finite)) refuse("slots.return is not finite");
    const std::int32_t limit = config.hyper.max_episode_steps;
    const auto is_length = [&](std::int32_t length) { return length >= 0 && (limit == 0 || length < limit); };
    if (!all<std::int32_t>(kSlotLength, is_length)) refuse("slots.length is beyond the time limit");
  }

  void check_statistics(const Config& config) const {
    if (!normalises(config.hyper)) return;
    if (!all<double>(kSlotDiscounted, is_finite)) refuse("slots.discounted is not finite");
    check_moments("moments", kMoments);
  }

  void check_evaluations(const Config& config, std::int64_t update) const {
    if (!config.evaluation.evaluates()) return;
    const auto evaluated_at = get_one<std::int64_t>(image_, kEvaluatedAt, 0);
    if (evaluated_at < 0 || evaluated_at > update) refuse("evaluated_at is not in the past");
    if (!all<std::int64_t>(kBestUpdate, [&](std::int64_t at) { return at >= 0 && at <= evaluated_at; })) {
      refuse("best.update is not that of an evaluation");
    }
    if (!all<double>(kBestReturnMean, is_finite)) refuse("best.return_mean is not finite");
    if (!all<double>(kBestReturnStd, is_size)) refuse("best.return_std is negative or not finite");
    if (!all<float>(kBestParams, is_finite)) refuse("best.params are not finite");
    if (normalises(config.hyper)) check_moments("best.moments", kBestMoments);
  }

  void check_stops(const Config& config, std::int64_t update) const {
    if (!config.evaluation.stops()) return;
    if (!all<std::int64_t>(kStoppedAt, [&](std::int64_t at) { return at >= 0 && at <= update; })) {
      refuse("stopped_at is not in the past");
    }
  }

  [[noreturn]] void refuse(const std::string& problem) const {
    throw DamagedCheckpoint(kWrongInput, printable(file_.native()) + ": damaged: " + problem);
  }

 private:
  static constexpr auto is_finite = [](auto number) { return std::isfinite(number); };
  static constexpr auto is_size = [](auto number) { return number >= 0 && std::isfinite(number); };

  void check_moments(const std::string& name, const MomentParts& parts) const {
    const std::size_t count = tensor_of(image_, parts.count).size / sizeof(std::int64_t);
    for (std::size_t i = 0; i < count; ++i) {
      if (can_be_counted(moments_at(image_, parts, i), kMostReturn)) continue;
      refuse(name + ".count, .mean and .m2 are those of no numbers");
    }
  }

  template <class Number, class Holds>
  bool all(CheckpointPart part, const Holds& holds) const {
    const TensorPlace& tensor = tensor_of(image_, part);
    for (std::size_t i = 0; i < tensor.size / sizeof(Number); ++i) {
      Number number{};
      get<Number>(image_, tensor.begin + i * sizeof number, {&number, 1});
      if (!holds(number)) return false;
    }
    return true;
  }

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
      refuse(std::string(name) + " is not a number");
    }
    return number;
  }

  const SafeTensorsImage& image_;
  const std::filesystem::path& file_;
};

}  // namespace

Config read_checkpoint_config(const std::filesystem::path& file) {
  const SafeTensorsImage head{{}, {}, read_metadata(file, "checkpoint")};
  const Reader reader(head, file);
  reader.check_format();
  reader.check_version();
  return reader.config();
}

CheckpointHead check_checkpoint(const SafeTensorsImage& image, const std::filesystem::path& file) {
  const Reader reader(image, file);
  reader.check_format();
  reader.check_whole();
  reader.check_version();
  CheckpointHead head{.config = reader.config(), .update = 0, .wall_s = reader.wall_s()};
  head.update = reader.update(head.config);
  reader.check_parts(head.config);
  reader.check_progress(head.config, head.update);
  reader.check_agents(head.config);
  reader.check_statistics(head.config);
  reader.check_evaluations(head.config, head.update);
  reader.check_stops(head.config, head.update);
  return head;
}

}  // namespace ppo
