// Runs that are damaged or lack something, and places that cannot be written: the report verb names them and
// changes nothing.
#include <sys/stat.h>

#include <fstream>

#include "cli/report/report_runs.hpp"
#include "fault/faults.hpp"

namespace ppo::test {
namespace {

using CliReportRefusal = CliReport;

TEST_F(CliReportRefusal, RefusesWhatIsNoRun) {
  train("run");
  expect_refused({"nowhere"}, "'nowhere' is not a run folder");
  expect_refused({"run", "nowhere"}, "'nowhere' is not a run folder");
  const TemporaryFolder other;
  std::filesystem::create_symlink("loop", other.path() / "loop");
  expect_refused({(other.path() / "loop").string()}, "/loop': Too many levels of symbolic links");
}

TEST_F(CliReportRefusal, RefusesARunThatIsGivenTwice) {
  train("run");
  train("other");
  std::filesystem::create_directory_symlink("run", folder_.path() / "link");
  for (const std::string again : {"run", "./run", "run/", "other/../run", "link"}) {
    for (const Arguments& more : {Arguments{}, {"--svg"}}) {
      expect_refused(Arguments{"run", "other", again} + more,
                     "report: 'run' and '" + again + "' are the same run; write it once");
    }
  }
  expect_refused({"nowhere", "nowhere"}, "'nowhere' is not a run folder");
  report({"run", "other"});
}

TEST_F(CliReportRefusal, NamesTheDamagedLine) {
  struct Damage {
    std::string file, from, to, complaint;
  };
  const Damage damages[] = {
      {"metrics.csv", "\n0,42,2,", "\n0,42,two,",
       "metrics.csv:4: damaged: update must be a whole number, not 'two'"},
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
      {"timing.csv", "\n1,", "\n1,x", "timing.csv:3: damaged: wall_s must be a number, not 'x"},
      {"timing.csv", "\n1,", "\n1,-", "timing.csv:3: damaged: wall_s must be 0 or more"},
      {"timing.csv", "\n1,", "\n1,1e", "timing.csv:3: damaged: wall_s"},
      {"run.json", "\"finished\": ", "\"finished\" ", "run.json:"},
      {"run.json", "\"finished\"", "\"begun\"", "run.json: damaged: there is no finished"},
      {"run.json", "\"updates\": 6", "\"updates\": 6.5", "run.json: damaged: updates must be a whole number"},
      {"run.json", "\"device\": ", "\"device\": 1, \"old\": ", "run.json: damaged: device must be text"},
      {"run.json", "\"agents\": [", "\"agents\": 1, \"old\": [", "run.json: damaged: agents must be a list"},
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

TEST_F(CliReportRefusal, RefusesFilesThatEndTooSoon) {
  const std::filesystem::path path = train("run", {"--num-seeds", "2"});
  const std::string whole = read_file(path / "metrics.csv");
  std::ofstream(path / "metrics.csv", std::ios::binary) << whole.substr(0, whole.size() - 1);
  expect_refused({"run"}, "metrics.csv:13: damaged: the line is cut short");
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

TEST_F(CliReportRefusal, WithoutATimingFileIsRefused) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "timing.csv");
  expect_refused({"run"}, "timing.csv: cannot be read");
}

TEST_F(CliReportRefusal, HoldsTheCsvFilesAgainstRunJson) {
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

TEST_F(CliReportRefusal, KnowsHowManyUpdatesAKilledRunCanHave) {
  const std::filesystem::path path = train("run");
  std::filesystem::remove(path / "run.json");
  std::ofstream(path / "timing.csv", std::ios::app) << "6,1,1\n";
  expect_refused({"run"}, "timing.csv:8: damaged: update 6 of a run that has updates 0 to 5");
  std::ofstream(path / "timing.csv") << "update,wall_s,steps_per_s\n0,,\n";
  expect_refused({"run"}, "timing.csv:2: damaged: wall_s must be 0 or more");
}

TEST_F(CliReportRefusal, SaysWhereItCannotWrite) {
  train("run");
  expect_refused({"run", "--out", "nowhere/a.html"}, "there is no folder 'nowhere'");
  expect_refused({"run", "--out", "/proc/a.html"}, "/proc/a.html", 1);
  std::filesystem::create_directory(folder_.path() / "run" / "report.html");
  expect_refused({"run"}, "it is a folder");
  const std::string longest = std::string(250, 'x') + ".html";  // too long for its temporary file's
  expect_refused({"run", "--out", longest}, "cannot create " + longest + ": File name too long", 1);
}

TEST_F(CliReportRefusal, OnAFullDiskLeavesNoHalfFile) {
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
  const Result usual = run({"report", "run"}, {.folder = folder_.path(), .prepare = file_size_limit(4096)});
  EXPECT_TRUE(
      contains(usual.err, "cannot write run/report.html: File too large; write --out FILE for another"))
      << usual.err;
  EXPECT_EQ(folder_.list(), files);
  EXPECT_EQ(read_file(folder_.path() / "page.html"), before);
}

}  // namespace
}  // namespace ppo::test
