// Going on with what a kill or a damage has left: it is repaired to the bytes of an undisturbed run.
#include <sys/stat.h>
#include <unistd.h>

#include "resume_runs.hpp"
#include "run/files.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr long kNobody = 1L << 30;  // the number of no process

TEST_F(CliResume, TheLastLinesMayBeTorn) {
  train("straight", kShort + kManyCheckpoints);
  for (const char* torn : {"", "0,42,5", "0,42,5,1536,1,,,\n0,4", "\xFF\x1b", "\n"}) {
    fs::remove_all(at("run"));
    fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
    lose_end("run", 4);
    append(at("run/metrics.csv"), torn);
    append(at("run/timing.csv"), torn);
    append(temporary_of(checkpoint("run", 5), kNobody), "half");
    append(temporary_of(at("run/policy.safetensors"), kNobody), "half");
    resume("run");
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, LeavesNothingBehindTheNamesOfTemporaryFiles) {  // which somebody gave to something else
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 2);
  const fs::path outside = folder_.write("outside", "kept");
  const auto get_in_the_way = [&](long process) {
    for (const fs::path& file : {checkpoint("run", 4), at("run/policy.safetensors"), at("run/film.gif")}) {
      fs::create_symlink(outside, temporary_of(file, process));
    }
    append(temporary_of(at("run/report.html"), process), "half");
    return mkfifo(temporary_of(checkpoint("run", 6), process).c_str(), 0600) == 0 &&
           mkfifo(temporary_of(at("run/run.json"), process).c_str(), 0600) == 0;
  };
  ASSERT_TRUE(get_in_the_way(kNobody));
  const Launch blocked{.folder = folder_.path(), .prepare = [&] { return get_in_the_way(::getpid()); }};
  EXPECT_EQ(run({"render", "run"}, blocked).exit_code, 2);  // it has no policy yet
  EXPECT_EQ(run({"resume", "run", "--render"}, blocked).exit_code, 0);
  EXPECT_TRUE(fs::remove(at("run/film.gif")));
  expect_same("run", "straight");
  EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints")));
  EXPECT_EQ(names_in(at("run")), kRunFiles);
  const fs::path film = at("run/film.gif");
  const auto link_film = [&] {
    return ::symlink(outside.c_str(), temporary_of(film, ::getpid()).c_str()) == 0;
  };
  EXPECT_EQ(run({"render", "run"}, {.folder = folder_.path(), .prepare = link_film}).exit_code, 0);
  EXPECT_FALSE(fs::is_symlink(film));
  EXPECT_EQ(read_file(outside), "kept");
}

TEST_F(CliResume, LeavesAloneWhatAnotherProcessIsWriting) {
  train("run", kShort);
  lose_end("run", 0);
  const fs::path film = temporary_of(at("run/film.gif"), ::getpid());
  append(film, "half");
  resume("run");
  EXPECT_EQ(read_file(film), "half");
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
    EXPECT_TRUE(contains(result.err, "; ppo_train resume run writes it anew")) << result.err;
    resume("run");
    expect_same("run", "straight");
  }
  lose_end("run", 0);
  EXPECT_TRUE(contains(call({"eval", "run"}).err, "; the run has not ended, ppo_train resume run goes on"));
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
    EXPECT_EQ(result.err, "ppo_train: note: run has not ended; this is the policy of an earlier end\n")
        << verb;
  }
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
      append(temporary_of(checkpoint("run", 0), kNobody), "half");
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
