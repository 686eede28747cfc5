// Whatever a run has not written is refused as a checkpoint.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <ostream>

#include "ppo/hash.hpp"
#include "run/policy.hpp"
#include "unit/run/small_checkpoints.hpp"

namespace ppo::test {
namespace {

/// The error that the bytes give; empty if they give none.
std::string error_of(const std::string& bytes) {
  try {
    const Checkpoint checkpoint(bytes, "file.safetensors");
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    return failure.what();
  }
}

void expect_refused(const std::string& bytes) {
  const std::string error = error_of(bytes);
  EXPECT_TRUE(error.starts_with("file.safetensors")) << error;
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
}

/// In parts, so that they can run side by side.
constexpr std::size_t kParts = 4;
class CheckpointDamage : public ::testing::TestWithParam<std::size_t> {};

TEST_P(CheckpointDamage, OfAnyByteIsSeen) {
  std::string bytes = checkpoint_of(small_config(), 7);
  ASSERT_EQ(error_of(bytes), "");
  for (std::size_t i = GetParam(); i < bytes.size(); i += kParts) {
    const char before = bytes[i];
    bytes[i] = static_cast<char>(before ^ (1 << (i / kParts % 8)));
    if (error_of(bytes).empty()) ADD_FAILURE() << "byte " << i;
    bytes[i] = before;
  }
}

TEST_P(CheckpointDamage, ByEveryCutIsSeen) {
  const std::string bytes = checkpoint_of(small_config(), 7);
  for (std::size_t size = GetParam(); size < bytes.size(); size += kParts) {
    if (error_of(bytes.substr(0, size)).empty()) ADD_FAILURE() << "cut to " << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Part, CheckpointDamage, ::testing::Range(std::size_t{0}, kParts));

TEST(Checkpoint, LongerThanItIsIsRefused) {
  const std::string bytes = checkpoint_of(small_config(), 1);
  expect_refused(bytes + '\0');
  expect_refused(bytes + bytes);
}

/// A checkpoint with one thing wrong, and its checksum right.
struct Forgery {
  std::string name;
  std::function<void(SafeTensorsImage&)> forge;
  std::string says;  // what the error must contain
  bool normalises = false;
  bool evaluates = false;
};

std::ostream& operator<<(std::ostream& out, const Forgery& forgery) {
  return out << forgery.name;
}

/// The image laid out anew, as its metadata and tensors are now, with a checksum that is right.
std::string sealed(const SafeTensorsImage& forged, const SafeTensorsImage& original) {
  SafeTensorsImage image = lay_out(forged.tensors, forged.metadata);
  for (TensorPlace& place : image.tensors) {
    for (std::size_t i = 0; i < original.tensors.size(); ++i) {
      const TensorPlace& from = original.tensors[i];
      if (from.name == place.name && from.size == place.size) {
        image.bytes.replace(place.begin, place.size, forged.bytes, from.begin, from.size);
      }
    }
  }
  const std::size_t end = image.bytes.size() - 8;
  put<std::uint64_t>(image, end, std::vector<std::uint64_t>{fnv1a(image.bytes.data(), end)});
  return image.bytes;
}

class CheckpointForgery : public ::testing::TestWithParam<Forgery> {};

TEST_P(CheckpointForgery, IsRefusedInOneLine) {
  Config config = small_config(2);
  config.hyper.norm_obs = GetParam().normalises;
  if (GetParam().evaluates) config.evaluation = {.eval_every = 2, .stop_at_return = 5};
  const SafeTensorsImage original = parse_image(checkpoint_of(config, 9), "file", "checkpoint");
  ASSERT_EQ(error_of(sealed(original, original)), "");
  SafeTensorsImage forged = original;
  GetParam().forge(forged);
  const std::string bytes = sealed(forged, original);
  expect_refused(bytes);
  EXPECT_NE(error_of(bytes).find(GetParam().says), std::string::npos) << error_of(bytes);
}

template <class Number>
std::function<void(SafeTensorsImage&)> number(const std::string& tensor, std::size_t index, Number value) {
  return [=](SafeTensorsImage& image) {
    for (const TensorPlace& place : image.tensors) {
      if (place.name != tensor) continue;
      ASSERT_LT(index * sizeof value, place.size);
      put<Number>(image, place.begin + index * sizeof value, std::vector<Number>{value});
    }
  };
}

std::function<void(SafeTensorsImage&)> metadata(const std::string& key, const std::string& value) {
  return [=](SafeTensorsImage& image) { image.metadata[key] = value; };
}

std::function<void(SafeTensorsImage&)> config_line(const std::string& line) {
  return [=](SafeTensorsImage& image) {
    std::string& config = image.metadata["config"];
    const std::string key = line.substr(0, line.find('='));
    const std::size_t at = config.find("\n" + key) + 1;
    config.replace(at, config.find('\n', at) - at, line);
  };
}

TEST(Checkpoint, OfAnEndlessEpisodeIsTaken) {
  Config config = small_config();
  config.hyper.max_episode_steps = 0;
  const SafeTensorsImage original = parse_image(checkpoint_of(config, 9), "file", "checkpoint");
  for (const std::int32_t length : {0, INT32_MAX}) {
    SafeTensorsImage endless = original;
    number("slots.length", 2, length)(endless);
    EXPECT_EQ(error_of(sealed(endless, original)), "");
  }
}

TEST(Checkpoint, OfAProgramThatDoesNotEvaluateIsTaken) {
  const SafeTensorsImage original = parse_image(checkpoint_of(small_config(), 9), "file", "checkpoint");
  SafeTensorsImage old = original;
  std::string& config = old.metadata["config"];
  config.resize(config.find("# Evaluation"));
  EXPECT_EQ(error_of(sealed(old, original)), "");
}

using Floats = std::numeric_limits<float>;
using Doubles = std::numeric_limits<double>;
const std::vector<Forgery> kForgeries = {
    {"no_format", [](SafeTensorsImage& image) { image.metadata.erase("format"); }, "not a checkpoint"},
    {"another_format", metadata("format", "else"), "is not a checkpoint of ppo_train"},
    {"a_policy", metadata("format", kPolicyFormat), "is a policy, not a checkpoint; write the folder"},
    {"other_numerics", metadata("numerics_version", "1"), "numerics version '1'"},
    {"numerics_of_control_characters", metadata("numerics_version", "\x1b[31m\n"), "\\x1b[31m"},
    {"no_update", [](SafeTensorsImage& image) { image.metadata.erase("update"); }, "update"},
    {"negative_update", metadata("update", "-1"), "update"},
    {"late_update", metadata("update", "101"), "update"},
    {"huge_update", metadata("update", "99999999999999999999"), "update"},
    {"wall_s_nan", metadata("wall_s", "nan"), "wall_s"},
    {"wall_s_negative", metadata("wall_s", "-1"), "wall_s"},
    {"wall_s_text", metadata("wall_s", "1s"), "wall_s"},
    {"no_config", metadata("config", "}"), "config"},
    {"config_of_other_sizes", config_line("num_envs = 4"), "slots.return"},
    {"config_of_huge_sizes",
     [](SafeTensorsImage& image) {
       config_line("num_envs = 1048576")(image);
       config_line("total_timesteps = 1000000000000")(image);
     },
     "slots.return"},
    {"config_of_more_agents", config_line("num_seeds = 65536"), "powers"},
    {"unknown_environment", config_line("env = \"nowhere\""), "env"},
    {"param_nan", number("params", 9154, Floats::quiet_NaN()), "params"},
    {"param_infinite", number("params", 9155 + 3, -Floats::infinity()), "params"},
    {"moment1_nan", number("moment1", 7, Floats::quiet_NaN()), "moment1"},
    {"moment2_negative", number("moment2", 9154, -Floats::denorm_min()), "moment2"},
    {"moment2_infinite", number("moment2", 0, Floats::infinity()), "moment2"},
    {"episode_return_nan", number("slots.return", 4, Doubles::quiet_NaN()), "slots.return"},
    {"power_nan", number("powers", 0, Doubles::quiet_NaN()), "powers"},
    {"power_above_1", number("powers", 3, 1.5), "powers"},
    {"length_negative", number("slots.length", 2, std::int32_t{-1}), "slots.length"},
    {"length_at_limit", number("slots.length", 5, std::int32_t{6}), "slots.length"},
    {"window_negative", number("window.entries", 0, std::int64_t{-1}), "window.entries"},
    {"window_too_long", number("window.entries", 1, std::int64_t{101}), "window.entries"},
    {"window_short", number("window.entries", 0, std::int64_t{0}), "window.entries"},
    {"no_episodes", number("window.episodes", 0, std::int64_t{0}), "window.episodes"},
    {"too_many_episodes", number("window.episodes", 1, std::int64_t{25}), "window.episodes"},
    {"return_infinite", number("window.return", 0, Doubles::infinity()), "window.return"},
    {"solved_in_future", number("solved_at_step", 0, std::int64_t{9 * 24 + 1}), "solved_at_step"},
    {"solved_negative", number("solved_at_step", 1, std::int64_t{-1}), "solved_at_step"},
    {"tensor_missing", [](SafeTensorsImage& image) { image.tensors.erase(image.tensors.begin() + 7); },
     "tensors"},
    {"all_tensors_missing",
     [](SafeTensorsImage& image) { image.tensors.erase(image.tensors.begin(), image.tensors.end() - 1); },
     "tensors"},
    {"tensor_more",
     [](SafeTensorsImage& image) {
       image.tensors.insert(image.tensors.begin() + 3, {"more", Dtype::u8, {1}});
     },
     "tensors"},
    {"other_kind", [](SafeTensorsImage& image) { image.tensors[7].dtype = Dtype::i32; }, "params"},
    {"other_shape",
     [](SafeTensorsImage& image) {
       image.tensors[7].shape = {9155, 2};
     },
     "params"},
    {"swapped", [](SafeTensorsImage& image) { std::swap(image.tensors[7], image.tensors[8]); }, "params"},
    {"discounted_infinite", number("slots.discounted", 5, Doubles::infinity()), "slots.discounted", true},
    {"count_negative", number("moments.count", 3, std::int64_t{-1}), "moments.count", true},
    {"count_of_ages", number("moments.count", 3, std::numeric_limits<std::int64_t>::max()), "moments.count",
     true},
    {"mean_nan", number("moments.mean", 0, Doubles::quiet_NaN()), "moments.count, .mean", true},
    {"m2_negative", number("moments.m2", 9, -Doubles::denorm_min()), "moments.count, .mean", true},
    {"m2_infinite", number("moments.m2", 1, Doubles::infinity()), "moments.count, .mean", true},
    {"statistics_missing",
     [](SafeTensorsImage& image) { image.tensors.erase(image.tensors.end() - 5, image.tensors.end() - 1); },
     "tensors", true},
    {"statistics_of_none", config_line("norm_obs = false"), "tensors", true},
    {"no_statistics", config_line("norm_reward = true"), "tensors"},
    {"config_of_other_networks", config_line("hidden_size = 32"), "params"},
    {"config_of_a_size_there_is_not", config_line("hidden_size = 48"), "config"},
    {"config_of_other_actions", config_line("env = \"pendulum\""), "params"},
    {"evaluated_in_future", number("evaluated_at", 0, std::int64_t{10}), "evaluated_at", false, true},
    {"evaluated_before", number("evaluated_at", 0, std::int64_t{-1}), "evaluated_at", false, true},
    {"best_without_evaluation", number("best.update", 1, std::int64_t{1}), "best.update", false, true},
    {"best_negative", number("best.update", 0, std::int64_t{-1}), "best.update", false, true},
    {"best_mean_nan", number("best.return_mean", 0, Doubles::quiet_NaN()), "best.return_mean", false, true},
    {"best_std_negative", number("best.return_std", 1, -1.0), "best.return_std", false, true},
    {"best_param_infinite", number("best.params", 9155, Floats::infinity()), "best.params", true, true},
    {"best_count_negative", number("best.moments.count", 9, std::int64_t{-1}), "best.moments.count", true,
     true},
    {"best_m2_negative", number("best.moments.m2", 0, -1.0), "best.moments.count, .mean", true, true},
    {"stopped_in_future", number("stopped_at", 1, std::int64_t{10}), "stopped_at", false, true},
    {"stopped_before", number("stopped_at", 0, std::int64_t{-1}), "stopped_at", false, true},
    {"evaluations_of_none", config_line("eval_every = 0"), "config", false, true},
    {"stops_of_none", config_line("stop_at_return = inf"), "tensors", false, true},
    {"no_evaluations", config_line("eval_every = 3"), "tensors"},
    {"checksum_renamed", [](SafeTensorsImage& image) { image.tensors.back().name = "sum"; }, "checksum"},
};

INSTANTIATE_TEST_SUITE_P(Each, CheckpointForgery, ::testing::ValuesIn(kForgeries),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace ppo::test
