// What a run that is evaluated while it trains shows of that, on a terminal and on a pipe.
#include <gtest/gtest.h>

#include <algorithm>

#include "runs.hpp"
#include "system/text.hpp"

namespace ppo::test {
namespace {

const Arguments kEvaluated =
    kShort + Arguments{"--eval-every", "2", "--eval-episodes", "3", "--device", "cpu", "--log-every", "1"};

/// Any evaluation of CartPole reaches that.
const Arguments kStopping = kEvaluated + Arguments{"--stop-at-return", "2"};

/// The text beside that label.
std::string text_of(const std::string& label, const std::string& out) {
  for (const std::string& line : lines(out)) {
    if (line.starts_with(label + ' ')) return line.substr(9);
  }
  return "none";
}

std::string two_decimals(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

class CliTrainingView : public testing::Test {
 protected:
  Result train(const Arguments& flags) const {
    const Result result = run(flags + Arguments{"--out", "run"}, {.folder = folder_.path()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result;
  }

  std::filesystem::path path() const { return folder_.path() / "run"; }

  const TemporaryFolder folder_;
};

TEST_F(CliTrainingView, APipeGetsTheLatestEvaluation) {
  const Result result = train(kEvaluated);
  const std::vector<std::string> rows = lines(read_file(path() / "evals.csv"));
  ASSERT_EQ(rows.size(), 4U);
  const auto mean = [&](std::size_t row) { return two_decimals(std::stod(split(rows[row], ',').at(3))); };
  const std::vector<std::string> expected = {"-", "-", mean(1), mean(1), mean(2), mean(2)};
  for (std::size_t update = 0; update < expected.size(); ++update) {
    const std::string head = "Update " + std::to_string(update) + ": ";
    const std::vector<std::string> all = lines(result.out);
    const auto line =
        std::ranges::find_if(all, [&](const std::string& one) { return one.starts_with(head); });
    ASSERT_NE(line, all.end()) << result.out;
    EXPECT_TRUE(contains(*line, " | Eval " + expected[update] + " | SPS ")) << *line;
  }
}

TEST_F(CliTrainingView, TheSummaryNamesTheBestOfRunJson) {
  const Result result = train(kEvaluated);
  const Json agent = read_json(path() / "run.json").at("agents").at(0);
  EXPECT_EQ(text_of("best", result.out),
            two_decimals(agent.at("best_return_mean")) + " +- " + two_decimals(agent.at("best_return_std")) +
                " greedy at update " + std::to_string(agent.at("best_update").get<int>()) + " (" +
                grouped(agent.at("best_steps")) + " steps)");
  EXPECT_EQ(text_of("stopped", result.out), "none");
}

TEST_F(CliTrainingView, TheSummaryNamesTheLastEvaluationIfItWasWorse) {
  const Result result = train(kEvaluated);
  const std::vector<std::string> last = split(lines(read_file(path() / "evals.csv")).back(), ',');
  ASSERT_EQ(last.at(1), "6");
  const Json agent = read_json(path() / "run.json").at("agents").at(0);
  const bool is_as_good = agent.at("best_return_mean") == std::stod(last.at(3)) &&
                          agent.at("best_return_std") == std::stod(last.at(4));
  EXPECT_EQ(text_of("eval", result.out), is_as_good ? "none"
                                                    : two_decimals(std::stod(last.at(3))) + " +- " +
                                                          two_decimals(std::stod(last.at(4))) +
                                                          " greedy at update 6 (1,536 steps)");
}

TEST_F(CliTrainingView, TheSummarySaysThatOnlyTheLastEvaluationReachedIt) {
  const Result result = train(kShort + Arguments{"--eval-every", "100", "--eval-episodes", "3", "--device",
                                                 "cpu", "--stop-at-return", "2"});
  EXPECT_EQ(text_of("stopped", result.out), "never: only the evaluation after the last update reached 2");
}

TEST_F(CliTrainingView, TheSummarySaysWhereTheAgentStopped) {
  const Result result = train(kStopping);
  EXPECT_EQ(text_of("stopped", result.out), "at update 2: the evaluation reached 2");
  EXPECT_TRUE(text_of("done", result.out).starts_with("512 steps in ")) << result.out;
}

TEST_F(CliTrainingView, TheSummarySaysHowManyAgentsStopped) {
  const Result result = train(kStopping + Arguments{"--num-seeds", "3"});
  EXPECT_EQ(text_of("stopped", result.out), "3 of 3 agents, at update 2: the evaluation reached 2");
  EXPECT_TRUE(text_of("done", result.out).starts_with("1,536 steps in ")) << result.out;
  EXPECT_TRUE(contains(text_of("best", result.out), " greedy (median, min and max of the agents)"));
  EXPECT_TRUE(contains(result.out, " | Stopped 0 of 3 | SPS ")) << result.out;
}

TEST_F(CliTrainingView, QuietSaysNothing) {
  EXPECT_EQ(train(kStopping + Arguments{"--quiet"}).out, "");
}

/// What a terminal that wide shows, line by line: what is overwritten, too.
std::vector<std::string> shown(const Arguments& flags, unsigned short columns) {
  const Result result =
      run_in_pty(flags + Arguments{"--no-out"}, {.environment = {"NO_COLOR=1"}, .columns = columns});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  std::string text = result.out;
  for (std::size_t at; (at = text.find("\r\033[K")) != std::string::npos;) text.replace(at, 4, "\n");
  std::erase(text, '\r');
  return lines(text);
}

TEST(CliTrainingViewOnATerminal, FitsIt) {
  for (const unsigned short width : {40, 61, 80, 100, 200}) {
    for (const Arguments& flags : {kEvaluated, kStopping + Arguments{"--num-seeds", "3"}}) {
      for (const std::string& line : shown(flags, width)) EXPECT_LE(columns(line), width) << line;
    }
  }
}

TEST(CliTrainingViewOnATerminal, HasTheEvaluationBesideTheReturn) {
  const auto has = [](const std::vector<std::string>& all, const std::string& part) {
    return std::ranges::any_of(all, [&](const std::string& line) { return contains(line, part); });
  };
  const std::vector<std::string> wide = shown(kEvaluated, 200);
  EXPECT_TRUE(has(wide, "update 1/6 | return_100 - | eval - | "));
  EXPECT_TRUE(has(wide, "best     "));
  EXPECT_TRUE(has(shown(kStopping + Arguments{"--num-seeds", "3"}, 200), " | eval - | stopped 0 of 3 | "));
}

}  // namespace
}  // namespace ppo::test
