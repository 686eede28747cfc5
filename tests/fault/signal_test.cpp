// SIGINT, SIGTERM and SIGHUP at random moments of a run and of its resumption: one is answered with a whole
// run, also when it comes several times at once; a later one ends the program. Neither costs anything.
#include <array>

#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
constexpr std::array kNames = {"SIGINT", "SIGTERM", "SIGHUP"};

class SignalTest : public StraightRun {
 protected:
  /// Starts the program and sends it the signal, up to three times within some milliseconds, after a while.
  Result signalled(const Arguments& arguments, const fs::path& folder, int signal) {
    Process process(arguments, {.folder = folder});
    sleep_for_a_part();
    const Clock::time_point first = Clock::now();
    process.signal(signal);
    for (long more = random_whole(0, 2); more > 0; --more) {
      std::this_thread::sleep_for(Seconds(random(0, 0.003)));
      if (Clock::now() - first > Seconds(0.3)) break;  // soon it would be a later one
      if (process.running()) process.signal(signal);
    }
    return process.wait();
  }

  /// What it leaves: a run whose run.json says what stopped it, or what was there before.
  void expect_whole(const Result& result, const fs::path& run_folder, const std::string& before,
                    std::size_t signal) {
    const std::string after = read_file(run_folder / "run.json");
    if (result.signal != 0) {  // it came before there was anything to be saved, or after everything was
      EXPECT_EQ(result.signal, kSignals[signal]);
      EXPECT_TRUE(fs::exists(run_folder) ? !after.empty() : before.empty());
      if (after == before) return;
    } else {
      EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 128 + kSignals[signal]) << result.err;
    }
    ASSERT_NE(after, "") << result.exit_code << ' ' << result.err;
    const Json json = Json::parse(after);
    const std::size_t updates = json.at("updates");
    // All updates may be done, but not the evaluation of the last one.
    const bool is_over = updates == 60 && json.at("stopped_by").is_null();
    EXPECT_TRUE(is_over || json.at("stopped_by") == kNames[signal]) << json.at("stopped_by");
    EXPECT_TRUE(is_over || result.signal != 0 || result.exit_code == 128 + kSignals[signal]);
    std::size_t rows = 0;
    for (const Json& agent : json.at("agents")) {
      const Json& stop = agent.at("stopped_at_update");
      rows += stop.is_null() ? updates : stop.get<std::size_t>();
    }
    EXPECT_EQ(lines(read_file(run_folder / "metrics.csv")).size(), 1 + rows);
    const std::string digits = std::to_string(updates);
    const std::string checkpoint = std::string(10 - digits.size(), '0') + digits + ".safetensors";
    EXPECT_EQ(names_in(run_folder / "checkpoints").back(), checkpoint);  // so that no update is done again
    ++(is_over ? ended_ : stopped_);
  }

  /// A run that is stopped so, and perhaps its resumption too. Returns how many did not end by themselves.
  long stop_and_resume() {
    const TemporaryFolder folder;
    const fs::path run_folder = folder.path() / "run";
    const auto stop = [&](const Arguments& arguments) -> long {
      const auto signal = static_cast<std::size_t>(random_whole(0, 2));
      const std::string before = read_file(run_folder / "run.json");
      const Result result = signalled(arguments, folder.path(), kSignals[signal]);
      expect_whole(result, run_folder, before, signal);
      return result.exit_code == 0 ? 0 : 1;
    };
    long stopped = 0;
    while (!fs::exists(run_folder / "config.toml")) {
      fs::remove_all(run_folder);
      stopped += stop(kRun + random_checkpoints());
    }
    for (long more = random_whole(0, 2); more > 0; --more) stopped += stop(kResume);
    expect_resumes(folder.path());
    return stopped;
  }

  long stopped_ = 0;
  long ended_ = 0;
};

TEST_F(SignalTest, AtARandomMomentLeavesAWholeRun) {
  try_until({.name = "PPO_FAULT", .faults = 80}, [&] { return stop_and_resume(); });
  std::printf("%ld were saved on the way, %ld at their end\n", stopped_, ended_);
}

