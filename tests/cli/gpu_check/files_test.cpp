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

TEST_F(CliGpuCheckFiles, CutALongTextAndSaySo) {
  check({"--lab"});
  const std::string source = read_file(written("-ncu-default-source.txt"));
  EXPECT_EQ(source.size(), 1U << 20);
  EXPECT_TRUE(source.ends_with("x\n[cut: 1500000 bytes]\n"));
  EXPECT_EQ(read_file(written("-ncu-population-details.txt")), "Issue Slots Busy 42 %\n");
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
