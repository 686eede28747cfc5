// Going on with a run: it ends with the bytes of one that was never stopped, and what cannot be gone on with
// is refused before anything is changed.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// With kShort: checkpoints at 0, 2, 4 and 6 of 6 updates.
const Arguments kManyCheckpoints = {"--checkpoint-every", "2", "--keep", "9"};

/// A run that takes a second or so.
const Arguments kLong = {"--num-envs",        "8",      "--num-steps", "32",
                         "--total-timesteps", "512000", "--threads",   "1"};

class CliResume : public testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_.path() / name; }

  Result call(const Arguments& arguments) const { return run(arguments, {.folder = folder_.path()}); }

  void train(const std::string& name, const Arguments& arguments) const {
    const Result result = call(arguments + Arguments{"--quiet", "--out", name});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  void resume(const std::string& place, const Arguments& arguments = {}) const {
    const Result result = call(Arguments{"resume", place} + arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
  }

  /// All that does not depend on the clock is the same, and nothing else is there.
  void expect_same(const std::string& got, const std::string& wanted) const {
    EXPECT_EQ(names_in(at(got)), kRunFiles);
    for (const char* file : {"config.toml", "metrics.csv", "policy.safetensors"}) {
      EXPECT_TRUE(read_file(at(got) / file) == read_file(at(wanted) / file)) << file;
    }
    const Json a = read_json(at(got) / "run.json");
    const Json b = read_json(at(wanted) / "run.json");
    for (const char* key : {"agents", "updates", "steps", "stopped_by"}) EXPECT_EQ(a.at(key), b.at(key));
    expect_timing(got, a.at("updates"));
  }

  /// A line an update, and time only goes on.
  void expect_timing(const std::string& name, std::int64_t updates) const {
    const std::vector<std::string> rows = lines(read_file(at(name) / "timing.csv"));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(updates) + 1);
    double before = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::vector<std::string> cells = split(rows[i], ',');
      EXPECT_EQ(cells[0], std::to_string(i - 1));
      EXPECT_GE(std::stod(cells[1]), before);
      before = std::stod(cells[1]);
    }
    EXPECT_GE(read_json(at(name) / "run.json").at("wall_s").get<double>(), before);
  }

  fs::path checkpoint(const std::string& name, int update) const {
    return at(name) / "checkpoints" / ("000000000" + std::to_string(update) + ".safetensors");
  }

  /// As a run that was killed when it had saved this checkpoint, with rows behind it.
  void lose_end(const std::string& name, int update) const {
    for (int later = update + 1; later < 10; ++later) fs::remove(checkpoint(name, later));
    fs::remove(at(name) / "run.json");
    fs::remove(at(name) / "policy.safetensors");
  }

  void append(const fs::path& file, const std::string& text) const {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
  }

  /// Exit code 2, one line that says each of `parts`, and nothing changed.
  void expect_refused(const Arguments& arguments, const Arguments& parts, int exit_code = 2) const {
    const auto before = content();
    const Result result = call(Arguments{"resume"} + arguments);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    for (const std::string& part : parts) EXPECT_TRUE(contains(result.err, part)) << result.err;
    EXPECT_TRUE(content() == before) << result.err;
  }

  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> files;
    for (const std::string& name : folder_.list()) {
      if (fs::is_regular_file(at(name))) files[name] = read_file(at(name));
    }
    return files;
  }

  const TemporaryFolder folder_;
};

TEST_F(CliResume, GoesOnAfterCtrlC) {
  train("straight", kLong);
  Process process(kLong + Arguments{"--log-every", "1", "--out", "stopped"}, {.folder = folder_.path()});
  ASSERT_TRUE(process.wait_for_output("Update 3:"));
  process.signal(SIGINT);
  ASSERT_EQ(process.wait().exit_code, 128 + SIGINT);
  const std::int64_t updates = read_json(at("stopped") / "run.json").at("updates");
  EXPECT_LT(updates, 2000);
  EXPECT_TRUE(fs::exists(at("stopped") / "checkpoints"));
  const Result result = call({"resume", "stopped", "--log-every", "500"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "resumed  at update " + std::to_string(updates) + " of 2000\n"))
      << result.out;
  expect_timing("stopped", 2000);
  EXPECT_TRUE(read_file(at("stopped/metrics.csv")) == read_file(at("straight/metrics.csv")));
  EXPECT_EQ(hash_of(at("stopped")), hash_of(at("straight")));
}

TEST_F(CliResume, GoesBackToANamedCheckpoint) {
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  for (const int update : {6, 4, 2, 0}) {
    resume("run/checkpoints/" + checkpoint("run", update).filename().string());
    expect_same("run", "straight");
    EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints"))) << update;
  }
  // As named by someone who stands in the folder.
  for (const auto& [folder, name] : {std::pair{"run/checkpoints", "0000000002.safetensors"},
                                     std::pair{"run", "checkpoints/0000000002.safetensors"}}) {
    EXPECT_EQ(run({"resume", name}, {.folder = at(folder)}).exit_code, 0) << folder;
    expect_same("run", "straight");
  }
  EXPECT_EQ(run({"resume", ".", "--total-timesteps", "2048"}, {.folder = at("run")}).exit_code, 0);
}

