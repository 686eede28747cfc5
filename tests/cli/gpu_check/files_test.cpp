// The files that scripts/gpu_check leaves: few, small and whole, also where there is no room for them.
#include <sys/resource.h>

#include "fake_card.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

using CliGpuCheckFiles = FakeCard;

TEST_F(CliGpuCheckFiles, AreFewAndSmall) {
  check({"--lab", "--reference", at("prepared.json").string(), "--reference-python", "fake_python"});
  const std::vector<std::string> names = names_in(out());
  EXPECT_LE(names.size(), 8U);
  EXPECT_GE(names.size(), 7U);  // those of all parts
  for (const std::string& name : names) {
    EXPECT_LE(fs::file_size(out() / name), 16U << 20) << name;
    EXPECT_FALSE(name.ends_with(".part")) << name;
  }
}

TEST_F(CliGpuCheckFiles, CutALongProfileAroundItsHottestRows) {
  check({"--lab"});
  const std::string source = read_file(written("-ncu-default-source.txt"));
  EXPECT_LE(source.size(), 1U << 20);
  EXPECT_GT(source.size(), 1000U << 10);
  EXPECT_TRUE(
      source.starts_with("==PROF== a report\n\"#\",\"Source\",\"Warp Stall Sampling (All Samples)\"\n"
                         "\"1\",\"FFMA R1, R2, R3, R4\",\"2\"\n"))
      << source.substr(0, 200);
  EXPECT_TRUE(contains(source, "\n\"40001\",\"BRA 0x10\",\"1,500\"\n[cut: "))
      << source.substr(source.size() - 200);
  EXPECT_EQ(read_file(written("-ncu-population-details.txt")), "Issue Slots Busy 42 %\n");
}

TEST_F(CliGpuCheckFiles, CutOtherLongTextsAtTheirEnd) {
  const Result result = python("import gpu_text\nprint(gpu_text.cut('x' * 1000, 100), end='')\n");
  EXPECT_EQ(result.out, std::string(81, 'x') + "\n[cut: 1000 bytes]\n") << result.err;
}

TEST_F(CliGpuCheckFiles, AreNotThoseOfTheRunBefore) {
  check({});
  const std::vector<std::string> before = names_in(out());
  const std::string first = read_file(written(".json"));
  check({});
  const std::vector<std::string> names = names_in(out());
  EXPECT_EQ(names.size(), 2 * before.size());
  for (const std::string& name : before) {
    EXPECT_TRUE(contains(name, "-0123abc-gpu-pretended-gpu")) << name;
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    if (name.ends_with(".json")) {
      EXPECT_EQ(read_file(out() / name), first);
    }
  }
}

TEST_F(CliGpuCheckFiles, AreNeverReplaced) {
  folder_.write("name.json", "");
  folder_.write("2-name.json", "");
  const Result result = python(
      "import gpu_results, pathlib\n"
      "print(gpu_results.unused(pathlib.Path('.'), 'name'), gpu_results.unused(pathlib.Path('.'), "
      "'other'))\n");
  EXPECT_EQ(result.out, "3-name other\n") << result.err;
}

TEST_F(CliGpuCheckFiles, HoldWhyThereAreNoClocks) {
  check({}, {"NO_CLOCKS=1"});
  const std::string problem = record().at("clocks_problem");
  EXPECT_TRUE(contains(problem, "exit code 6: Unable to determine the device handle")) << problem;
  EXPECT_TRUE(contains(read_file(written(".md")), problem));
}

TEST_F(CliGpuCheckFiles, AreWrittenThoughNobodyListens) {
  Launch deaf = launch({});
  deaf.output = "/dev/full";
  EXPECT_EQ(run(arguments({}), deaf).exit_code, 1);  // as with a reader
  EXPECT_EQ(step_names(record()).back(), "sanitizer: synccheck, pendulum");
  std::filesystem::remove_all(out());
  Process process(arguments({}), launch({}));
  process.close_output();
  EXPECT_EQ(process.wait().exit_code, 1);
  EXPECT_EQ(step_names(record()).back(), "sanitizer: synccheck, pendulum");
}

