// What cannot be gone on with is refused before anything is changed.
#include <csignal>

#include "cli/resume/resume_runs.hpp"
#include "fault/faults.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

using CliResumeRefusal = CliResume;

TEST_F(CliResumeRefusal, OfWhatIsDamaged) {
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
  for (const auto& [column, value] :
       {std::pair{1, "43"}, {1, "hello"}, {4, "-1"}, {4, ""}, {7, "@@"}, {8, "nan"}, {9, ""}, {14, "inf"}}) {
    Arguments cells = split(rows[4], ',');
    cells[static_cast<std::size_t>(column)] = value;
    std::string row;
    for (const std::string& cell : cells) row += (&cell == cells.data() ? "" : ",") + cell;
    with_rows(4, row + '\n');
    expect_refused({"run"}, {"run/metrics.csv:5: damaged: "});
  }
  folder_.write("run/metrics.csv", metrics.substr(metrics.find('\n') + 1));
  expect_refused({"run"}, {"run/metrics.csv:1: "});
  folder_.write("run/metrics.csv", metrics);
  folder_.write("run/timing.csv", "update,wall_s,steps_per_s\n0,1,1\n");
  expect_refused({"run"}, {"run/timing.csv:2: ", "the rows end before update 1"});
  for (const int update : {0, 2, 4}) fs::resize_file(checkpoint("run", update), 1000);
  expect_refused({"run"}, {"0000000004.safetensors: ", "there is no intact checkpoint", "run/checkpoints"});
  expect_refused({"run/checkpoints/0000000002.safetensors"}, {"0000000002.safetensors: "});
}

TEST_F(CliResumeRefusal, OfAChangeOfTheResult) {
  train("run", kShort);
  for (const auto& [flag, value, was] :
       {std::tuple{"--lr", "0.5", "lr is 0.00025"},
        {"--env", "my_env", "env is \"cartpole\""},
        {"--num-seeds", "2", "num_seeds is 1"},
        {"--seed", "1", "seed is 42"},
        {"--num-envs", "16", "num_envs is 8"},
        {"--anneal-lr", "true", "anneal_lr is false"},
        {"--target_kl", "1", "target_kl is 0.0"},
        // Nor does it matter that no batch would fit.
        {"--num-envs", "5", "num_envs is 8 and cannot change"},
        {"--total-timesteps", "1535", "total_timesteps is 1536"},
        {"--total-timesteps", "5", "write --total-timesteps 1536 or more"}}) {
    expect_refused({"run", flag, value}, {std::string("--") + std::string(flag).substr(2, 3), was});
  }
  expect_refused({"run", "--lr", "fast"}, {"--lr takes a number"});
  expect_refused({"run", "--out", "x"}, {"resume has no flag '--out', but train does"});
  expect_refused({"run", "--config", "cartpole"}, {"'--config'"});
  expect_refused({"run", "more"}, {"does not take 'more'"});
  expect_refused({"run", "more", "--num-envs", "4"}, {"does not take 'more'"});
  expect_refused({}, {"resume needs a run folder or a checkpoint; write "});
  expect_refused({"nothing"}, {"there is no 'nothing'"});
  expect_refused({"."}, {"'.' is not a run folder"});
  expect_refused({"run/config.toml"}, {"not a checkpoint in a run folder"});
  expect_refused({"run", "--threads", "-1"}, {"--threads takes"});
  // The value that it has is no change.
  EXPECT_EQ(call({"resume", "run", "--lr", "0.00025", "--seed", "42"}).exit_code, 0);
  EXPECT_EQ(call({"resume", "run", "--total-timesteps", "1536"}).exit_code, 0);
}

TEST_F(CliResumeRefusal, OfALongerSchedule) {
  train("run", kShort + Arguments{"--anneal-lr", "true"});
  expect_refused({"run", "--total-timesteps", "3072"},
                 {"--total-timesteps: with anneal_lr", "1536", "; write --init-from run instead of resume"});
}

TEST_F(CliResumeRefusal, OfACheckpointOfAnotherRun) {
  train("run", kShort);
  lose_end("run", 6);
  train("other", kShort + Arguments{"--lr", "0.5"});
  fs::copy(checkpoint("other", 6), checkpoint("run", 7));
  expect_refused({"run"}, {"its lr is 0.5, that of the run's config.toml 0.00025", "another run"});
  expect_refused({"run/checkpoints/0000000007.safetensors"}, {"its lr is 0.5"});
  train("longer", {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "2304"});
  fs::copy(checkpoint("longer", 9), checkpoint("run", 7), fs::copy_options::overwrite_existing);
  expect_refused({"run"}, {"its update is 9, the run's config.toml has 6"});
}