TEST_F(CliResume, AnyThreadsAndInstructionsGoOn) {
  const Arguments two = {"--num-seeds", "2", "--max-episode-steps", "20", "--anneal-lr", "true"};
  train("straight", kShort + kManyCheckpoints + two);
  train("run", kShort + kManyCheckpoints + two);
  for (const Arguments& how :
       {Arguments{"--threads", "1"}, {"--threads", "5", "--simd", "scalar"}, {"--device", "cpu"}}) {
    lose_end("run", 2);
    resume("run", how + Arguments{"--checkpoint-every", "3"});
    expect_same("run", "straight");
    EXPECT_EQ(read_json(at("run/run.json")).at("config").at(how[0].substr(2)),
              how[0] == "--threads" ? Json(std::stoi(how[1])) : Json(how[1]));
  }
}

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

TEST_F(CliResume, GoesOnForLonger) {
  const Arguments longer = {"--total-timesteps", "2560"};
  train("straight", Arguments{"--num-envs", "8", "--num-steps", "32"} + longer);
  train("run", kShort);
  resume("run", longer);
  expect_same("run", "straight");
  // Killed on the way, it still is the longer run.
  fs::remove(at("run/run.json"));
  for (const fs::path& file : {at("run/checkpoints/0000000010.safetensors")}) fs::remove(file);
  resume("run");
  expect_same("run", "straight");
}

TEST_F(CliResume, OfAFinishedRunIsNothingToDo) {
  train("run", kShort);
  const auto before = content();
  const Result result = call({"resume", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, "finished: all 6 updates are done")) << result.out;
  EXPECT_EQ(call({"resume", "run", "--quiet", "--total-timesteps", "1537"}).out, "");  // no whole update more
  EXPECT_TRUE(content() == before);
}

TEST_F(CliResume, FinishesWhatWasKilledBehindTheLastCheckpoint) {
  train("straight", kShort);
  train("run", kShort);
  fs::remove(at("run/run.json"));
  fs::remove(at("run/policy.safetensors"));
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

TEST_F(CliResume, RefusesWhatIsDamagedAndLeavesItAlone) {
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 4);
  const std::string metrics = read_file(at("run/metrics.csv"));
  const std::vector<std::string> rows = lines(metrics);
  const auto with_rows = [&](std::size_t count, const std::string& more) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += rows[i] + '\n';
    folder_.write("run/metrics.csv", text + more);
  };
  with_rows(4, "");  // three updates, the checkpoint is at four
  expect_refused({"run"}, {"run/metrics.csv:4: ", "the rows end before update 3"});
  with_rows(4, rows[4].substr(0, 20));
  expect_refused({"run"}, {"run/metrics.csv:5: ", "the rows end before update 3"});
  with_rows(3, rows[4] + '\n' + rows[3] + '\n');
  expect_refused({"run"}, {"run/metrics.csv:4: ", "update 3 where update 2 should be"});
  with_rows(3, "0,42,x\n");
  expect_refused({"run"}, {"run/metrics.csv:4: ", "damaged"});
  folder_.write("run/metrics.csv", metrics.substr(metrics.find('\n') + 1));
  expect_refused({"run"}, {"run/metrics.csv:1: "});
  folder_.write("run/metrics.csv", metrics);
  folder_.write("run/timing.csv", "update,wall_s,steps_per_s\n0,1,1\n");
  expect_refused({"run"}, {"run/timing.csv:2: ", "the rows end before update 1"});
  for (const int update : {0, 2, 4}) fs::resize_file(checkpoint("run", update), 1000);
  expect_refused({"run"}, {"0000000004.safetensors: ", "no checkpoint is whole", "run/checkpoints"});
  expect_refused({"run/checkpoints/0000000002.safetensors"}, {"0000000002.safetensors: "});
}

