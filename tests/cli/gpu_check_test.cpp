// scripts/gpu_check without a GPU: that there is none, and, with programs that only pretend, what it makes of
// steps that fail.
#include <gtest/gtest.h>

#include <cstdlib>

#include "process.hpp"
#include "runs.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

const fs::path kGpuCheck = fs::path(PPO_SOURCE_DIR) / "scripts" / "gpu_check";

// Programs of a prepared folder, on a card that is not there. The agent whose seed is 7 ends differently on
// it, and evaluations do where EVALS is not 1.
constexpr const char* kTrain = R"(#!/bin/sh
if [ "$1" = info ]; then
  echo '{"cuda": {"runtime": "13.0", "driver": "13.0", "problem": null, "devices": [{"device": "cuda:0",'
  echo '"name": "'"${CARD:-Pretended GPU}"'", "compute_capability": "9.0", "multiprocessors": 4, "problem": null}]}}'
  exit 0
fi
hash=1 previous= device= seed= out= every=
for argument in "$@"; do
  case "$previous" in --device) device=$argument;; --seed) seed=$argument;; --out) out=$argument;; --eval-every) every=$argument;; esac
  previous=$argument
done
[ "$device$seed" != cuda:07 ] || hash=${HASH:-2}
[ -n "$out" ] || exit 0
mkdir "$out" && echo '{"agents": [{"param_hash": "'$hash'"}]}' >"$out/run.json"
echo 1 >"$out/metrics.csv"
[ -z "$every" ] || echo 1 >"$out/best.safetensors"
[ -z "$every" ] || if [ "$device" = cpu ]; then echo 1; else echo "${EVALS:-1}"; fi >"$out/evals.csv"
)";

constexpr const char* kTests = R"(#!/bin/sh
case "$1" in
--gtest_list_tests) printf 'Gpu.\n  Good\n  Bad\n  Skips\n  Slow  # GetParam() = 1\n';;
*Good|*Slow) [ "$1" = --gtest_filter=Gpu.Good ] || sleep "${SLOW:-0}"; echo '[  PASSED  ] 1 test.';;
*Skips) echo '[  PASSED  ] 0 tests.';;
*) echo 'value 3 is not 4'; exit 1;;
esac
)";

constexpr const char* kBench = R"(#!/bin/sh
for file in "$@"; do [ "$previous" != --json ] || break; previous=$file; done
cat >"$file" <<END
{"sps": 3e7, "flops_per_step": 227200, "peak_flops_per_s": 6e13, "blocks_per_agent": 4,
 "barriers": [{"blocks": 2, "barrier_s": [1e-6]}],
 "teams": [{"blocks_per_agent": 4, "sps": [3e7], "fraction_of_peak": [0.11],
            "stages_of_an_update": [{"stage": "rollout", "work_s": 1e-4, "wait_s": 1e-6, "least_s": 1e-6}]}],
 "sweep": [{"key": "num_envs", "value": 64, "sps": 3e7, "ratio": 1},
           {"key": "num_envs", "value": 65536, "skipped": "out of memory"}]}
END
)";

/// compute-sanitizer: the program has a race.
constexpr const char* kSanitizer = R"(#!/bin/sh
[ "$2" != racecheck ] || { echo 'Race reported'; exit 9; }
)";

constexpr const char* kPython = R"(#!/bin/sh
[ "$1" != -c ] || { echo "platform: gpu"; exit 0; }
for file in "$@"; do :; done
echo '{"summary": {"steady_sps": 1e6, "compile_s": 9.5, "device": "gpu: Pretended"}}' >"$file"
)";

class CliGpuCheck : public testing::Test {
 protected:
  void program(const std::string& name, const char* text) const {
    const fs::path file = folder_.write(name, text);
    fs::permissions(file, fs::perms::owner_all);
  }

  void SetUp() override {
    program("ppo_train", kTrain);
    program("gpu_tests", kTests);
    program("ppo_bench", kBench);
    program("compute-sanitizer", kSanitizer);
    program("fake_python", kPython);
    folder_.write("prepared.json", R"({"commit": "0123abc"})");
  }

