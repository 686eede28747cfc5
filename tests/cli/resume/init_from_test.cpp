// Runs that start from what others have learned: what they take over, and how they are repeated and resumed.
// What is refused: init_from_refusal_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/resume/resume_runs.hpp"
#include "formats/safetensors.hpp"

namespace ppo::test {
namespace {

class CliInitFrom : public CliResume {
 protected:
  /// The bytes of a tensor.
  std::string tensor(const std::filesystem::path& file, const std::string& name) const {
    const SafeTensorsImage image = parse_image(read_file(file), file, "file");
    const auto found = std::ranges::find(image.tensors, name, &TensorPlace::name);
    if (found == image.tensors.end()) throw std::runtime_error("no tensor " + name);
    return image.bytes.substr(found->begin, found->size);
  }

  /// The parameters of an agent of a policy, as a checkpoint has them.
  std::string params(const std::filesystem::path& file, std::size_t agent = 0, std::size_t agents = 1) const {
    const SafeTensorsImage image = parse_image(read_file(file), file, "file");
    std::string all;
    for (const TensorPlace& place : image.tensors) {
      const std::size_t size = place.size / agents;
      if (place.dtype == Dtype::f32) all += image.bytes.substr(place.begin + agent * size, size);
    }
    return all;
  }

  /// With a checkpoint at each of its updates.
  void train_from(const std::string& name, const std::string& source, const Arguments& arguments = {}) const {
    train(name,
          kShort + Arguments{"--init-from", source, "--checkpoint-every", "1", "--keep", "9"} + arguments);
  }
};

TEST_F(CliInitFrom, ARunStartsWithWhatTheOtherHasLearnedAndFreshMoments) {
  train("first", kShort);
  for (const std::string source : {"first", "first/policy.safetensors"}) {
    const std::string name = source == "first" ? "second" : "third";
    train_from(name, source);
    EXPECT_EQ(tensor(checkpoint(name, 0), "params"), params(at("first") / "policy.safetensors"));
    const std::string moments = tensor(checkpoint(name, 0), "moment1");
    EXPECT_EQ(moments, std::string(moments.size(), '\0'));
    EXPECT_NE(hash_of(at(name)), hash_of(at("first")));
  }
  EXPECT_EQ(hash_of(at("second")), hash_of(at("third")));
}

TEST_F(CliInitFrom, EveryKindOfAgentTakesItsStatisticsAlong) {
  const Arguments kind = {"--env", "pendulum",      "--norm-obs", "true",         "--norm-reward",
                          "true",  "--hidden-size", "32",         "--activation", "relu"};
  train("first", kShort + kind);
  train_from("second", "first", kind);
  const std::filesystem::path policy = at("first") / "policy.safetensors";
  EXPECT_EQ(tensor(checkpoint("second", 0), "params"), params(policy));
  for (const std::string part : {"count", "mean", "m2"}) {
    EXPECT_EQ(tensor(checkpoint("second", 0), "moments." + part),
              tensor(policy, "norm_obs." + part) + tensor(policy, "norm_reward." + part));
  }
}

TEST_F(CliInitFrom, TheAgentsOfAPopulationAllStartFromOneOrEachFromIts) {
  const Arguments three = {"--num-seeds", "3"};
  train("one", kShort);
  train_from("all", "one", three);
  const std::string policy = params(at("one") / "policy.safetensors");
  EXPECT_EQ(tensor(checkpoint("all", 0), "params"), policy + policy + policy);
  const Json agents = read_json(at("all") / "run.json").at("agents");
  EXPECT_NE(agents.at(0).at("param_hash"), agents.at(1).at("param_hash"));

  train_from("each", "all", three);
  std::string wanted;
  for (std::size_t k = 0; k < 3; ++k) wanted += params(at("all") / "policy.safetensors", k, 3);
  EXPECT_EQ(tensor(checkpoint("each", 0), "params"), wanted);
}

TEST_F(CliInitFrom, AnExportedAgentOfAPopulationMayStartARun) {
  train("all", kShort + Arguments{"--num-seeds", "3"});
  ASSERT_EQ(call({"export", "all", "one.safetensors", "--agent", "2"}).exit_code, 0);
  train_from("second", "one.safetensors");
  EXPECT_EQ(tensor(checkpoint("second", 0), "params"), params(at("all") / "policy.safetensors", 2, 3));
}

TEST_F(CliInitFrom, TheRunNotesWhatItStartedFrom) {
  train("first", kShort);
  train_from("second", "./first/../first/");
  const Json config = read_json(at("second") / "run.json").at("config");
  const std::string place = std::filesystem::canonical(at("first"));
  EXPECT_EQ(std::filesystem::canonical(config.at("init_from").get<std::string>()), place);
  EXPECT_TRUE(config.at("init_from").get<std::string>().starts_with('/'));
  EXPECT_EQ(config.at("init_from_hash"), hash_of(at("first")));
}

TEST_F(CliInitFrom, TheNotedHashCoversTheStatistics) {
  const Arguments kind = {"--norm-obs", "true"};
  train("first", kShort + kind);
  train_from("second", "first/policy.safetensors", kind);
  const Json agent = read_json(at("first") / "run.json").at("agents").at(0);
  const std::string noted = read_json(at("second") / "run.json").at("config").at("init_from_hash");
  EXPECT_EQ(agent.at("policy_hash"), noted);
  EXPECT_NE(agent.at("param_hash"), noted);

  const std::filesystem::path file = at("first") / "policy.safetensors";
  SafeTensorsImage image = parse_image(read_file(file), file, "file");
  const auto mean = std::ranges::find(image.tensors, "norm_obs.mean", &TensorPlace::name);
  image.bytes[mean->begin] = static_cast<char>(image.bytes[mean->begin] ^ 1);
  folder_.write("first/policy.safetensors", image.bytes);
  const Result result = call({"--config", "second/config.toml", "--out", "third"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "not init_from_hash " + noted + "; it has changed")) << result.err;
}

TEST_F(CliInitFrom, ItsConfigRepeatsItByteForByte) {
  train("first", kShort);
  train_from("second", "first");
  train("third", {"--config", "second/config.toml"});
  expect_same("third", "second");
}

TEST_F(CliInitFrom, AResumedRunEndsAsTheStraightOne) {
  train("first", kShort);
  train_from("straight", "first");
  for (const int update : {0, 3}) {
    const std::string name = "cut" + std::to_string(update);
    train_from(name, "first");
    lose_end(name, update);
    std::filesystem::rename(at("first"), at("moved"));  // a checkpoint has all that it takes
    resume(name);
    std::filesystem::rename(at("moved"), at("first"));
    expect_same(name, "straight");
  }
}

TEST_F(CliInitFrom, KilledBeforeItsFirstCheckpointItStartsFromThereAgain) {
  train("first", kShort);
  train_from("straight", "first");
  train_from("killed", "first");
  lose_end("killed", 0);
  std::filesystem::remove_all(at("killed") / "checkpoints");
  std::filesystem::rename(at("first"), at("moved"));
  expect_refused({"killed"}, {"init_from", "first: it is not there"});
  std::filesystem::rename(at("moved"), at("first"));
  ASSERT_EQ(call({"resume", "killed"}).exit_code, 0);
  expect_same("killed", "straight");
}

TEST_F(CliInitFrom, APathMayHoldWhateverTomlCan) {
  train("first", kShort);
  for (const std::string name :
       {"with \"quotes\"", "back\\slash\\u0041", "\xC3\xA9\xE3\x81\x82\xF0\x9F\x98\x80",
        "line\nbreak\ttab\x7f", "# no 'comment'", "\xE2\x80\xA8"}) {
    SCOPED_TRACE(name);
    std::filesystem::copy(at("first"), at(name), std::filesystem::copy_options::recursive);
    train_from("second", name);
    EXPECT_TRUE(
        read_json(at("second") / "run.json").at("config").at("init_from").get<std::string>().ends_with(name));
    train("third", {"--config", "second/config.toml"});
    expect_same("third", "second");
    EXPECT_EQ(call({"resume", "second"}).exit_code, 0);
    std::filesystem::remove_all(at("second"));
    std::filesystem::remove_all(at("third"));
  }
}

}  // namespace
}  // namespace ppo::test
