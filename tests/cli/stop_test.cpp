// Ending a run before its time: by a signal, by Ctrl-C, and with nobody to read what it prints.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "runs.hpp"

namespace ppo::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Far more updates than any test waits for, each of which takes some milliseconds.
const Arguments kEndless = {"--total-timesteps", "1000000000", "--log-every", "1", "--out", "run"};

/// A run that was stopped is as whole as one that has ended by itself, up to the update it came to.
void expect_all_saved(const TemporaryFolder& folder, const std::string& stopped_by) {
  const std::filesystem::path saved = folder.path() / "run";
  ASSERT_EQ(names_in(saved), kRunFiles);
  const Json json = read_json(saved / "run.json");
  EXPECT_EQ(json.at("stopped_by"), stopped_by);
  const std::string metrics = read_file(saved / "metrics.csv");
  EXPECT_EQ(lines(metrics).size(), 1 + json.at("updates").get<std::size_t>());
  EXPECT_EQ(metrics.back(), '\n');
  EXPECT_EQ(run({"eval", "run", "--episodes", "2"}, {.folder = folder.path()}).exit_code, 0);
}

struct Signal {
  int number;
  std::string name;
};

class CliSignal : public testing::TestWithParam<Signal> {};

TEST_P(CliSignal, EndsTheRunAtAnUpdateWithEverythingSaved) {
  const TemporaryFolder folder;
  Process process(kEndless, {.folder = folder.path()});
  ASSERT_TRUE(process.wait_for_output("Update 1:"));
  process.signal(GetParam().number);
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + GetParam().number) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(contains(result.out, "stopped"));
  expect_all_saved(folder, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Each, CliSignal,
                         testing::Values(Signal{SIGINT, "SIGINT"}, Signal{SIGTERM, "SIGTERM"},
                                         Signal{SIGHUP, "SIGHUP"}),
                         [](const auto& each) { return each.param.name; });

TEST(CliStop, CtrlCOnATerminalIsASigint) {
  const TemporaryFolder folder;
  Process process(kEndless, {.folder = folder.path(), .terminal = true});
  ASSERT_TRUE(process.wait_for_output("ETA"));
  process.type("\x03");
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.out;
  EXPECT_TRUE(contains(result.out, "stopped")) << result.out;
  EXPECT_TRUE(result.out.ends_with("\r\n")) << result.out;
  expect_all_saved(folder, "SIGINT");
}

TEST(CliStop, ASecondSignalEndsItAtOnce) {
  // The first update of this run takes far longer than a test may.
  Process process(
      {"--num-steps", "8192", "--update-epochs", "1000", "--total-timesteps", "600000", "--no-out"});
  ASSERT_TRUE(process.wait_for_output("updates"));
  std::this_thread::sleep_for(500ms);  // a signal before the first update ends it without one
  process.signal(SIGINT);
  std::this_thread::sleep_for(1s);
  ASSERT_TRUE(process.running());  // one signal waits for the update
  const Clock::time_point second = Clock::now();
  process.signal(SIGTERM);
  const Result result = process.wait();
  EXPECT_LT(Clock::now() - second, 5s);
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + SIGTERM);
}

TEST(CliStop, AFullStandardOutputFailsTheRunButKeepsIt) {
  const TemporaryFolder folder;
  const Result result = run(kShort + Arguments{"--log-every", "1", "--out", "run"},
                            {.folder = folder.path(), .output = "/dev/full"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "standard output")) << result.err;
  EXPECT_EQ(names_in(folder.path() / "run"), kRunFiles);
  EXPECT_EQ(lines(read_file(folder.path() / "run" / "metrics.csv")).size(), 1U + 6U);
  EXPECT_EQ(read_json(folder.path() / "run" / "run.json").at("stopped_by"), nullptr);
}

TEST(CliStop, ASignalsExitCodeGoesOverThatOfAFullStandardOutput) {
  const TemporaryFolder folder;
  Process process(kEndless, {.folder = folder.path(), .output = "/dev/full"});
  const std::filesystem::path metrics = folder.path() / "run" / "metrics.csv";
  const Clock::time_point start = Clock::now();
  while (lines(read_file(metrics)).size() < 3 && Clock::now() - start < 30s)
    std::this_thread::sleep_for(10ms);
  ASSERT_TRUE(process.running());
  process.signal(SIGINT);
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + SIGINT);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  expect_all_saved(folder, "SIGINT");
}

}  // namespace
}  // namespace ppo::test
