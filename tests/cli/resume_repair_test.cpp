// Going on with what a kill or a damage has left: it is repaired to the bytes of an undisturbed run.
#include <sys/stat.h>

#include "resume_runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

TEST_F(CliResume, TheLastLinesMayBeTorn) {
  train("straight", kShort + kManyCheckpoints);
  for (const char* torn : {"", "0,42,5", "0,42,5,1536,1,,,\n0,4", "\xFF\x1b", "\n"}) {
    fs::remove_all(at("run"));
    fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
    lose_end("run", 4);
    append(at("run/metrics.csv"), torn);
    append(at("run/timing.csv"), torn);
    append(checkpoint("run", 5).replace_extension(".safetensors.tmp"), "half");
    append(at("run/policy.safetensors.tmp"), "half");
    resume("run");
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, LeavesNothingBehindItsTemporaryFiles) {  // of a name that somebody gave to something else
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 2);
  const fs::path outside = folder_.write("outside", "kept");
  for (const char* name : {"checkpoints/0000000004.safetensors.tmp", "policy.safetensors.tmp"}) {
    fs::create_symlink(outside, at("run") / name);
  }
  for (const char* name : {"film.gif.tmp", "training.gif.tmp", "report.html.tmp"})
    append(at("run") / name, "half");
  for (const char* name : {"checkpoints/0000000006.safetensors.tmp", "run.json.tmp"}) {
    ASSERT_EQ(mkfifo((at("run") / name).c_str(), 0600), 0);
  }
  resume("run");
  expect_same("run", "straight");
  EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints")));
  EXPECT_EQ(read_file(outside), "kept");
  EXPECT_EQ(names_in(at("run")), kRunFiles);
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
  for (const std::string& left : {std::string(), std::string("half"), std::string(40'000, 'x')}) {
    fs::remove(at("run/policy.safetensors"));
    append(at("run/policy.safetensors"), left);
    const Result result = call({"eval", "run"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, "; ppo_train resume run writes it anew")) << result.err;
    resume("run");
    expect_same("run", "straight");
  }
  lose_end("run", 0);
  EXPECT_TRUE(contains(call({"eval", "run"}).err, "; the run has not ended, ppo_train resume run goes on"));
}

TEST_F(CliResume, WritesADamagedRunJsonAnew) {
  train("straight", kShort);
  train("run", kShort);
  fs::resize_file(at("run/run.json"), 100);
  resume("run");
  expect_same("run", "straight");
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
      append(at("run/checkpoints/0000000000.safetensors.tmp"), "half");
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
