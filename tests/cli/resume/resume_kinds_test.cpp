// Runs of every kind are saved and resumed without a trace, and so are those of older programs.
#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

#include "cli/resume/resume_runs.hpp"
#include "formats/safetensors.hpp"
#include "ppo/hash.hpp"

namespace ppo::test {
namespace {

/// kShort with four updates more.
const Arguments kLonger = {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "2560"};

struct Kind {
  std::string name;
  Arguments flags;
};

std::ostream& operator<<(std::ostream& out, const Kind& kind) {
  return out << kind.name;
}

/// Every environment with statistics and without, and between them every size and activation.
std::vector<Kind> kinds() {
  const Arguments sizes = {"32", "64", "128", "256"};
  std::vector<Kind> all;
  for (const std::string env :
       {"cartpole", "acrobot", "mountain_car", "mountain_car_continuous", "pendulum", "my_env"}) {
    for (const std::string norm : {"false", "true"}) {
      const std::string size = sizes[all.size() % sizes.size()];
      const std::string activation = all.size() % 3 == 0 ? "relu" : "tanh";
      all.push_back({env + "_" + size + "_" + activation + (norm == "true" ? "_norm" : ""),
                     {"--env", env, "--hidden-size", size, "--activation", activation, "--norm-obs", norm,
                      "--norm-reward", norm, "--max-episode-steps", "50", "--num-seeds", "2"}});
    }
  }
  for (const std::string one : {"obs", "reward"}) {
    all.push_back({"pendulum_norm_" + one,
                   {"--env", "pendulum", "--norm-" + one, "true", "--max-episode-steps", "50"}});
  }
  return all;
}

class CliResumeKinds : public CliResume, public testing::WithParamInterface<Kind> {};

TEST_P(CliResumeKinds, EndsAsTheStraightRun) {
  const Arguments& flags = GetParam().flags;
  train("straight", kShort + flags);
  train("cut", kShort + kManyCheckpoints + flags);
  lose_end("cut", 2);
  resume("cut");
  for (const char* file : {"metrics.csv", "policy.safetensors"}) {
    EXPECT_TRUE(read_file(at("cut") / file) == read_file(at("straight") / file)) << file;
  }
  EXPECT_EQ(read_json(at("cut/run.json")).at("agents"), read_json(at("straight/run.json")).at("agents"));
  // What is saved last is what an engine goes on from, too.
  train("longer", kLonger + flags);
  resume("straight", {"--total-timesteps", "2560"});
  EXPECT_EQ(hash_of(at("straight")), hash_of(at("longer")));
  EXPECT_EQ(call({"eval", "straight", "--episodes", "2", "--max-steps", "20"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Each, CliResumeKinds, testing::ValuesIn(kinds()),
                         [](const auto& each) { return each.param.name; });

/// Without the keys that older programs do not have.
std::string without_new_keys(const std::string& config) {
  std::string older;
  for (const std::string& line : lines(config)) {
    bool is_new = line == "# Network";
    for (const std::string_view key : {"init_from", "init_from_hash", "norm_obs", "norm_reward",
                                       "hidden_size", "activation", "log_std_init"}) {
      is_new = is_new || line.starts_with(std::string(key) + " = ");
    }
    if (!is_new) older += line + '\n';
  }
  return older;
}

class CliResumeOlder : public CliResume {
 protected:
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
  }

  /// The file with its metadata as `change` leaves them.
  template <class Change>
  std::string forged(const std::string& name, const Change& change) const {
    SafeTensorsImage image = parse_image(read_file(at(name)), "file", "file");
    const std::size_t begin = image.tensors.front().begin;
    change(image.metadata);
    const std::string data = image.bytes.substr(begin);
    SafeTensorsImage result = lay_out(image.tensors, image.metadata);
    result.bytes.replace(result.tensors.front().begin, data.size(), data);
    return result.bytes;
  }

  /// As an older program would have left it.
  void make_older(const std::string& name) const {
    write(name + "/config.toml", without_new_keys(read_file(at(name) / "config.toml")));
    for (const std::string& file : names_in(at(name) / "checkpoints")) {
      const std::string path = name + "/checkpoints/" + file;
      std::string bytes =
          forged(path, [](auto& metadata) { metadata["config"] = without_new_keys(metadata["config"]); });
      const std::size_t end = bytes.size() - sizeof(std::uint64_t);
      const std::uint64_t checksum = fnv1a(bytes.data(), end);
      std::memcpy(bytes.data() + end, &checksum, sizeof checksum);
      write(path, bytes);
    }
    if (!std::filesystem::exists(at(name) / "policy.safetensors")) return;
    write(name + "/policy.safetensors", forged(name + "/policy.safetensors", [](auto& metadata) {
            for (const char* key : {"hidden_size", "activation", "norm_obs", "norm_reward"})
              metadata.erase(key);
          }));
  }
};

TEST_F(CliResumeOlder, RunsOfAnOlderProgramGoOn) {
  train("straight", kShort);
  train("older", kShort + kManyCheckpoints);
  lose_end("older", 4);
  make_older("older");
  ASSERT_FALSE(contains(read_file(at("older/config.toml")), "hidden_size"));
  resume("older");
  EXPECT_EQ(hash_of(at("older")), hash_of(at("straight")));
  EXPECT_TRUE(read_file(at("older/metrics.csv")) == read_file(at("straight/metrics.csv")));
}

TEST_F(CliResumeOlder, FinishedRunsOfAnOlderProgramAreReadAndLengthened) {
  train("longer", kLonger);
  train("older", kShort);
  make_older("older");
  for (const char* verb : {"eval", "export", "report"}) {
    const Result result = call({verb, "older"});
    EXPECT_EQ(result.exit_code, 0) << verb << ": " << result.err;
  }
  train("started", kShort + Arguments{"--init-from", "older"});
  resume("older", {"--total-timesteps", "2560"});
  EXPECT_EQ(hash_of(at("older")), hash_of(at("longer")));
}

}  // namespace
}  // namespace ppo::test
