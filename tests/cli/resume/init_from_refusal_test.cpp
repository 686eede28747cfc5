// What a run refuses to start from, before it has made anything, and in a line that says what to write.
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>
#include <utility>

#include "cli/resume/resume_runs.hpp"
#include "formats/safetensors.hpp"

namespace ppo::test {
namespace {

class CliInitFromRefusal : public CliResume {
 protected:
  void expect_no_start(const Arguments& arguments, const Arguments& parts) const {
    const auto before = content();
    const Result result = call(kShort + Arguments{"--out", "new"} + arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    for (const std::string& part : parts) EXPECT_TRUE(contains(result.err, part)) << result.err;
    EXPECT_FALSE(contains(result.err, "the run's config.toml")) << result.err;
    EXPECT_TRUE(content() == before) << result.err;
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
  }

  /// The policy of the run "first" with other metadata, as the file `name`.
  template <class Change>
  void forge(const std::string& name, const Change& change) const {
    const SafeTensorsImage image =
        parse_image(read_file(at("first") / "policy.safetensors"), "file", "policy");
    std::map<std::string, std::string> metadata = image.metadata;
    change(metadata);
    const std::string header = lay_out(image.tensors, metadata).bytes;
    const std::size_t data = image.bytes.size() - image.tensors.front().begin;
    write(name, header.substr(0, header.size() - data) + image.bytes.substr(image.tensors.front().begin));
  }
};

TEST_F(CliInitFromRefusal, OfOtherNetworksNamesTheKey) {
  train("first", kShort);
  const std::pair<Arguments, std::string> others[] = {
      {{"--env", "acrobot"}, R"(its env is "cartpole", this run's is "acrobot"; write env = "cartpole")"},
      {{"--hidden-size", "128"}, "its hidden_size is 64, this run's is 128; write hidden_size = 64"},
      {{"--activation", "relu"},
       R"(its activation is "tanh", this run's is "relu"; write activation = "tanh")"},
      {{"--norm-obs", "true"}, "its norm_obs is false, this run's is true; write norm_obs = false"},
      {{"--norm-reward", "true"}, "its norm_reward is false, this run's is true; write norm_reward = false"}};
  for (const std::string source : {"first", "first/policy.safetensors"}) {
    for (const auto& [flags, message] : others) {
      expect_no_start(flags + Arguments{"--init-from", source}, {"init_from /", source + ": " + message});
    }
  }
}

TEST_F(CliInitFromRefusal, OfAnOlderProgramsFileTakesItForTheDefaults) {
  train("first", kShort);
  forge("older.safetensors", [](auto& metadata) {
    for (const char* key : {"hidden_size", "activation", "norm_obs", "norm_reward"}) metadata.erase(key);
  });
  train("second", kShort + Arguments{"--init-from", "older.safetensors"});
  for (const auto& [flag, value, problem] :
       {std::tuple{"--hidden-size", "32", "its hidden_size is 64, this run's is 32"},
        {"--activation", "relu", R"(its activation is "tanh", this run's is "relu")"},
        {"--norm-obs", "true", "its norm_obs is false, this run's is true"}}) {
    expect_no_start({"--init-from", "older.safetensors", flag, value}, {problem});
  }
  expect_no_start({"--init-from", "older.safetensors", "--env", "pendulum"}, {"its env is \"cartpole\""});
}

TEST_F(CliInitFromRefusal, OfAFileWithoutMetadataNamesTheTensor) {
  train("first", kShort + Arguments{"--num-seeds", "2"});
  forge("bare.safetensors", [](auto& metadata) { metadata.clear(); });
  train("second", kShort + Arguments{"--num-seeds", "2", "--init-from", "bare.safetensors"});
  expect_no_start({"--init-from", "bare.safetensors"}, {"it has 2 agents and this run 1"});
  expect_no_start(
      {"--init-from", "bare.safetensors", "--num-seeds", "2", "--hidden-size", "32"},
      {"bare.safetensors: tensor actor.l1.w has another shape; ", "does not fit this run's config"});
  expect_no_start({"--init-from", "bare.safetensors", "--num-seeds", "2", "--norm-obs", "true"},
                  {"bare.safetensors: tensor norm_obs.count is missing; "});
  expect_no_start({"--init-from", "bare.safetensors", "--num-seeds", "2", "--env", "pendulum"},
                  {"bare.safetensors: tensor actor.l1.w has another shape"});
}

TEST_F(CliInitFromRefusal, OfMetadataThatNobodyWritesIsPrintable) {
  train("first", kShort);
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"hidden_size", "48"},
                                   {"hidden_size", "64 \x1b[31m"},
                                   {"env", "no\nwhere"},
                                   {"norm_obs", "1"},
                                   {"num_seeds", "-1"},
                                   {"num_seeds", "99999999999999999999"}}) {
    forge("forged.safetensors", [&](auto& metadata) { metadata[key] = value; });
    expect_no_start({"--init-from", "forged.safetensors"},
                    {"its " + key + " is '", "this program does not know"});
  }
  forge("forged.safetensors", [](auto& metadata) { metadata["num_seeds"] = "3"; });
  expect_no_start({"--init-from", "forged.safetensors", "--num-seeds", "3"},
                  {"tensor actor.l1.w has another shape"});
}

