// What a person sees on a terminal: colours, widths, what goes on; and that a pipe sees none of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "fault/faults.hpp"
#include "runs.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

const std::string kErase = "\r\033[K";
const Arguments kTraining = kShort + Arguments{"--device", "cpu", "--no-out"};

std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end =
        text.compare(i, 2, "\033[") == 0 ? text.find_first_not_of("0123456789;", i + 2) : std::string::npos;
    if (end != std::string::npos && text[end] == 'm') {
      i = end;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool has_colours(const std::string& text) {
  return without_colours(text) != text;
}

/// What has stood in one line at one moment.
struct Shown {
  std::string text;
  bool live;  // erased afterwards
};

std::vector<Shown> shown(const std::string& out) {
  std::vector<Shown> all;
  for (std::string line : lines(without_colours(out))) {
    if (line.ends_with('\r')) line.pop_back();
    for (std::size_t erased; (erased = line.find(kErase)) != std::string::npos;) {
      all.push_back({line.substr(0, erased), true});
      line.erase(0, erased + kErase.size());
    }
    all.push_back({line, false});
  }
  return all;
}

/// What is left in the end.
std::string left_on(const std::string& out) {
  std::string text;
  for (const Shown& line : shown(out)) text += line.live ? "" : line.text + '\n';
  return text;
}

std::size_t widest(const std::string& out, bool live) {
  std::size_t most = 0;
  for (const Shown& line : shown(out)) {
    if (line.live == live) most = std::max(most, columns(line.text));
  }
  return most;
}

TEST(CliTerminal, ColoursSayWhatMatters) {
  const Result result = run_in_pty({"--config", "cartpole-v1", "--no-out"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, "\033[2mdone\033[0m     98,304 steps in ")) << result.out;
  EXPECT_TRUE(contains(result.out, "\033[2mreturn\033[0m   \033[1m500.00\033[0m over")) << result.out;
  EXPECT_TRUE(contains(result.out, "; \033[32msolved at step ")) << result.out;
  EXPECT_TRUE(contains(result.out, "\033[2mhash\033[0m     0x")) << result.out;
}

TEST(CliTerminal, NotesAndEarlyEndsAreInYellow) {
  EXPECT_TRUE(contains(run_in_pty(kTraining).out, "\033[33mnote\033[0m     without a time limit"));
  Process process({"--total-timesteps", "1000000000", "--no-out"}, {.terminal = true});
  ASSERT_TRUE(process.wait_for_output("ETA"));
  process.type("\x03");
  const Result result = process.wait();
  EXPECT_TRUE(contains(result.out, "\033[33mended\033[0m    ")) << result.out;
}

TEST(CliTerminal, AnErrorsPrefixIsInRed) {
  const Result result = run_in_pty({"--lr", "nan"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(result.out.starts_with("\033[31mppo_train:\033[0m --lr")) << result.out;
  EXPECT_FALSE(has_colours(run_in_pty({"--lr", "nan"}, {.environment = {"NO_COLOR=1"}}).out));
  EXPECT_FALSE(has_colours(run({"--lr", "nan"}, {.environment = {"TERM=xterm"}}).err));
}

TEST(CliTerminal, NoColorKeepsTheLiveLine) {
  const Result result = run_in_pty(kTraining, {.environment = {"NO_COLOR=1"}});
  EXPECT_FALSE(has_colours(result.out)) << result.out;
  EXPECT_TRUE(contains(result.out, kErase));
  EXPECT_TRUE(has_colours(run_in_pty(kTraining, {.environment = {"NO_COLOR="}}).out));
}

TEST(CliTerminal, ADumbTerminalGetsPlainLines) {
  for (const char* term : {"TERM=dumb", "TERM="}) {
    const Result result = run_in_pty(kTraining, {.environment = {term}});
    EXPECT_FALSE(contains(result.out, "\033")) << result.out;
    EXPECT_TRUE(contains(result.out, "Update 0:")) << result.out;
  }
}

TEST(CliTerminal, APipeGetsNeitherColoursNorOtherBreaks) {
  const Result result = run(kTraining, {.environment = {"TERM=xterm", "LC_ALL=C.UTF-8"}});
  EXPECT_FALSE(contains(result.out, "\033")) << result.out;
  const std::vector<std::string> all = lines(result.out);
  EXPECT_TRUE(all.front().starts_with("cartpole on cpu (")) << result.out;
  EXPECT_TRUE(all.front().ends_with(" | 8 x 32 steps per update, 6 updates | 9155 parameters | seed 42"));
  EXPECT_EQ(all[all.size() - 2],
            "note     without a time limit this is the reference's CartPole, which learns but is never "
            "\"solved\";");
  EXPECT_EQ(all.back(), "         `ppo_train --config cartpole-v1` has the 500-step limit and solves it");
}

TEST(CliTerminal, NothingIsWiderThanTheTerminal) {
  for (const unsigned short width : {40, 61, 80, 100, 200}) {
    for (const Arguments& arguments : {kTraining, kTraining + Arguments{"--num-seeds", "3"}}) {
      const Result result = run_in_pty(arguments, {.columns = width});
      EXPECT_EQ(result.exit_code, 0);
      EXPECT_LE(widest(result.out, false), width) << result.out;
      EXPECT_LT(widest(result.out, true), width) << result.out;
      EXPECT_TRUE(contains(without_colours(result.out), kErase + "update 1/6") ||
                  contains(result.out, "\xE2\x96\x95"))
          << result.out;
    }
  }
}

// A path in two lines could not be copied.
TEST(CliTerminal, TheRunFolderIsNotBroken) {
  const TemporaryFolder folder;
  const std::string name = "a folder with many words in its name";
  const Result result =
      run_in_pty(kShort + Arguments{"--out", name}, {.folder = folder.path(), .columns = 40});
  EXPECT_TRUE(contains(left_on(result.out), "saved    " + name + "\n")) << result.out;
}

// Where not even the hash fits, the live line still does not break, and nothing is lost.
TEST(CliTerminal, AVeryNarrowOneIsServedToo) {
  for (const unsigned short width : {1, 2, 8, 20}) {
    const Result result = run_in_pty(kTraining, {.columns = width});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_LT(widest(result.out, true), width) << result.out;
    const std::string text = left_on(result.out);
    for (const char* word : {"9155", "return", "hash", "0x", "cartpole-v1`", "500-step"})
      EXPECT_TRUE(contains(text, word)) << word << " in " << text;
  }
}

TEST(CliTerminal, OneThatDoesNotSayItsWidthHas80Columns) {
  const Result result = run_in_pty(kTraining, {.columns = 0});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_LE(widest(result.out, false), 80U);
  EXPECT_GT(widest(result.out, false), 60U);
}

TEST(CliTerminal, TheLiveLineHasABarWhereThereIsRoom) {
  EXPECT_TRUE(contains(run_in_pty(kTraining, {.columns = 100}).out, kErase + "▕███"));
  const Result ascii = run_in_pty(kTraining, {.environment = {"LC_ALL=C"}, .columns = 100});
  EXPECT_TRUE(contains(ascii.out, kErase + "[###")) << ascii.out;
  for (const char byte : ascii.out) ASSERT_GE(byte, 0) << ascii.out;
  const std::string narrow = run_in_pty(kTraining, {.columns = 60}).out;
  EXPECT_FALSE(contains(narrow, "▕")) << narrow;
  EXPECT_TRUE(contains(narrow, "ETA")) << narrow;
}

TEST(CliTerminal, HelpPagesFitIt) {
  const std::string piped = run({"--help"}).out;
  const auto page = [](unsigned short width) {
    return left_on(run_in_pty({"--help"}, {.columns = width}).out);
  };
  EXPECT_EQ(page(80), piped);
  EXPECT_EQ(page(0), piped);
  EXPECT_LE(widest(page(60), false), 60U);
  EXPECT_EQ(page(30), page(60));
  EXPECT_EQ(page(300), page(100));
  EXPECT_LE(widest(page(300), false), 100U);
  EXPECT_LT(lines(page(300)).size(), lines(piped).size());
}

class CliProgress : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run(kShort + Arguments{"--out", "run"}, here_).exit_code, 0); }

  /// Evaluates with ever more episodes, until that takes so long that the progress is shown.
  std::pair<Result, std::string> long_enough(const std::function<Result(const std::string&)>& evaluate) {
    for (int episodes = 4096; episodes <= 1 << 24; episodes *= 2) {
      Result result = evaluate(std::to_string(episodes));
      EXPECT_EQ(result.exit_code, 0) << result.out;
      if (contains(result.out, "playing ") || result.exit_code != 0)
        return {result, std::to_string(episodes)};
    }
    ADD_FAILURE() << "millions of episodes have shown no progress";
    return {};
  }

  const TemporaryFolder folder_;
  const Launch here_{
      .folder = folder_.path(), .timeout = std::chrono::seconds(300), .prepare = run_on_one_core};
};

