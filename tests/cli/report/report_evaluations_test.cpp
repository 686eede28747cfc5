// Reports of runs that are evaluated while they train: what they say of evals.csv, and when they refuse it.
#include <fstream>

#include "cli/report/report_runs.hpp"

namespace ppo::test {
namespace {

/// After updates 2, 4 and 6 of 256 steps.
const Arguments kEvaluated = {"--eval-every", "2", "--eval-episodes", "3", "--max-episode-steps", "100"};

/// Any evaluation of CartPole reaches that.
const Arguments kStopping = kEvaluated + Arguments{"--stop-at-return", "2"};

class CliReportEvaluations : public CliReport {
 protected:
  static std::string two_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
  }
};

TEST_F(CliReportEvaluations, StatesTheBestOfRunJson) {
  const Json agent = read_json(train("run", kEvaluated) / "run.json").at("agents").at(0);
  const std::string page = page_of("run");
  EXPECT_TRUE(contains(page, ">" + two_decimals(agent.at("best_return_mean")) + " ± ")) << agent;
  const std::int64_t update = agent.at("best_update");
  EXPECT_TRUE(contains(page, "at update " + std::to_string(update) + ", step ")) << agent;
  EXPECT_TRUE(contains(page, "\"evaluations\":{\"steps\":[512,1024,1536]"));
  report({"run", "--svg"});
  const std::string svg = read_file(folder_.path() / "run" / "return.svg");
  EXPECT_TRUE(contains(svg, ">evaluations of 3 greedy episodes each</text>"));
}

TEST_F(CliReportEvaluations, WithoutAnyDoesNotMentionThem) {
  train("run");
  EXPECT_FALSE(contains(page_of("run"), "\"evaluations\""));
  EXPECT_FALSE(contains(page_of("run"), "Best evaluation"));
}

TEST_F(CliReportEvaluations, OfAPopulationShowTheMedianAgent) {
  const std::filesystem::path path = train("run", kEvaluated + Arguments{"--num-seeds", "3"});
  std::vector<double> means;
  for (const std::string& line : lines(read_file(path / "evals.csv"))) {
    const std::vector<std::string> cells = split(line, ',');
    if (cells.at(1) == "2") means.push_back(std::stod(cells.at(3)));
  }
  ASSERT_EQ(means.size(), 3U);
  std::sort(means.begin(), means.end());
  std::ostringstream middle;
  middle << "\"evaluations\":{\"steps\":[512,1024,1536],\"middle\":["
         << Json(std::stod(two_decimals(means[1]))).dump();
  const std::string page = page_of("run");
  const std::size_t at = page.find("\"evaluations\":");
  ASSERT_NE(at, std::string::npos);
  EXPECT_TRUE(contains(page.substr(at), middle.str().substr(0, middle.str().size() - 1)))
      << page.substr(at, 120) << " and not " << middle.str();
  EXPECT_TRUE(contains(page, ">Best evaluation</button>"));
}

TEST_F(CliReportEvaluations, OfARunThatReachedItsReturnSayWhereItStopped) {
  const std::filesystem::path path = train("run", kStopping);
  EXPECT_EQ(read_json(path / "run.json").at("updates"), 2);
  const std::string page = page_of("run");
  EXPECT_TRUE(contains(page, "stopped at a return of 2 after 2 of 6 updates"));
  EXPECT_TRUE(contains(page, ">512</dd><dd class=\"note\">a return of 2 in an evaluation<"));
  EXPECT_FALSE(contains(page, "<p class=\"notice\">The run")) << "it is what was asked for";
}

TEST_F(CliReportEvaluations, OfARunThatWasKilledTellWhatIsThere) {
  lose_end(train("run", kEvaluated), "evals.csv");
  EXPECT_TRUE(contains(page_of("run"), "\"evaluations\":{\"steps\":[512,1024]"));
}

TEST_F(CliReportEvaluations, ThatAreDamagedAreRefused) {
  const std::filesystem::path path = train("run", kEvaluated);
  const std::string whole = read_file(path / "evals.csv");
  const std::vector<std::string> rows = lines(whole);
  ASSERT_EQ(rows.size(), 4U);
  const auto expect_damaged = [&](const std::string& text, const std::string& complaint) {
    std::ofstream(path / "evals.csv", std::ios::binary) << text;
    expect_refused({"run"}, "run/evals.csv" + complaint);
    expect_refused({"run", "--svg"}, "run/evals.csv" + complaint);
  };
  expect_damaged("", ":1: damaged: it has no line of column names");
  expect_damaged(whole.substr(0, whole.size() - 1), ":4: damaged: the line is cut short");
  expect_damaged(rows[0] + '\n' + rows[1] + '\n', ":2: damaged: the rows end before the evaluation");
  expect_damaged(rows[0] + '\n' + rows[2] + '\n', ":2: damaged: update 4 where update 2 should be");
  std::string text = whole;
  expect_damaged(text.replace(whole.find("\n0,2,"), 5, "\n0,x,"),
                 ":2: damaged: update must be a whole number, not 'x'");
  std::filesystem::remove(path / "evals.csv");
  expect_refused({"run"}, "run/evals.csv: cannot be read");
  std::ofstream(path / "evals.csv", std::ios::binary) << whole;
  report({"run"});
}

}  // namespace
}  // namespace ppo::test