TEST_F(SignalTest, ALaterOneEndsAnUpdateThatTakesLong) {
  const Arguments slow = {
      "--num-envs", "1024",    "--num-steps", "1024", "--update-epochs", "1000", "--total-timesteps",
      "1048576",    "--quiet", "--out",       "run"};
  for (const int second : {SIGINT, SIGTERM, SIGHUP}) {
    const TemporaryFolder folder;
    Process process(slow, {.folder = folder.path()});
    while (process.running() && !fs::exists(folder.path() / "run/checkpoints/0000000000.safetensors"))
      std::this_thread::yield();
    std::this_thread::sleep_for(Seconds(0.2));
    process.signal(SIGTERM);
    process.signal(SIGTERM);  // as timeout does
    std::this_thread::sleep_for(Seconds(0.6));
    EXPECT_TRUE(process.running());
    process.signal(second);
    if (second == SIGHUP) {  // of which a terminal that closes may send any number
      std::this_thread::sleep_for(Seconds(0.1));
      EXPECT_TRUE(process.running());
      process.signal(SIGTERM);
    }
    EXPECT_EQ(process.wait().exit_code, 128 + (second == SIGHUP ? SIGTERM : second));
    EXPECT_FALSE(fs::exists(folder.path() / "run/run.json"));
    EXPECT_EQ(names_in(folder.path() / "run/checkpoints"), Arguments{"0000000000.safetensors"});
  }
}

TEST_F(SignalTest, GivesUpAnEvaluationThatTakesLong) {
  // Some seconds of one core.
  const Arguments usual = {"--env",           "pendulum", "--max-episode-steps", "200", "--num-envs",  "8",
                           "--num-steps",     "32",       "--eval-every",        "2",   "--log-every", "1",
                           "--eval-episodes", "150000"};
  const Arguments last = usual + Arguments{"--total-timesteps", "512"};
  const Arguments stopping = usual + Arguments{"--total-timesteps", "5120", "--stop-at-return", "-1e9"};
  const std::chrono::seconds patience{300};
  const TemporaryFolder folder;
  const Launch launch{.folder = folder.path(), .timeout = patience};
  ASSERT_EQ(run(last + Arguments{"--out", "straight"}, launch).exit_code, 0);
  for (const Arguments& arguments : {last, stopping}) {
    const fs::path run_folder = folder.path() / "run";
    fs::remove_all(run_folder);
    Process process(arguments + Arguments{"--out", "run"}, launch);
    ASSERT_TRUE(process.wait_for_output("Update 1:"));
    std::this_thread::sleep_for(Seconds(0.1));
    process.signal(SIGINT);
    EXPECT_EQ(process.wait().exit_code, 128 + SIGINT);
    EXPECT_EQ(lines(read_file(run_folder / "evals.csv")).size(), 1U);  // it was not played to its end
    EXPECT_EQ(names_in(run_folder / "checkpoints").back(), "0000000002.safetensors");
    EXPECT_FALSE(fs::exists(run_folder / "best.safetensors"));
    const Json stopped = read_json(run_folder / "run.json");
    EXPECT_EQ(stopped.at("stopped_by"), "SIGINT");
    EXPECT_EQ(stopped.at("updates"), 2);

    const Result resumed = run({"resume", "run"}, launch);
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    for (const char* file : {"metrics.csv", "evals.csv", "policy.safetensors", "best.safetensors"}) {
      EXPECT_TRUE(read_file(run_folder / file) == read_file(folder.path() / "straight" / file)) << file;
    }
    const Json ended = read_json(run_folder / "run.json");
    EXPECT_EQ(ended.at("stopped_by"), nullptr);
    EXPECT_EQ(ended.at("updates"), 2);
    if (arguments == stopping) {
      EXPECT_EQ(ended.at("agents").at(0).at("stopped_at_update"), 2);
    }
  }
}

TEST_F(SignalTest, OfATerminalThatClosesLeavesAWholeRun) {
  // The shell passes on the SIGHUP that it gets, the kernel sends one to all that the terminal has.
  const std::string command = "\"$0\" --num-envs 8 --num-steps 32 --total-timesteps 50000000 --out run; true";
  for (int time = 0; time < 8; ++time) {
    const TemporaryFolder folder;
    Process shell({"--norc", "-ic", command, PPO_TRAIN_BINARY},
                  {.program = "/bin/bash", .folder = folder.path(), .terminal = true});
    ASSERT_TRUE(shell.wait_for_output("ETA"));
    shell.close_output();
    shell.wait();
    const fs::path run_json = folder.path() / "run/run.json";
    const Clock::time_point start = Clock::now();
    while (!fs::exists(run_json) && Clock::now() - start < Seconds(20)) std::this_thread::yield();
    ASSERT_TRUE(fs::exists(run_json));
    EXPECT_EQ(read_json(run_json).at("stopped_by"), "SIGHUP");
  }
}

}  // namespace
}  // namespace ppo::test
