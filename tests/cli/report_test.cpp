// The report verb through the real binary: where the files go, what is in them, and runs that are damaged or
// lack something. What a browser makes of the page is tests/python/report_test.py's.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>

#include "runs.hpp"

namespace ppo::test {
namespace {

class CliReport : public testing::Test {
 protected:
  std::filesystem::path train(const std::string& name, const Arguments& more = {}, int exit_code = 0) const {
    return train_as(name, kShort + more, exit_code);
  }

  std::filesystem::path train_as(const std::string& name, const Arguments& flags, int exit_code = 0) const {
    const Result result = run(flags + Arguments{"--out", name}, here_);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return folder_.path() / name;
  }

  std::string report(const Arguments& arguments) const {
    const Result result = run(Arguments{"report"} + arguments, here_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }

  std::string page_of(const std::string& name) const {
    report({name});
    return read_file(folder_.path() / name / "report.html");
  }

  /// Exit code `exit_code`, one line with `what` in it, and nothing changed in the folder.
  void expect_refused(const Arguments& arguments, const std::string& what, int exit_code = 2) const {
    const std::vector<std::string> before = folder_.list();
    const Result result = run(Arguments{"report"} + arguments, here_);
    EXPECT_EQ(result.exit_code, exit_code) << what;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, what)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(folder_.list(), before);
  }

  /// Replaces `from`, which must be there, in a file of the run.
  static void replace(const std::filesystem::path& file, const std::string& from, const std::string& to) {
    std::string text = read_file(file);
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from << " in " << file;
    std::ofstream(file, std::ios::binary) << text.replace(place, from.size(), to);
  }

  const TemporaryFolder folder_;
  const Launch here_{.folder = folder_.path()};
};

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

TEST_F(CliReport, OfARunThatWasKilledTellsWhatIsThere) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "run.json");
  std::filesystem::remove(path / "policy.safetensors");
  std::string metrics = read_file(path / "metrics.csv");
  metrics.resize(metrics.size() - 7);  // in the middle of the last line
  std::ofstream(path / "metrics.csv", std::ios::binary) << metrics;
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

TEST_F(CliReport, RefusesWhatIsNoRun) {
  train("run");
  expect_refused({"nowhere"}, "'nowhere' is no run folder");
  expect_refused({"run", "nowhere"}, "'nowhere' is no run folder");
  const TemporaryFolder other;
  std::filesystem::create_symlink("loop", other.path() / "loop");
  expect_refused({(other.path() / "loop").string()}, "/loop': Too many levels of symbolic links");
}

TEST_F(CliReport, NamesTheDamagedLine) {
  struct Damage {
    std::string file, from, to, complaint;
  };
  const Damage damages[] = {
      {"metrics.csv", "\n0,42,2,", "\n0,42,two,",
       "metrics.csv:4: damaged: update takes a whole number, not 'two'"},
      {"metrics.csv", "\n0,42,2,", "\n0,42,3,", "metrics.csv:4: damaged: update 3 where update 2 should be"},
      {"metrics.csv", "\n0,42,2,", "\n1,42,2,", "metrics.csv:4: damaged: agent 1 where agent 0"},
      {"metrics.csv", "\n0,42,2,768,", "\n0,42,2,512,",
       "metrics.csv:4: damaged: 512 steps where 768 should be"},
      {"metrics.csv", "\n0,42,0,", "\n0,42,1,", "metrics.csv:2: damaged: update 1 where update 0 should be"},
      {"metrics.csv", "\n0,42,2,", "\n0,42,", "metrics.csv:4: damaged: 17 cells under 18"},
      {"metrics.csv", "entropy", "enthalpy", "metrics.csv:1: damaged: there is no column entropy"},
      {"timing.csv", "\n1,", "\n5,", "timing.csv:3: damaged: update 5 where update 1 should be"},
      {"timing.csv", "\n0,", "\n9223372036854775807,",
       "timing.csv:2: damaged: update 9223372036854775807 where update 0 should be"},
      {"timing.csv", "\n1,", "\n1,x", "timing.csv:3: damaged: wall_s takes a number, not 'x"},
      {"timing.csv", "\n1,", "\n1,-", "timing.csv:3: damaged: wall_s takes seconds, 0 or more"},
      {"timing.csv", "\n1,", "\n1,1e", "timing.csv:3: damaged: wall_s"},
      {"run.json", "\"finished\": ", "\"finished\" ", "run.json:"},
      {"run.json", "\"finished\"", "\"begun\"", "run.json: damaged: there is no finished"},
      {"run.json", "\"updates\": 6", "\"updates\": 6.5", "run.json: damaged: updates takes a whole number"},
      {"run.json", "\"device\": ", "\"device\": 1, \"old\": ", "run.json: damaged: device takes text"},
      {"run.json", "\"agents\": [", "\"agents\": 1, \"old\": [", "run.json: damaged: agents takes a list"},
      {"run.json", "\"agents\": [", "\"agents\": [], \"old\": [",
       "run.json: damaged: it has 0 agents, but config.toml has num_seeds = 1"},
      {"config.toml", "lr = ", "lr == ", "config.toml:"},
  };
  const std::filesystem::path path = train("run");
  for (const auto& [file, from, to, complaint] : damages) {
    const std::string whole = read_file(path / file);
    replace(path / file, from, to);
    expect_refused({"run"}, complaint);
    expect_refused({"run", "--svg"}, complaint);
    std::ofstream(path / file, std::ios::binary) << whole;
  }
  report({"run"});
}

TEST_F(CliReport, RefusesFilesThatEndTooSoon) {
  const std::filesystem::path path = train("run", {"--num-seeds", "2"});
  const std::string whole = read_file(path / "metrics.csv");
  std::ofstream(path / "metrics.csv", std::ios::binary) << whole.substr(0, whole.size() - 1);
  expect_refused({"run"}, "metrics.csv:13: damaged: the line has no end");
  const std::size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
  std::ofstream(path / "metrics.csv", std::ios::binary) << whole.substr(0, last_line);
  expect_refused({"run"}, "metrics.csv:12: damaged: the last update lacks agents 1 and up");
  std::ofstream(path / "metrics.csv", std::ios::binary) << "";
  expect_refused({"run"}, "metrics.csv:1: damaged: it has no line of column names");
  std::filesystem::remove(path / "metrics.csv");
  expect_refused({"run"}, "metrics.csv: cannot be read");
  ASSERT_EQ(mkfifo((path / "metrics.csv").c_str(), 0600), 0);
  expect_refused({"run"}, "metrics.csv: cannot be read");
}

TEST_F(CliReport, WithoutATimingFileIsRefused) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "timing.csv");
  expect_refused({"run"}, "timing.csv: cannot be read");
}