  Result check(const Arguments& arguments, const std::vector<std::string>& environment = {}) const {
    std::vector<std::string> all = environment;
    all.push_back("PATH=" + folder_.path().string() + ":" + std::getenv("PATH"));
    return run(Arguments{"--prepared", folder_.path().string(), "--out", out().string()} + arguments,
               {.program = kGpuCheck, .folder = folder_.path(), .environment = all});
  }

  fs::path out() const { return folder_.path() / "results"; }

  /// The record that was written, by its ending.
  fs::path written(const std::string& ending) const {
    for (const std::string& name : names_in(out()))
      if (name.ends_with("-gpu-pretended-gpu" + ending)) return out() / name;
    return {};
  }

  TemporaryFolder folder_;
};

/// result of the step of that name
std::string result_of(const Json& record, const std::string& name) {
  for (const Json& step : record.at("steps"))
    if (step.at("name") == name) return step.at("result");
  return "none";
}

TEST_F(CliGpuCheck, RecordsWhatFailsAndGoesOn) {
  const Result result = check(
      {"--reference", (folder_.path() / "prepared.json").string(), "--reference-python", "fake_python"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_EQ(result.err, "");
  const Json record = read_json(written(".json"));
  EXPECT_EQ(record.at("commit"), "0123abc");
  EXPECT_EQ(record.at("device").at("name"), "Pretended GPU");
  EXPECT_EQ(result_of(record, "gpu tests: list"), "passed");
  EXPECT_EQ(result_of(record, "gpu tests: Gpu.Good"), "passed");
  EXPECT_EQ(result_of(record, "gpu tests: Gpu.Slow"), "passed");
  EXPECT_EQ(result_of(record, "gpu tests: Gpu.Bad"), "failed");
  EXPECT_EQ(result_of(record, "gpu tests: Gpu.Skips"), "failed");
  EXPECT_EQ(result_of(record, "ppo_bench"), "passed");
  EXPECT_EQ(result_of(record, "reference: 4096 environments"), "passed");
  EXPECT_EQ(result_of(record, "sanitizer: memcheck"), "passed");
  EXPECT_EQ(result_of(record, "sanitizer: racecheck"), "failed");
  int wrong_hashes = 0;
  for (const Json& step : record.at("steps")) {
    if (!step.at("name").get<std::string>().starts_with("hashes: ")) continue;
    const bool wrong = step.at("result") != "passed";
    wrong_hashes += wrong ? 1 : 0;
    if (wrong) {
      EXPECT_TRUE(contains(step.at("note"), "agent 0 ends with 2, on the CPU with 1"));
    }
  }
  EXPECT_EQ(wrong_hashes, 1);
  const std::string table = read_file(written(".md"));
  for (const std::string part :
       {"| 4 | 30,000,000 | 0.110 |", "| rollout | 100.0 | 1.0 | 1.0 |", "out of memory",
        "| 64 | gpu: Pretended | 9.5 | 1,000,000 | 30,000,000 | 30.0 |", "| gpu tests | 3 | 2 | 0 |",
        "    value 3 is not 4", "    Race reported"}) {
    EXPECT_TRUE(contains(table, part)) << part << " in\n" << table;
  }
}

TEST_F(CliGpuCheck, ComparesTheFilesOfRunsThatAreEvaluated) {
  check({}, {"HASH=1", "EVALS=2"});
  const Json record = read_json(written(".json"));
  int wrong_files = 0;
  for (const Json& step : record.at("steps")) {
    const std::string name = step.at("name");
    if (!name.starts_with("hashes: ")) continue;
    const bool wrong = step.at("result") != "passed";
    wrong_files += wrong ? 1 : 0;
    EXPECT_EQ(wrong, contains(name, "--eval-every") && contains(name, "cuda:0")) << name;
    EXPECT_EQ(wrong, contains(step.value("note", ""), "evals.csv is not that of the CPU")) << name;
  }
  EXPECT_EQ(wrong_files, 2);
}

TEST_F(CliGpuCheck, EndsWhatTakesTooLong) {
  const Result result = check({"--seconds", "6"}, {"SLOW=60"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  const Json record = read_json(written(".json"));
  EXPECT_EQ(result_of(record, "gpu tests: Gpu.Slow"), "failed");
  EXPECT_EQ(result_of(record, "ppo_bench"), "skipped");
  EXPECT_TRUE(contains(read_file(written(".md")), "no time left"));
}

TEST_F(CliGpuCheck, FailsWhereTheTestsCannotBeListed) {
  program("compute-sanitizer", "#!/bin/sh\n");  // nothing else fails
  const auto exit_code_with = [&](const char* tests) {
    program("gpu_tests", tests);
    fs::remove_all(out());
    return check({}, {"HASH=1"}).exit_code;
  };
  const auto listing = [&] { return result_of(read_json(written(".json")), "gpu tests: list"); };
  EXPECT_EQ(exit_code_with("#!/bin/sh\necho Gpu.; echo '  Good'; echo '[  PASSED  ] 1 test.'\n"), 0);
  EXPECT_EQ(listing(), "passed");
  for (const char* tests :
       {"#!/bin/sh\nexit 127\n", "#!/bin/sh\nkill -SEGV $$\n", "#!/bin/sh\necho Gpu.\n", "#!/no/such\n"}) {
    EXPECT_EQ(exit_code_with(tests), 1) << tests;
    EXPECT_EQ(listing(), "failed") << tests;
  }
}

TEST_F(CliGpuCheck, PutsThePredictionBesideACardThatItKnows) {
  check({}, {"CARD=NVIDIA GeForce RTX 4090"});
  std::string table;
  for (const std::string& name : names_in(out()))
    if (name.ends_with("rtx-4090.md")) table = read_file(out() / name);
  EXPECT_TRUE(contains(table, "| both µs | predicted µs |")) << table;
  EXPECT_TRUE(contains(table, "| rollout | 100.0 | 1.0 | 1.0 | 101.0 | ")) << table;
  EXPECT_TRUE(contains(table, "| together |  |  |  | 101.0 | ")) << table;
}

TEST_F(CliGpuCheck, SaysThatTheMachinesLibcIsTooOld) {
  folder_.write("prepared.json", R"({"commit": "0123abc", "needs_glibc": "99.1"})");
  const Result newer = check({});
  EXPECT_EQ(lines(newer.err).size(), 1U) << newer.err;
  EXPECT_TRUE(contains(newer.err, "need glibc 99.1 or newer, this machine has ")) << newer.err;
  EXPECT_EQ(read_json(written(".json")).at("needs_glibc"), "99.1");
  folder_.write("prepared.json", R"({"commit": "0123abc", "needs_glibc": "2.4"})");  // 2.31 is not older
  EXPECT_EQ(check({}).err, "");
}

TEST_F(CliGpuCheck, FindsTheLibcThatProgramsNeed) {
  folder_.write("needed.py",
                "import sys\nsys.path.append(sys.argv[1])\nimport gpu_build\n"
                "print(gpu_build.glibc_needed([sys.argv[2]]))\n");
  const Result result = run({"-B", "needed.py", kGpuCheck.parent_path().string(), PPO_TRAIN_BINARY},
                            {.program = "/usr/bin/python3", .folder = folder_.path()});
  // Its threads need no older one, and it was linked with the one that is here.
  ASSERT_TRUE(result.out.starts_with("2.")) << result.out << result.err;
  EXPECT_GE(std::stoi(result.out.substr(2)), 14) << result.out;
  EXPECT_LE(std::stoi(result.out.substr(2)), __GLIBC_MINOR__) << result.out;
}

TEST_F(CliGpuCheck, WritesNothingWithoutADevice) {
  fs::remove(folder_.path() / "ppo_train");
  fs::create_symlink(PPO_TRAIN_BINARY, folder_.path() / "ppo_train");
  const Result result = check({}, {"CUDA_VISIBLE_DEVICES="});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(result.err.starts_with("gpu_check: no CUDA device: ")) << result.err;
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(CliGpuCheck, RefusesAFolderThatWasNotPrepared) {
  const Result result = run({"--prepared", "nowhere"}, {.program = kGpuCheck, .folder = folder_.path()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "--prepare")) << result.err;
}

}  // namespace
}  // namespace ppo::test
