// The demo: what is drawn on which terminal, what is made, and that the commands it names work.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "drawn.hpp"
#include "fault/faults.hpp"
#include "runs.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

const std::string kCorner = "└";  // of the axes: one a chart

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++times;
  return times;
}

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](unsigned char byte) { return byte < 0x80; });
}

class CliDemo : public CliRuns {
 protected:
  /// Demonstrates on a terminal, in the test's folder; what is left there in the end.
  std::string demonstrate(Launch launch = {}) const {
    launch.folder = folder_.path();
    std::filesystem::remove_all(at("demo"));
    const Result result = run_in_pty({"demo", "--out", "demo"}, launch);
    EXPECT_EQ(result.exit_code, 0) << result.out;
    return Drawn(result.out).text();
  }

  Launch on_a_terminal() const {
    return {.folder = folder_.path(), .terminal = true, .prepare = run_on_one_core};
  }
};

TEST_F(CliDemo, LeavesOneChartAndSaysWhatToTryNext) {
  const std::string text = demonstrate();
  EXPECT_EQ(count(text, kCorner), 1U) << text;
  EXPECT_TRUE(text.starts_with("return over steps | cartpole on ")) << text;
  const std::vector<std::string> all = lines(text);
  EXPECT_TRUE(all.at(1).starts_with("500 ┤")) << text;
  EXPECT_TRUE(all.at(1).ends_with("⠉⠉⠉⠉⠉⠉")) << text;
  EXPECT_TRUE(all.at(11).starts_with("  0 ┤")) << text;
  EXPECT_EQ(all.at(13), "     0          20K         40K         60K         80K");
  EXPECT_TRUE(contains(text, "\ndone     98,304 steps in ")) << text;
  EXPECT_TRUE(contains(text, "; solved at step ")) << text;
  EXPECT_TRUE(contains(text, "\ntraining demo/training.gif\nreport   demo/report.html\ntry next ")) << text;
  EXPECT_LE(all.size(), 24U) << "the prompt would push its top off the screen: " << text;
}

TEST_F(CliDemo, DrawsWhileItTrains) {
  Process process({"demo"}, on_a_terminal());
  ASSERT_TRUE(process.wait_for_output(kCorner));
  const Result result = process.wait();
  EXPECT_GE(count(result.out, kCorner), 3U) << result.out;
  EXPECT_EQ(result.out.find("\033[?"), std::string::npos) << "a cursor that is hidden may stay so";
}

TEST_F(CliDemo, MakesARunWithFilmAndReport) {
  demonstrate();
  std::vector<std::string> files = kRunFiles;
  for (const char* name : {"report.html", "training.gif"}) files.emplace_back(name);
  std::ranges::sort(files);
  EXPECT_EQ(names_in(at("demo")), files);
  train("preset", {"--config", "cartpole-v1"});
  EXPECT_EQ(hash_of(at("demo")), hash_of(at("preset")));
  const Json command_line = read_json(at("demo/run.json")).at("command_line");
  EXPECT_EQ(Arguments(command_line.end() - 3, command_line.end()), (Arguments{"demo", "--out", "demo"}));
}

TEST_F(CliDemo, MayBeRepeatedAndTakesASeed) {
  for (const Arguments& arguments : {Arguments{"demo"}, {"demo"}, {"demo", "--seed", "3"}})
    EXPECT_EQ(call(arguments).exit_code, 0);
  const std::vector<std::string> runs = names_in(at("runs"));
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_TRUE(runs[0].starts_with("demo-s3-")) << runs[0];
  EXPECT_TRUE(runs[1].starts_with("demo-s42-")) << runs[1];
  EXPECT_TRUE(runs[2].starts_with("demo-s42-")) << runs[2];
}

// Of the sweep, which takes long, only the plan is printed.
TEST_F(CliDemo, NamesCommandsThatWork) {
  const std::string text = call({"demo", "--out", "a demo"}).out;
  const std::string head = std::string("try next ") + PPO_TRAIN_BINARY + " eval 'a demo' --greedy\n";
  const std::size_t begin = text.find("try next ");
  ASSERT_NE(begin, std::string::npos) << text;
  EXPECT_TRUE(text.substr(begin).starts_with(head)) << text;
  const std::vector<std::string> commands = lines(text.substr(begin));
  ASSERT_EQ(commands.size(), 3U) << text;
  for (std::string command : commands) {
    command.erase(0, 9);
    if (contains(command, " sweep ")) command += " --print-config";
    const Result result = run({"-c", command}, {.program = "/bin/sh", .folder = folder_.path()});
    EXPECT_EQ(result.exit_code, 0) << command << ": " << result.err;
    EXPECT_NE(result.out, "") << command;
  }
}