TEST_F(CliReport, HoldsTheCsvFilesAgainstRunJson) {
  const std::filesystem::path path = train("run");
  for (const char* name : {"metrics.csv", "timing.csv"}) {
    const std::string whole = read_file(path / name);
    const std::vector<std::string> rows = lines(whole);
    for (const std::size_t updates : {0, 1, 5}) {
      std::string text;
      for (std::size_t i = 0; i <= updates; ++i) text += rows[i] + '\n';
      std::ofstream(path / name, std::ios::binary) << text;
      expect_refused({"run"}, name + (":" + std::to_string(updates + 1)) + ": damaged: it ends after " +
                                  std::to_string(updates) + " updates, but run.json has 6");
    }
    std::ofstream(path / name, std::ios::binary) << whole << "6" << rows.back().substr(1) << '\n';
    expect_refused({"run"}, name + std::string(":8: damaged: "));
    std::ofstream(path / name, std::ios::binary) << whole;
  }
}

TEST_F(CliReport, KnowsHowManyUpdatesAKilledRunCanHave) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "run.json");
  std::ofstream(path / "timing.csv", std::ios::app) << "6,1,1\n";
  expect_refused({"run"}, "timing.csv:8: damaged: update 6 of a run that has updates 0 to 5");
  std::ofstream(path / "timing.csv") << "update,wall_s,steps_per_s\n0,,\n";
  expect_refused({"run"}, "timing.csv:2: damaged: wall_s takes seconds, 0 or more");
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
  expect_no_film("it is shorter than its header; ppo_train resume run writes it anew.");
  std::filesystem::remove(path / "policy.safetensors");
  expect_no_film("it cannot be read (No such file or directory); ppo_train resume run writes it anew.");
  ASSERT_EQ(mkfifo((path / "policy.safetensors").c_str(), 0600), 0);
  expect_no_film("it is no regular file; ppo_train resume run writes it anew.");
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

TEST_F(CliReport, SaysWhereItCannotWrite) {
  train("run");
  expect_refused({"run", "--out", "nowhere/a.html"}, "there is no folder 'nowhere'");
  expect_refused({"run", "--out", "/proc/a.html"}, "/proc/a.html", 1);
  std::filesystem::create_directory(folder_.path() / "run" / "report.html");
  expect_refused({"run"}, "it is a folder");
  // Where the run's folder is one that only others may write to; root may write everywhere.
  std::filesystem::remove(folder_.path() / "run" / "report.html");
  std::filesystem::create_directory(folder_.path() / "run" / "report.html.tmp");
  expect_refused({"run"}, "cannot create run/report.html.tmp: Is a directory; write --out FILE", 1);
}

TEST_F(CliReport, OnAFullDiskLeavesNoHalfFile) {
  train("run");
  report({"run", "--out", "page.html"});
  const std::string before = read_file(folder_.path() / "page.html");
  const std::vector<std::string> files = folder_.list();
  // No file may grow beyond 8 blocks.
  const std::string command =
      "ulimit -f 8; exec '" + std::string(PPO_TRAIN_BINARY) + "' report run --out page.html";
  const Result result = run({"-c", command}, {.program = "/bin/sh", .folder = folder_.path()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, "cannot write page.html")) << result.err;
  EXPECT_EQ(folder_.list(), files);
  EXPECT_EQ(read_file(folder_.path() / "page.html"), before);
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