TEST_F(CliResumeRefusal, OfASecondProcess) {
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

TEST_F(CliResumeRefusal, OfAnEndedRunWithoutCheckpoints) {  // starting again would lose it
  train("run", kShort);
  fs::remove_all(at("run/checkpoints"));
  const Arguments longer = {"run", "--total-timesteps", "3072"};
  expect_refused(longer, {"run has ended but has no checkpoint", "ppo_train --config run/config.toml"});
  fs::create_directory(at("run/checkpoints"));
  fs::create_directories(checkpoint("run", 6) / "something");  // which only has the name of one
  expect_refused(longer, {"run has ended but has no checkpoint"});
  append(checkpoint("run", 7), "half");  // nor does what is damaged lead to a new start
  expect_refused(longer, {"run has ended but has no checkpoint"});
  EXPECT_EQ(call({"resume", "run"}).exit_code, 0);  // for there is nothing to do
}

TEST_F(CliResumeRefusal, OfCheckpointsThatCannotBeLookedAt) {  // they may be there: nothing starts again
  train("run", kShort + kManyCheckpoints);
  lose_end("run", 6);
  const fs::path folder = at("run/checkpoints");
  fs::rename(folder, at("elsewhere"));
  fs::create_symlink(at("away"), folder);
  expect_refused({"run"}, {"cannot read run/checkpoints: No such file or directory"}, 1);
  fs::remove(folder);
  fs::create_directory(folder);
  fs::create_symlink(at("away/6"), checkpoint("run", 6));
  expect_refused({"run"}, {"cannot read run/checkpoints/0000000006.safetensors: No such file"}, 1);
  fs::remove_all(folder);
  fs::rename(at("elsewhere"), folder);
  fs::permissions(folder, fs::perms::owner_read);
  const std::string metrics = read_file(at("run/metrics.csv"));
  const Result result = test::run({"resume", "run"}, {.folder = folder_.path(), .prepare = obey_permissions});
  fs::permissions(folder, fs::perms::owner_all);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "cannot read run/checkpoints/")) << result.err;
  EXPECT_TRUE(contains(result.err, "Permission denied")) << result.err;
  EXPECT_TRUE(read_file(at("run/metrics.csv")) == metrics);
  resume("run");
}

TEST_F(CliResumeRefusal, OfAConfigWithOtherSizes) {  // with which its checkpoints are too large
  train("run", {"--num-envs", "65536", "--num-steps", "1", "--total-timesteps", "65536"});
  fs::remove(at("run/run.json"));
  std::string config = read_file(at("run/config.toml"));
  config.replace(config.find("num_envs = 65536"), 16, "num_envs = 8");
  folder_.write("run/config.toml", config);
  expect_refused({"run"}, {"unlike any checkpoint of a run with this config", "move run/checkpoints away"});
}

TEST_F(CliResumeRefusal, OfAConfigThatIsDamaged) {
  train("run", kShort);
  append(at("run/config.toml"), "lr = \x1b");
  expect_refused({"run"}, {"run/config.toml:"});
}

TEST_F(CliResumeRefusal, OfAFolderBesideARun) {
  train("run", kShort);
  fs::copy(checkpoint("run", 6), at("run/copy.safetensors"));
  expect_refused({"run/copy.safetensors"}, {"'run/copy.safetensors' is not a checkpoint in a run folder"});
  fs::create_directory_symlink("run/checkpoints", at("link"));
  for (const char* place : {"run/checkpoints", "run/checkpoints/", "run/../run/checkpoints", "link"}) {
    const std::string said =
        "'" + std::string(place) + "' is not a run folder, but holds the checkpoints of one";
    expect_refused({place}, {said});
  }
  expect_refused({"run/checkpoints"}, {"; write run\n"});
  expect_refused({"link"}, {"; write run\n"});
  expect_refused({"/proc/self/fd/0"}, {"not a checkpoint in a run folder"});
  fs::create_symlink("loop", at("loop"));
  const Result result = call({"resume", "loop"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "cannot read 'loop'")) << result.err;
}

}  // namespace
}  // namespace ppo::test
