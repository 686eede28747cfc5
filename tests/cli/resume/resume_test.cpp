// Going on with a run: it ends with the bytes of one that was never stopped.
#include <csignal>

#include "cli/resume/resume_runs.hpp"
#include "fault/faults.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// A run of 1,000 updates, whose lines are more than a pipe holds: it cannot end before somebody reads them.
const Arguments kLong = {"--num-envs",        "8",     "--num-steps", "8",
                         "--total-timesteps", "64000", "--threads",   "1"};

TEST_F(CliResume, GoesOnAfterCtrlC) {
  train("straight", kLong);
  Process process(kLong + Arguments{"--log-every", "1", "--out", "stopped"}, {.folder = folder_.path()});
  ASSERT_TRUE(process.wait_for_output("Update 3:"));
  process.signal(SIGINT);
  ASSERT_EQ(process.wait().exit_code, 128 + SIGINT);
  const std::int64_t updates = read_json(at("stopped") / "run.json").at("updates");
  EXPECT_LT(updates, 1000);
  EXPECT_TRUE(fs::exists(at("stopped") / "checkpoints"));
  const Result result = call({"resume", "stopped", "--log-every", "500"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "resumed  at update " + std::to_string(updates) + " of 1000\n"))
      << result.out;
  expect_timing("stopped", 1000);
  EXPECT_TRUE(read_file(at("stopped/metrics.csv")) == read_file(at("straight/metrics.csv")));
  EXPECT_EQ(hash_of(at("stopped")), hash_of(at("straight")));
}

TEST_F(CliResume, GoesBackToANamedCheckpoint) {
  train("straight", kShort + kManyCheckpoints);
  train("run", kShort + kManyCheckpoints);
  for (const int update : {6, 4, 2, 0}) {
    const Result result =
        call({"resume", "run/checkpoints/" + checkpoint("run", update).filename().string()});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, update == 6 ? ""
                                      : "ppo_train: note: going back to update " + std::to_string(update) +
                                            " drops all later updates, up to update 6\n");
    expect_same("run", "straight");
    EXPECT_EQ(names_in(at("run/checkpoints")), names_in(at("straight/checkpoints"))) << update;
  }
  // As named by someone who stands in the folder, or by a link.
  fs::create_symlink("run/checkpoints/0000000002.safetensors", at("two"));
  fs::create_symlink("run", at("latest"));
  for (const auto& [folder, name] : {std::pair{"run/checkpoints", "0000000002.safetensors"},
                                     {"run", "checkpoints/0000000002.safetensors"},
                                     {"run/checkpoints", ".././checkpoints/0000000002.safetensors"},
                                     {".", "two"},
                                     {".", "latest/checkpoints/0000000002.safetensors"}}) {
    EXPECT_EQ(run({"resume", name}, {.folder = at(folder)}).exit_code, 0) << folder;
    expect_same("run", "straight");
  }
  // Or where they lie on another disk.
  fs::rename(at("run/checkpoints"), at("elsewhere"));
  fs::create_symlink(at("elsewhere"), at("run/checkpoints"));
  resume("run/checkpoints/0000000006.safetensors");
  EXPECT_EQ(run({"resume", "checkpoints/0000000006.safetensors"}, {.folder = at("run")}).exit_code, 0);
  fs::remove(at("run/checkpoints"));
  fs::rename(at("elsewhere"), at("run/checkpoints"));
  EXPECT_EQ(run({"resume", ".", "--total-timesteps", "2048"}, {.folder = at("run")}).exit_code, 0);
}