TEST_F(CliResume, RefusesAChangeOfTheResultByName) {
  train("run", kShort);
  for (const auto& [flag, value, was] : {std::tuple{"--lr", "0.5", "lr is 0.00025"},
                                         {"--env", "my_env", "env is \"cartpole\""},
                                         {"--num-seeds", "2", "num_seeds is 1"},
                                         {"--seed", "1", "seed is 42"},
                                         {"--num-envs", "16", "num_envs is 8"},
                                         {"--anneal-lr", "true", "anneal_lr is false"},
                                         {"--target_kl", "1", "target_kl is 0.0"},
                                         {"--total-timesteps", "1535", "total_timesteps is 1536"}}) {
    expect_refused({"run", flag, value}, {std::string("--") + std::string(flag).substr(2, 3), was});
  }
  expect_refused({"run", "--lr", "fast"}, {"--lr takes a number"});
  expect_refused({"run", "--out", "x"}, {"resume has no flag '--out', train has it"});
  expect_refused({"run", "--config", "cartpole"}, {"'--config'"});
  expect_refused({"run", "more"}, {"does not take 'more'"});
  expect_refused({}, {"resume lacks the run folder"});
  expect_refused({"nothing"}, {"there is no 'nothing'"});
  expect_refused({"."}, {"'.' is no run folder"});
  expect_refused({"run/config.toml"}, {"no checkpoint in a run's folder"});
  expect_refused({"run", "--threads", "-1"}, {"--threads takes"});
  // The value that it has is no change.
  EXPECT_EQ(call({"resume", "run", "--lr", "0.00025", "--seed", "42"}).exit_code, 0);
}

TEST_F(CliResume, RefusesToExtendASchedule) {
  train("run", kShort + Arguments{"--anneal-lr", "true"});
  expect_refused({"run", "--total-timesteps", "3072"}, {"--total-timesteps: with anneal_lr", "1536"});
}

TEST_F(CliResume, RefusesACheckpointOfAnotherRun) {
  train("run", kShort);
  train("other", kShort + Arguments{"--lr", "0.5"});
  fs::copy(checkpoint("other", 6), checkpoint("run", 7));
  expect_refused({"run"}, {"its lr is 0.5, that of the run's config.toml 0.00025", "another run"});
  expect_refused({"run/checkpoints/0000000007.safetensors"}, {"its lr is 0.5"});
  train("longer", {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "2304"});
  fs::copy(checkpoint("longer", 9), checkpoint("run", 7), fs::copy_options::overwrite_existing);
  expect_refused({"run"}, {"its update is 9, the run's config.toml has 6"});
}

TEST_F(CliResume, OneProcessAtATime) {
  Process process({"--total-timesteps", "1000000000", "--log-every", "1", "--out", "run"},
                  {.folder = folder_.path()});
  ASSERT_TRUE(process.wait_for_output("Update 1:"));
  const Result second = call({"resume", "run"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_EQ(second.err,
            "ppo_train: another process is training in run; wait for it, or stop it with Ctrl-C\n");
  EXPECT_EQ(call({"resume", "run/checkpoints/0000000000.safetensors"}).exit_code, 1);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 128 + SIGTERM);
  const std::size_t updates = read_json(at("run/run.json")).at("updates");
  EXPECT_EQ(lines(read_file(at("run/metrics.csv"))).size(), updates + 1);
}

TEST_F(CliResume, IsQuietAndMakesWhatTrainMakes) {
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 2);
  const Result result = call({"resume", "run", "--quiet", "--report", "--render", "--render-training"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out + result.err, "");
  for (const char* file : {"report.html", "film.gif", "training.gif"}) {
    EXPECT_TRUE(fs::exists(at("run") / file)) << file;
  }
}

TEST_F(CliResume, ADivergedRunKeepsItsLastGoodCheckpoint) {
  const Result diverged = call(kShort + kDiverging + Arguments{"--checkpoint-every", "1", "--out", "run"});
  EXPECT_EQ(diverged.exit_code, 4);
  EXPECT_EQ(names_in(at("run/checkpoints")), Arguments{"0000000000.safetensors"});
  const std::string metrics = read_file(at("run/metrics.csv"));
  const Result again = call({"resume", "run"});
  EXPECT_EQ(again.exit_code, 4);
  EXPECT_EQ(again.err, diverged.err);
  EXPECT_EQ(read_file(at("run/metrics.csv")), metrics);
}

TEST_F(CliResume, ACheckpointThatCannotBeWrittenDoesNotCostTheRun) {
  // A checkpoint has 114 kB, all other files have less than 64.
  const Result result =
      run({"-c", "ulimit -f 64; exec \"$0\" \"$@\"", PPO_TRAIN_BINARY, "train", "--num-envs", "8",
           "--num-steps", "32", "--total-timesteps", "1536", "--out", "run"},
          {.program = "/bin/bash", .folder = folder_.path()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "run/checkpoints/0000000006.safetensors: File too large")) << result.err;
  EXPECT_TRUE(contains(result.out, "saved    run")) << result.out;
  EXPECT_EQ(names_in(at("run")), kRunFiles);
  EXPECT_EQ(names_in(at("run/checkpoints")), Arguments{});
  train("straight", kShort);
  EXPECT_EQ(hash_of(at("run")), hash_of(at("straight")));
}

TEST_F(CliResume, WithNoOutThereIsNothingToGoOnWith) {
  EXPECT_EQ(call(kShort + Arguments{"--no-out", "--checkpoint-every", "1"}).exit_code, 0);
  EXPECT_EQ(names_in(folder_.path()), Arguments{});
}

}  // namespace
}  // namespace ppo::test