TEST_F(CliInitFromRefusal, OfAnotherNumberOfAgentsSaysWhatToDo) {
  train("first", kShort + Arguments{"--num-seeds", "3"});
  for (const std::string source : {"first", "first/policy.safetensors"}) {
    for (const std::string agents : {"1", "2"}) {
      expect_no_start(
          {"--init-from", source, "--num-seeds", agents},
          {"it has 3 agents and this run " + agents + "; write num_seeds = 3, or export one of its agents"});
    }
  }
}

TEST_F(CliInitFromRefusal, OfParametersWithAnotherHash) {
  train("first", kShort);
  const std::string hash = hash_of(at("first"));
  expect_no_start({"--init-from", "first", "--init-from-hash", "0x0123456789abcdef"},
                  {"it has the hash " + hash + ", not init_from_hash 0x0123456789abcdef"});
  train("second", kShort + Arguments{"--init-from", "first", "--init-from-hash", hash});
  // Something else has come to lie there.
  std::filesystem::remove_all(at("first"));
  train("first", kShort + Arguments{"--seed", "1"});
  expect_no_start({"--config", "second/config.toml"}, {"it has the hash ", "not init_from_hash " + hash});
  expect_no_start({"--init-from-hash", hash}, {"init_from_hash without init_from"});
  for (const std::string wrong : {"0x12", "0123456789abcdef01", "0x0123456789ABCDEF"}) {
    expect_no_start({"--init-from", "first", "--init-from-hash", wrong},
                    {"--init-from-hash takes a hash (0x and 16 hexadecimal digits, or empty), not '" + wrong +
                     "'; for example --init-from-hash 0x"});
  }
}

TEST_F(CliInitFromRefusal, OfWhatIsNoPolicy) {
  train("first", kShort);
  write("text.txt", "hello");
  write("cut.safetensors", read_file(at("first") / "policy.safetensors").substr(0, 20'000));
  std::filesystem::create_directory(at("folder"));
  expect_no_start({"--init-from", "nothing"},
                  {"/nothing: it is not there; write the path of a run folder or"});
  expect_no_start({"--init-from", "text.txt"}, {"text.txt: not a readable policy"});
  expect_no_start({"--init-from", "cut.safetensors"},
                  {"cut.safetensors: not a readable policy: it ends before"});
  expect_no_start({"--init-from", "folder"}, {"folder"});
  expect_no_start(
      {"--init-from", "first/checkpoints/0000000006.safetensors"},
      {"it is a checkpoint, not a policy; write the folder of its run, or export its agent first"});
  expect_no_start({"--init-from", "\xFF"},
                  {"--init-from takes a path in UTF-8 (a run folder or FILE.safetensors, or "
                   "empty), not '\\xff'; for example --init-from runs/"});
  std::filesystem::create_directory(at("\xFE"));
  std::filesystem::rename(at("first"), at("\xFE") / "first");
  const Result inside = run(kShort + Arguments{"--init-from", "first"}, {.folder = at("\xFE")});
  EXPECT_EQ(inside.exit_code, 2);
  EXPECT_TRUE(contains(inside.err, "its whole path is not UTF-8")) << inside.err;
}

TEST_F(CliInitFromRefusal, OfARunThatHasDivergedOrNotEnded) {
  ASSERT_EQ(call(kShort + kDiverging + Arguments{"--out", "diverged"}).exit_code, 4);
  expect_no_start({"--init-from", "diverged"}, {"diverged"});
}

}  // namespace
}  // namespace ppo::test