TEST_F(CliResume, IsToldToTheUserAsACommandOfTheShell) {
  Process process(kLong + Arguments{"--log-every", "1", "--out", "a run's"}, {.folder = folder_.path()});
  ASSERT_TRUE(process.wait_for_output("Update 3:"));
  process.signal(SIGINT);
  const Result stopped = process.wait();
  const std::string command = "ppo_train resume 'a run'\\''s'";
  ASSERT_TRUE(contains(stopped.out, "resume   " + command + "\n")) << stopped.out;
  const std::string shell = std::string("ppo_train() { '") + PPO_TRAIN_BINARY + "' \"$@\"; }; ";
  // The run is found by it: what is asked of it here is refused with its own number.
  const Result again = run({"-c", shell + command + " --total-timesteps 256"},
                           {.program = "/bin/bash", .folder = folder_.path()});
  EXPECT_TRUE(contains(again.err, "total_timesteps is 64000 and can only grow")) << again.err;
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

TEST_F(CliResume, GoesBackToACheckpointOfAnyNameAndGivesItItsOwn) {
  train("straight", kShort + kManyCheckpoints);
  for (const char* name : {"good.safetensors", "0000000005.safetensors"}) {
    fs::remove_all(at("run"));
    fs::copy(at("straight"), at("run"), fs::copy_options::recursive);
    fs::rename(checkpoint("run", 2), at("run/checkpoints") / name);
    // No other checkpoint is to come before the end, which there is no room for.
    const Result result =
        run({"-c",
             "ulimit -f 1; exec \"$0\" resume run/checkpoints/" + std::string(name) + " --checkpoint-every 0",
             PPO_TRAIN_BINARY},
            {.program = "/bin/bash", .folder = folder_.path()});
    EXPECT_EQ(result.exit_code, 1) << name;  // nothing of it could be saved, and nothing is lost
    EXPECT_TRUE(fs::exists(at("run/checkpoints") / name));
    EXPECT_TRUE(fs::exists(at("run/run.json")));
    EXPECT_EQ(call({"resume", "run/checkpoints/" + std::string(name)}).exit_code, 0);
    EXPECT_TRUE(read_file(checkpoint("run", 2)) == read_file(checkpoint("straight", 2)));
    fs::remove(at("run/checkpoints/good.safetensors"));
    expect_same("run", "straight");
  }
}

TEST_F(CliResume, GoesOnForLonger) {
  const Arguments longer = {"--total-timesteps", "2560"};
  train("straight", Arguments{"--num-envs", "8", "--num-steps", "32"} + longer);
  train("run", kShort);
  resume("run", longer);
  expect_same("run", "straight");
  // One that cannot even be begun to be extended stays as it was.
  const auto before = content();
  EXPECT_EQ(run({"-c", "ulimit -f 0; exec \"$0\" resume run --total-timesteps 5120", PPO_TRAIN_BINARY},
                {.program = "/bin/bash", .folder = folder_.path()})
                .exit_code,
            1);
  EXPECT_TRUE(content() == before);
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
  EXPECT_EQ(result.out, "finished: all 6 updates are done; --total-timesteps N trains on to N steps\n");
  const Result without_verb = call({"run"});
  EXPECT_EQ(without_verb.exit_code, 2);
  EXPECT_TRUE(contains(without_verb.err, "this is a run folder, write, for example, ppo_train eval run"));
  EXPECT_EQ(call({"resume", "run", "--quiet", "--total-timesteps", "1537"}).out, "");  // no whole update more
  EXPECT_TRUE(content() == before);
}

TEST_F(CliResume, OfAFinishedRunWhoseLearningRateIsUsedUpDoesNotAdviseWhatItWouldRefuse) {
  train("run", kShort + Arguments{"--anneal-lr", "true"});
  const Result result = call({"resume", "run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(
      contains(result.out, "finished: all 6 updates are done; its learning rate has been annealed to 0"))
      << result.out;
  EXPECT_FALSE(contains(result.out, "--total-timesteps")) << result.out;
}

TEST_F(CliResume, IsQuietAndMakesWhatTrainMakes) {
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 2);
  const Arguments command = {"resume", "run", "--quiet", "--report", "--render", "--render-training"};
  // Also when all updates are done already.
  for (const char* update : {"2", "6"}) {
    const Result result = call(command);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err,
              std::string("ppo_train: note: the film of --render-training has no moments before update ") +
                  update + "; a checkpoint does not hold them\n");
    for (const char* file : {"report.html", "film.gif", "training.gif"}) {
      EXPECT_TRUE(fs::remove(at("run") / file)) << file;
    }
  }
  train("straight", kShort + kManyCheckpoints);
  expect_same("run", "straight");
}

TEST_F(CliResume, ADivergedRunKeepsItsLastGoodCheckpoint) {
  const Result diverged = call(kShort + kDiverging + Arguments{"--checkpoint-every", "1", "--out", "run"});
  EXPECT_EQ(diverged.exit_code, 4);
  EXPECT_TRUE(contains(
      diverged.err,
      "; most likely vf_coef = 1e+30 makes its term of the loss too large: train with a smaller vf_coef"))
      << diverged.err;
  EXPECT_TRUE(contains(diverged.err, "; run/checkpoints/0000000000.safetensors is the last good checkpoint"))
      << diverged.err;
  EXPECT_EQ(names_in(at("run/checkpoints")), Arguments{"0000000000.safetensors"});
  const std::string metrics = read_file(at("run/metrics.csv"));
  const Result again = call({"resume", "run"});
  EXPECT_EQ(again.exit_code, 4);
  EXPECT_EQ(again.err, diverged.err);
  EXPECT_FALSE(contains(call({"eval", "run"}).err, "resume"));  // which would not help
  EXPECT_EQ(read_file(at("run/metrics.csv")), metrics);
}

TEST_F(CliResume, ADivergedRunSaysSoAlsoWhereItCannotSaveThat) {
  // run.json holds the command line: with this one it becomes longer than all that is written before it.
  std::string out;
  for (int i = 0; i < 1900; ++i) out += "./";
  const Result result = test::run(kShort + kDiverging + Arguments{"--out", out + "run"},
                                  {.folder = folder_.path(), .prepare = file_size_limit(5000)});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_TRUE(contains(result.err, "training diverged: ")) << result.err;
  EXPECT_TRUE(contains(result.err, "run.json: File too large")) << result.err;
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