TEST_F(CliProgress, IsShownAfterAWhileAndLeavesNoTrace) {
  const auto [result, episodes] = long_enough([&](const std::string& count) {
    Launch wide = here_;
    wide.columns = 200;
    return run_in_pty({"eval", "run", "--episodes", count}, wide);
  });
  EXPECT_TRUE(contains(result.out, " episodes | ")) << result.out;
  EXPECT_EQ(left_on(result.out), run({"eval", "run", "--episodes", episodes}, here_).out);
}

TEST_F(CliProgress, IsNotPartOfAPipedOutput) {
  const auto [result, episodes] = long_enough([&](const std::string& count) {
    Launch shell = here_;
    shell.program = "/bin/sh";
    shell.environment = {std::string("PPO_TRAIN=") + PPO_TRAIN_BINARY};
    return run_in_pty({"-c", "\"$PPO_TRAIN\" eval run --json --episodes " + count + " >out"}, shell);
  });
  EXPECT_EQ(left_on(result.out), "\n");
  EXPECT_LT(widest(result.out, true), 80U);
  const Result piped = run({"eval", "run", "--json", "--episodes", episodes}, here_);
  EXPECT_EQ(read_file(folder_.path() / "out"), piped.out);
  EXPECT_EQ(piped.err, "");
}

TEST_F(CliProgress, AShortEvaluationShowsNone) {
  EXPECT_EQ(run_in_pty({"eval", "run", "--episodes", "1"}, here_).out.find(kErase), std::string::npos);
}

}  // namespace
}  // namespace ppo::test
