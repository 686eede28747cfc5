// The report verb through the real binary: where the files go and what is in them. What a browser makes of
// the page is tests/python/report_test.py's.
#include <sys/stat.h>

#include <fstream>

#include "cli/report/report_runs.hpp"

namespace ppo::test {
namespace {

TEST_F(CliReport, AddsOneFileToTheRunAndChangesNoOther) {
  const std::filesystem::path path = train("run");
  const auto content = [&](const std::string& name) {
    return std::filesystem::is_directory(path / name) ? "" : read_file(path / name);
  };
  std::vector<std::string> before;
  for (const std::string& name : kRunFiles) before.push_back(content(name));
  EXPECT_EQ(report({"run"}), "saved    run/report.html\n");
  EXPECT_EQ(report({"run", "--svg"}), "saved    run/return.svg\n");
  std::vector<std::string> expected = kRunFiles;
  expected.insert(expected.end(), {"report.html", "return.svg"});
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names_in(path), expected);
  for (std::size_t i = 0; i < kRunFiles.size(); ++i) EXPECT_EQ(content(kRunFiles[i]), before[i]);
}

TEST_F(CliReport, IsTheSameEveryTime) {
  train("run");
  const std::string first = page_of("run");
  EXPECT_EQ(page_of("run"), first);
  EXPECT_GT(first.size(), 100'000U);  // dygraphs is in it
}

TEST_F(CliReport, OfSeveralRunsIsInTheWorkingFolder) {
  train("a");
  train("b", {"--seed", "7"});
  EXPECT_EQ(report({"a", "b"}), "saved    report.html\n");
  EXPECT_EQ(report({"a", "b", "--svg"}), "saved    return.svg\n");
  EXPECT_EQ(names_in(folder_.path()), (std::vector<std::string>{"a", "b", "report.html", "return.svg"}));
  const std::string page = read_file(folder_.path() / "report.html");
  EXPECT_TRUE(contains(page, hash_of(folder_.path() / "a")));
  EXPECT_TRUE(contains(page, hash_of(folder_.path() / "b")));
}

TEST_F(CliReport, GoesWhereItIsTold) {
  train("run");
  EXPECT_EQ(report({"run", "--out", "here.html"}), "saved    here.html\n");
  EXPECT_EQ(report({"run", "--svg", "--out", "here.svg"}), "saved    here.svg\n");
  EXPECT_EQ(names_in(folder_.path()), (std::vector<std::string>{"here.html", "here.svg", "run"}));
  EXPECT_EQ(names_in(folder_.path() / "run"), kRunFiles);
}

TEST_F(CliReport, StatesWhatRunJsonStates) {
  const std::filesystem::path path =
      train_as("run", {"--num-envs", "8", "--num-steps", "32", "--total-timesteps", "20000"});
  const std::string page = page_of("run");
  EXPECT_TRUE(contains(page, hash_of(path)));
  const double return_100 = read_json(path / "run.json").at("agents").at(0).at("return_100");
  char text[32];
  std::snprintf(text, sizeof text, ">%.2f<", return_100);
  EXPECT_TRUE(contains(page, text)) << text;
  EXPECT_TRUE(contains(page, ">19,968<")) << "steps";
  EXPECT_TRUE(contains(page, "ppo_train --config run/config.toml"));
}

TEST_F(CliReport, ReadsRunsWithoutAndWithTheSpreadOfReturns) {
  const std::filesystem::path path = train("run");
  std::string without, with;
  for (const std::string& line : lines(read_file(path / "metrics.csv"))) {
    std::vector<std::string> cells = split(line + ',', ',');
    cells.resize(16);  // the columns that there always were
    std::string first = cells[0];
    for (std::size_t i = 1; i < cells.size(); ++i) first += ',' + cells[i];
    const bool is_head = with.empty();
    with += first + (is_head ? ",return_min,return_max" : cells[4] == "0" ? ",," : ",3,98765.5") + '\n';
    without += first + '\n';
  }
  std::ofstream(path / "metrics.csv", std::ios::binary) << without;
  EXPECT_FALSE(contains(page_of("run"), "\"high\""));
  std::ofstream(path / "metrics.csv", std::ios::binary) << with;
  EXPECT_TRUE(contains(page_of("run"), "98765.5"));
}

TEST_F(CliReport, OfADivergedRunSaysSo) {
  train("run", kDiverging, 4);
  const std::string page = page_of("run");
  EXPECT_TRUE(contains(page, "diverged after 1 of 6 updates"));
  EXPECT_FALSE(contains(page, "image/gif"));
  report({"run", "--svg"});
}

TEST_F(CliReport, OfAStoppedRunSaysSo) {
  const std::filesystem::path path = train("run");
  replace(path / "run.json", "\"stopped_by\": null", "\"stopped_by\": \"SIGINT\"");
  EXPECT_TRUE(contains(page_of("run"), "was stopped by SIGINT after 6 of 6 updates"));
}

TEST_F(CliReport, OfARunThatWasMadeLongerSaysSo) {
  const std::filesystem::path path = train("run");
  replace(path / "config.toml", "total_timesteps = 1536", "total_timesteps = 2560");
  EXPECT_TRUE(contains(page_of("run"), "can be continued, after 6 of 10 updates"));
}

TEST_F(CliReport, OfARunThatWasKilledTellsWhatIsThere) {
  lose_end(train("run"), "metrics.csv");
  EXPECT_TRUE(contains(page_of("run"), "has not ended, or was killed, after 5 of 6 updates"));
}

TEST_F(CliReport, OfARunBeforeItsFirstUpdateIsAPageToo) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "run.json");
  for (const char* file : {"metrics.csv", "timing.csv"}) {
    const std::string head = lines(read_file(path / file)).front() + '\n';
    std::ofstream(path / file, std::ios::binary) << head;
  }
  EXPECT_TRUE(contains(page_of("run"), "No update is on record"));
  report({"run", "--svg"});
}