TEST_F(CliGpuCheckFiles, AreWrittenThoughThereIsNoRoomForOthers) {
  fs::create_directory(at("temporary"));
  program("ppo_bench", std::string(kFakeStart) + "rm -r \"$TMPDIR\"\n");  // from then on
  const Result result = check({"--lab"}, {"TMPDIR=" + at("temporary").string()});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_EQ(result.err, "");
  const Json found = record();
  for (const char* group : {"ppo_bench", "hashes", "lab"}) {
    EXPECT_EQ(result_of(found, std::string(group) + ": around its steps"), "failed") << group;
  }
  EXPECT_EQ(result_of(found, "gpu tests: list"), "failed");
  EXPECT_TRUE(contains(read_file(written(".md")), "No such file or directory"));
}

TEST_F(CliGpuCheckFiles, HaveASummaryWhateverTheFiguresAre) {
  const Result result = python(
      "import gpu_report, gpu_results\n"
      "def markdown(record): raise AttributeError(record)\n"
      "gpu_report.markdown = markdown\n"
      "print(gpu_results.summary_of('odd'))\n");
  EXPECT_TRUE(contains(result.out, "No summary could be made, AttributeError('odd')"))
      << result.out << result.err;
}

TEST_F(CliGpuCheckFiles, HaveTheCardsClocksOfEveryStep) {
  program("gpu_tests",
          std::string(kFakeStart) + "sleep 0.3\necho Gpu.; echo '  Good'; echo '[  PASSED  ] 1 test.'\n");
  check({});
  EXPECT_TRUE(contains(read_file(written("-clocks.csv")), "\n1980 MHz, 312.50 W, 0x0000000000000004\n"));
  const Json all = record();
  bool found = false;
  for (const Json& step : all.at("steps")) {
    if (step.at("name") != "gpu tests: Gpu.Good") continue;
    found = true;
    const Json& card = step.at("card");
    EXPECT_GT(card.at("samples"), 2);
    EXPECT_EQ(card.at("least_mhz"), 1980);
    EXPECT_EQ(card.at("median_mhz"), 1980);
    EXPECT_EQ(card.at("median_w"), 312.5);
    EXPECT_EQ(card.at("most_w"), 312.5);
    EXPECT_EQ(card.at("event_reasons"), Json::array({"0x0000000000000004"}));
  }
  EXPECT_TRUE(found);
  EXPECT_TRUE(contains(read_file(written(".md")), "| 1980 | 1980 | 312 |"));
  EXPECT_TRUE(has_ended(process_in("logging")));  // with the check
}

/// No file may grow beyond that.
auto limit_files(rlim_t bytes) {
  return [bytes] {
    const rlimit limit{bytes, bytes};
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  };
}

TEST_F(CliGpuCheckFiles, StayWholeOnADiskThatIsFull) {
  Launch small = launch({});
  small.prepare = limit_files(6000);
  const Result result = run(arguments({}), small);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "cannot write ")) << result.err;
  EXPECT_TRUE(contains(result.err, "; going on")) << result.err;
  EXPECT_EQ(result_of(record(), "smoke: 1 blocks"), "passed");  // what there was room for
  for (const std::string& name : names_in(out())) EXPECT_FALSE(name.ends_with(".part")) << name;
  EXPECT_TRUE(contains(result.out, "| gpu tests | 3 | 2 | 0 |"));  // the rest is not lost either
  EXPECT_TRUE(contains(result.out, "\"name\": \"sanitizer: synccheck\""));
}

TEST_F(CliGpuCheckFiles, AreRefusedAtOnceWhereNoneCanBe) {
  Launch full = launch({});
  full.prepare = limit_files(256);
  const Result result = run(arguments({}), full);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "name a folder with room")) << result.err;
  EXPECT_FALSE(contains(result.out, "smoke")) << result.out;
  EXPECT_EQ(
      run({"--prepared", folder_.path().string(), "--out", at("ppo_bench").string()}, launch({})).exit_code,
      2);
}

}  // namespace
}  // namespace ppo::test