TEST_F(CliDemo, OnAPipeDrawsOnceInAscii) {
  const Result result = run({"demo", "--out", "demo"},
                            {.folder = folder_.path(), .environment = {"TERM=xterm", "LC_ALL=C.UTF-8"}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(is_ascii(result.out)) << result.out;
  EXPECT_FALSE(contains(result.out, "\033")) << result.out;
  EXPECT_EQ(count(result.out, "500 +"), 1U) << result.out;
  EXPECT_TRUE(contains(result.out, "\n    ++-----------+-----------+")) << result.out;
}

TEST_F(CliDemo, ADumbTerminalGetsThePlainChart) {
  const Result result = run_in_pty({"demo"}, {.folder = folder_.path(), .environment = {"TERM=dumb"}});
  EXPECT_TRUE(is_ascii(result.out)) << result.out;
  EXPECT_FALSE(contains(result.out, "\033")) << result.out;
  EXPECT_EQ(count(result.out, "500 +"), 1U) << result.out;
}

TEST_F(CliDemo, KeepsToTheCharactersAndColoursThatAreAskedFor) {
  const std::string ascii = demonstrate({.environment = {"LC_ALL=C"}});
  EXPECT_TRUE(is_ascii(ascii)) << ascii;
  EXPECT_EQ(count(ascii, "500 +"), 1U) << ascii;
  const Result plain = run_in_pty({"demo"}, {.folder = folder_.path(), .environment = {"NO_COLOR=1"}});
  EXPECT_FALSE(contains(plain.out, "\033[2m")) << plain.out;
  EXPECT_FALSE(contains(plain.out, "\033[36m")) << plain.out;
  EXPECT_GE(count(plain.out, kCorner), 2U) << plain.out;
}

TEST_F(CliDemo, FitsSmallTerminals) {
  for (const auto& [width, height] : {std::pair<unsigned short, unsigned short>{50, 15}, {30, 10}, {20, 8}}) {
    const std::string text = demonstrate({.columns = width, .rows = height});
    EXPECT_EQ(count(text, kCorner), 1U) << text;
    const std::vector<std::string> all = lines(text);
    const auto bottom = std::ranges::find_if(all, [](const auto& line) { return contains(line, kCorner); });
    EXPECT_EQ(bottom - all.begin(), 5) << text;
    for (auto line = all.begin(); line <= bottom; ++line) EXPECT_LT(columns(*line), width) << *line;
  }
}

TEST_F(CliDemo, WithoutRoomForAChartSaysTheRest) {
  for (const auto& [width, height] : {std::pair<unsigned short, unsigned short>{12, 24}, {80, 5}}) {
    const std::string text = demonstrate({.columns = width, .rows = height});
    EXPECT_TRUE(contains(text, "report   demo/report.html\ntry next ")) << text;
    EXPECT_EQ(count(text, kCorner), width < 20 ? 0U : 1U) << text;
  }
}

TEST_F(CliDemo, ATerminalOfAnotherSizeCostsOneChart) {
  Process process({"demo"}, on_a_terminal());
  ASSERT_TRUE(process.wait_for_output(kCorner));
  process.resize(40, 20);
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(count(Drawn(result.out).text(), kCorner), 2U) << result.out;
}

TEST_F(CliDemo, CtrlCEndsItLikeAnyRun) {
  Process process({"demo", "--out", "demo"}, on_a_terminal());
  ASSERT_TRUE(process.wait_for_output(kCorner));
  process.type("\x03");
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.out;
  const std::string text = Drawn(result.out).text();
  EXPECT_EQ(count(text, kCorner), 1U) << text;
  EXPECT_FALSE(contains(text, "^C")) << text;
  EXPECT_FALSE(contains(text, "try next")) << text;
  EXPECT_TRUE(std::filesystem::exists(at("demo/run.json")));
}

TEST_F(CliDemo, AnErrorStandsBelowTheChart) {
  Launch launch = on_a_terminal();
  launch.prepare = file_size_limit(100'000);  // enough for the run, but not for film and report
  const Result result = Process({"demo"}, launch).wait();
  EXPECT_EQ(result.exit_code, 1) << result.out;
  const std::vector<std::string> all = Drawn(result.out).lines();
  EXPECT_TRUE(std::ranges::any_of(all, [](const std::string& line) {
    return line.starts_with("ppo_train: ") && contains(line, "training.gif") && contains(line, "report.html");
  })) << result.out;
  EXPECT_EQ(count(Drawn(result.out).text(), kCorner), 1U) << result.out;
  EXPECT_FALSE(contains(result.out, "try next")) << result.out;
}

TEST_F(CliDemo, RefusesWhatItDoesNotTake) {
  std::filesystem::create_directory(at("there"));
  const std::pair<Arguments, const char*> refused[] = {
      {{"demo", "pendulum-v1"}, "demo does not take 'pendulum-v1'; see ppo_train demo --help"},
      {{"demo", "--seed", "x"}, "--seed"},
      {{"demo", "--lr", "1"}, "demo has no flag '--lr', but train does"},
      {{"demo", "--out", "there"}, "--out 'there' already exists; write the name of a new folder"}};
  for (const auto& [arguments, message] : refused) {
    const Result result = call(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(contains(result.err, message)) << result.err;
  }
  EXPECT_EQ(names_in(folder_.path()), Arguments{"there"});
}

TEST(CliFirstPage, SaysOnATerminalWhatToTry) {
  const Result result = run_in_pty({});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, "ppo_train trains agents with PPO")) << result.out;
  EXPECT_TRUE(contains(result.out, std::string("\n  ") + PPO_TRAIN_BINARY + " demo\r\n")) << result.out;
  EXPECT_LE(lines(result.out).size(), 6U);
}

}  // namespace
}  // namespace ppo::test