TEST_F(CliReport, SaysWhyThereIsNoFilm) {
  const std::filesystem::path path = train("run");
  EXPECT_TRUE(contains(page_of("run"), "image/gif"));
  const auto expect_no_film = [&](const std::string& why) {
    const std::string page = page_of("run");
    EXPECT_FALSE(contains(page, "image/gif")) << why;
    EXPECT_TRUE(contains(page, "There is no film: run/policy.safetensors: not a readable policy: " + why));
    EXPECT_TRUE(contains(page, hash_of(path))) << why;
  };
  std::filesystem::resize_file(path / "policy.safetensors", 4);
  expect_no_film("it is shorter than its header; ppo_train resume run writes it again.");
  std::filesystem::remove(path / "policy.safetensors");
  expect_no_film("it cannot be read (No such file or directory); ppo_train resume run writes it again.");
  ASSERT_EQ(mkfifo((path / "policy.safetensors").c_str(), 0600), 0);
  expect_no_film("it is not a regular file; ppo_train resume run writes it again.");
}

TEST_F(CliReport, CutsItsFilm) {
  train("run", {"--max-episode-steps", "200000"});
  EXPECT_TRUE(contains(page_of("run"), "cut at 500 steps."));
  train("other", {"--max-episode-steps", "500"});
  EXPECT_FALSE(contains(page_of("other"), "cut at"));
}

TEST_F(CliReport, OfOneUpdateHasADot) {
  train_as("run", {"--num-envs", "8", "--num-steps", "128", "--total-timesteps", "1024"});
  report({"run", "--svg"});
  EXPECT_TRUE(contains(read_file(folder_.path() / "run" / "return.svg"), "<circle"));
}

TEST_F(CliReport, NamesWhoseFilmsAreShown) {
  Arguments names;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    train(name);
    names.emplace_back(name);
  }
  std::filesystem::remove(folder_.path() / "b" / "policy.safetensors");
  report(names);
  const std::string page = read_file(folder_.path() / "report.html");
  EXPECT_TRUE(contains(page, "these are of the first 4 runs that have one, a, c, d, e.</p>"));
  EXPECT_TRUE(contains(page, "<strong>b</strong>: There is no film: b/policy.safetensors"));
  EXPECT_TRUE(contains(page, "<h1>7 runs</h1>"));
}

TEST_F(CliReport, OfManyAgentsStaysSmall) {
  train_as("run", {"--num-envs", "1", "--num-steps", "8", "--total-timesteps", "16", "--num-seeds", "1500"});
  const std::string page = page_of("run");
  EXPECT_TRUE(contains(page, "first 1,000 of 1,500 agents"));
  EXPECT_TRUE(contains(page, read_json(folder_.path() / "run" / "run.json")["agents"][999]["param_hash"]));
  EXPECT_FALSE(contains(page, read_json(folder_.path() / "run" / "run.json")["agents"][1000]["param_hash"]));
}

}  // namespace
}  // namespace ppo::test
