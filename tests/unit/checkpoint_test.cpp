// Checkpoints: what is saved comes back to the bit, and whatever a run has not written is refused.
#include "run/checkpoint.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <ostream>

#include "config/toml_writer.hpp"
#include "cpu/cpu_engine.hpp"
#include "ppo/hash.hpp"
#include "recorder.hpp"
#include "run/policy.hpp"
#include "training.hpp"
#include "unit/engine_runs.hpp"

namespace ppo::test {
namespace {

Config small_config(std::int64_t agents = 1) {
  Config config;
  config.hyper.num_envs = 3;
  config.hyper.num_steps = 8;
  config.hyper.num_minibatches = 2;
  config.hyper.max_episode_steps = 6;
  config.hyper.total_timesteps = std::int64_t{24} * 100;
  config.num_seeds = agents;
  return config;
}

CpuEngine engine_for(const Config& config, int threads = 1) {
  return {*find_environment(config.env)->portable,
          config.hyper,
          config.num_seeds,
          EngineInfo{"cpu", "test", threads},
          {.trace = true}};
}

/// Trains on, with the outcome that a run would have.
void train(Engine& engine, const Config& config, Outcome& outcome, std::int64_t updates) {
  Recorder recorder(config, outcome, {});
  recorder.add(engine.run(updates));
  outcome.wall_s = 1.0 / 3 * static_cast<double>(outcome.updates);  // no clock, so that bytes can be compared
}

/// A checkpoint of that many updates, as its file would be.
std::string checkpoint_of(const Config& config, std::int64_t updates, int threads = 1) {
  CpuEngine engine = engine_for(config, threads);
  Outcome outcome = no_outcome_yet(config);
  if (updates > 0) train(engine, config, outcome, updates);
  return seal(copy_state(config, engine, outcome));
}

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

TEST(Checkpoint, GivesBackAllThatItWasGiven) {
  for (const std::int64_t agents : {1, 3}) {
    for (const std::int64_t updates : {0, 1, 40}) {
      const Config config = small_config(agents);
      CpuEngine engine = engine_for(config);
      Outcome outcome = no_outcome_yet(config);
      if (updates > 0) train(engine, config, outcome, updates);
      const Checkpoint back(seal(copy_state(config, engine, outcome)), "file");
      EXPECT_EQ(to_toml(back.config()), to_toml(config));
      EXPECT_EQ(back.update(), updates);
      EXPECT_EQ(back.wall_s(), outcome.wall_s);
      const std::vector<AgentProgress::Memory> progress = back.progress();
      ASSERT_EQ(progress.size(), static_cast<std::size_t>(agents));
      for (std::int64_t k = 0; k < agents; ++k) {
        testing::expect_same(back.agent(k), engine.save(k));
        const AgentProgress::Memory memory = outcome.agents[static_cast<std::size_t>(k)].memory();
        const AgentProgress::Memory& remembered = progress[static_cast<std::size_t>(k)];
        EXPECT_TRUE(testing::same_bytes(remembered.window, memory.window));
        EXPECT_EQ(remembered.solved_at_step, memory.solved_at_step);
        EXPECT_EQ(memory.window.empty(), updates == 0);
      }
    }
  }
}

TEST(Checkpoint, HasTheSameBytesFromEveryEngine) {
  const Config config = small_config(3);
  EXPECT_EQ(checkpoint_of(config, 5), checkpoint_of(config, 5, 4));
  EXPECT_NE(checkpoint_of(config, 5), checkpoint_of(config, 6));
}

TEST(Checkpoint, TakesNoMoreMemoryThanItIsSaidTo) {
  for (const std::int64_t agents : {1, 3}) {
    const Config config = small_config(agents);
    const std::size_t checkpoint = checkpoint_of(config, 40).size();
    const CpuEngine engine = engine_for(config);
    const auto params_of = [&](std::int64_t k) { return engine.params(k); };
    const std::size_t policy = policy_file(config, params_of).size();
    EXPECT_GE(keeping_bytes(config), checkpoint + policy);
    EXPECT_LE(keeping_bytes(config), 2.5 * static_cast<double>(checkpoint));
  }
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
  const SafeTensorsImage original = parse_image(checkpoint_of(small_config(2), 9), "file", "checkpoint");
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

using Floats = std::numeric_limits<float>;
using Doubles = std::numeric_limits<double>;
const std::vector<Forgery> kForgeries = {
    {"no_format", [](SafeTensorsImage& image) { image.metadata.erase("format"); }, "no checkpoint"},
    {"a_policy", metadata("format", "ppo_train policy"), "no checkpoint"},
    {"other_numerics", metadata("numerics_version", "2"), "numerics version '2'"},
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
    {"checksum_renamed", [](SafeTensorsImage& image) { image.tensors.back().name = "sum"; }, "checksum"},
};

INSTANTIATE_TEST_SUITE_P(Each, CheckpointForgery, ::testing::ValuesIn(kForgeries),
                         [](const auto& each) { return each.param.name; });

TEST(AgentProgress, RemembersAllThatLaterUpdatesNeed) {
  Config config = small_config();
  config.hyper.max_episode_steps = 500;
  const auto row = [](std::int64_t update) {
    UpdateRow result;
    result.update = update;
    result.episodes = update % 4 == 0 ? 0 : 7 * update % 40;
    result.return_sum = static_cast<double>(result.episodes) * (0.1 + static_cast<double>(20 * update));
    return result;
  };
  for (const std::int64_t cut : {0, 1, 7, 30}) {
    const EnvironmentInfo& info = find_environment(config.env)->info();
    AgentProgress straight(config, info, 0), first(config, info, 0), second(config, info, 0);
    for (std::int64_t update = 0; update < 60; ++update) {
      if (update == cut) {
        second.remember(first.memory());
        EXPECT_EQ(second.last().return_100, first.last().return_100);
      }
      AgentProgress& now = update < cut ? first : second;
      const Record wanted = straight.add(row(update));
      const Record got = now.add(row(update));
      EXPECT_EQ(got.return_100, wanted.return_100) << update;
      EXPECT_EQ(now.solved_at_step(), straight.solved_at_step()) << update;
      EXPECT_LE(now.memory().window.size(), ReturnWindow::kMostEntries);
    }
    EXPECT_TRUE(straight.solved_at_step());
  }
}

/// Only its parameters matter.
class ParametersOnly : public Engine {
 public:
  explicit ParametersOnly(std::vector<std::vector<float>> params) : params_(std::move(params)) {}
  void start(std::int64_t) override {}
  std::span<const UpdateRow> collect() override { return {}; }
  std::span<const float> params(std::int64_t k) const override {
    return params_[static_cast<std::size_t>(k)];
  }
  std::uint64_t trace_hash(std::int64_t) const override { return 0; }
  AgentState save(std::int64_t) const override { return {find_environment("cartpole")->info(), {}}; }
  void load(std::int64_t, const AgentState&) override {}
  Profile profile() const override { return {}; }
  const EngineInfo& info() const override { return info_; }

 private:
  std::vector<std::vector<float>> params_;
  EngineInfo info_;
};

TEST(Divergence, OfAParameterNamesItsAgentAndUpdate) {
  const Config config = small_config(2);
  Outcome outcome = no_outcome_yet(config);
  outcome.updates = 8;
  const auto found = [&](float param) {
    Recorder recorder(config, outcome, {});
    recorder.check(ParametersOnly({{0, 1}, {2, param, 3}}));
    return recorder.divergence();
  };
  for (const float fine : {Floats::max(), -Floats::max(), Floats::denorm_min(), -0.0F}) {
    EXPECT_EQ(found(fine), std::nullopt);
  }
  for (const float wrong : {Floats::infinity(), -Floats::infinity(), Floats::quiet_NaN()}) {
    EXPECT_TRUE(
        found(wrong).value_or("").starts_with("a parameter of agent 1 is not finite after update 7; "));
  }
}

}  // namespace
}  // namespace ppo::test
