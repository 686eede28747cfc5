// Going on with what a kill or a damage has left: it is repaired to the bytes of an undisturbed run.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/resume/resume_runs.hpp"
#include "formats/safetensors.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// The temporary file of one that a killed process was writing.
fs::path left_of(fs::path file) {
  return file += ".0123abcd.ppo_tmp";
}

TEST_F(CliResume, TheLastLinesMayBeTorn) {
  train("straight", kShort + kManyCheckpoints);
  for (const char* torn : {"", "0,42,5", "0,42,5,1536,1,,,\n0,4", "\xFF\x1b", "\n"}) {
    fs::remove_all(at("run"));
    fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
    lose_end("run", 4);
    append(at("run/metrics.csv"), torn);
    append(at("run/timing.csv"), torn);
    append(left_of(checkpoint("run", 5)), "half");
    append(left_of(at("run/policy.safetensors")), "half");
    resume("run");
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, RemovesWhatHasTheNamesOfTemporaryFiles) {  // whatever it is
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 2);
  const fs::path outside = folder_.write("outside", "kept");
  for (const fs::path& file : {checkpoint("run", 4), at("run/policy.safetensors"), at("run/film.gif")}) {
    fs::create_symlink(outside, left_of(file));
  }
  append(left_of(at("run/report.html")), "half");
  ASSERT_EQ(mkfifo(left_of(checkpoint("run", 6)).c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(left_of(at("run/run.json")).c_str(), 0600), 0);
  fs::create_directories(at("run/a folder.ppo_tmp/with something"));
  resume("run");
  EXPECT_TRUE(fs::remove_all(at("run/a folder.ppo_tmp")));
  expect_same("run", "straight");
  EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints")));
  EXPECT_EQ(read_file(outside), "kept");
}

TEST_F(CliResume, LeavesAloneWhatAnotherProcessIsWriting) {
  train("run", kShort);
  lose_end("run", 0);
  const fs::path film = left_of(at("run/film.gif"));
  append(film, "half");
  const int file = ::open(film.c_str(), O_WRONLY);
  ASSERT_EQ(::flock(file, LOCK_EX), 0);
  resume("run");
  EXPECT_EQ(read_file(film), "half");
  ::close(file);
}

TEST_F(CliResume, FinishesWhatWasKilledBehindTheLastCheckpoint) {
  train("straight", kShort);
  train("run", kShort);
  fs::remove(at("run/run.json"));
  fs::remove(at("run/policy.safetensors"));
  resume("run");
  expect_same("run", "straight");
}

TEST_F(CliResume, WritesALostOrDamagedPolicyAnew) {
  train("straight", kShort);
  train("run", kShort);
  std::string changed = read_file(at("run/policy.safetensors"));
  changed[3000] = static_cast<char>(changed[3000] ^ 1);
  for (const std::string& left : {std::string(), std::string("half"), std::string(40'000, 'x'), changed}) {
    fs::remove(at("run/policy.safetensors"));
    append(at("run/policy.safetensors"), left);
    const Result result = call({"eval", "run"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "; ppo_train resume run writes it again")) << result.err;
    resume("run");
    expect_same("run", "straight");
  }
  lose_end("run", 0);
  EXPECT_TRUE(
      contains(call({"eval", "run"}).err, "; the run has not ended; ppo_train resume run continues it"));
}

TEST_F(CliResume, NoticesAFlippedBitInAnyTensorOfThePolicy) {
  const Arguments kind = {"--env", "pendulum", "--norm-obs", "true", "--norm-reward", "true"};
  train("straight", kShort + kind);
  train("run", kShort + kind);
  const fs::path file = at("run/policy.safetensors");
  const SafeTensorsImage image = parse_image(read_file(file), file, "file");
  EXPECT_EQ(image.tensors.size(), 19U);
  for (const TensorPlace& place : image.tensors) {
    SCOPED_TRACE(place.name);
    std::string bytes = image.bytes;
    bytes[place.begin] = static_cast<char>(bytes[place.begin] ^ 1);
    folder_.write("run/policy.safetensors", bytes);
    const Result result = call({"eval", "run", "--episodes", "1"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "damaged: the parameters ")) << result.err;
    EXPECT_TRUE(contains(result.err, "; ppo_train resume run writes it again")) << result.err;
    resume("run");
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, TakesARunJsonWithoutAHashOfStatistics) {  // of an older program
  train("run", kShort + Arguments{"--norm-obs", "true"});
  Json json = read_json(at("run/run.json"));
  ASSERT_EQ(json["agents"][0].erase("policy_hash"), 1U);
  folder_.write("run/run.json", json.dump());
  const Result result = call({"eval", "run", "--episodes", "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

TEST_F(CliResume, UntilItsEndTheRunHasThePolicyOfAnEarlierOne) {
  train("run", kShort);
  resume("run", {"--total-timesteps", "2560"});
  lose_end("run", 6);
  train("old", kShort);
  fs::copy(at("old/policy.safetensors"), at("run/policy.safetensors"));
  for (const char* verb : {"eval", "export", "render"}) {
    const Result result = call({verb, "run"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err,
              "ppo_train: note: run has not ended; its policy is from an earlier end of the run\n")
        << verb;
  }
}

TEST_F(CliResume, WritesADamagedRunJsonAnew) {
  train("straight", kShort);
  train("run", kShort);
  const std::string whole = read_file(at("run/run.json"));
  std::string without_agents = whole;
  without_agents.replace(without_agents.find("\"agents\": ["), 11, "\"agents\": [], \"old\": [");
  for (const std::string& damaged : {whole.substr(0, 100), without_agents}) {
    folder_.write("run/run.json", damaged);
    const Result eval = call({"eval", "run", "--episodes", "1"});
    EXPECT_EQ(eval.exit_code, 0);
    EXPECT_TRUE(contains(eval.err, "note: run/run.json") && contains(eval.err, "cannot check whether"))
        << eval.err;
    resume("run");
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, WithoutACheckpointStartsAgain) {
  train("straight", kShort);
  // Killed behind the config, before and after the CSV files, and in the first checkpoint.
  for (const int files : {1, 2, 3}) {
    fs::remove_all(at("run"));
    fs::create_directory(at("run"));
    fs::copy(at("straight/config.toml"), at("run/config.toml"));
    if (files > 1) append(at("run/metrics.csv"), "agent,se");
    if (files > 2) {
      fs::create_directory(at("run/checkpoints"));
      append(left_of(checkpoint("run", 0)), "half");
      append(at("run/timing.csv"), "");
    }
    const Result result = call({"resume", "run"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "ppo_train: note: run has no checkpoint yet; starting again at update 0\n");
    expect_same("run", "straight");
    EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints")));
  }
}

TEST_F(CliResume, TakesTheCheckpointBeforeADamagedOne) {
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 4);
  fs::resize_file(checkpoint("run", 4), 60'000);
  const Result result = call({"resume", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "note: run/checkpoints/0000000004.safetensors: ")) << result.err;
  EXPECT_TRUE(contains(result.out, "resumed  at update 2 of 6")) << result.out;
  expect_same("run", "straight");
  EXPECT_TRUE(read_file(checkpoint("run", 6)).size() > 60'000);
}

}  // namespace
}  // namespace ppo::test
