// What scripts/gpu_check makes of the steps: in which order they come, what it says of those that go wrong.
#include "fake_card.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

using CliGpuCheckRecord = FakeCard;

TEST_F(CliGpuCheckRecord, HoldsWhatFailsAndTheRest) {
  const Result result =
      check({"--reference", at("prepared.json").string(), "--reference-python", "fake_python"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_EQ(result.err, "");
  const Json found = record();
  EXPECT_EQ(found.at("commit"), "0123abc");
  EXPECT_EQ(found.at("device").at("name"), "Pretended GPU");
  EXPECT_EQ(result_of(found, "smoke: 4 blocks"), "passed");
  EXPECT_EQ(result_of(found, "gpu tests: list"), "passed");
  EXPECT_EQ(result_of(found, "gpu tests: Gpu.Good"), "passed");
  EXPECT_EQ(result_of(found, "gpu tests: Gpu.Other"), "passed");
  EXPECT_EQ(result_of(found, "gpu tests: Gpu.Bad"), "failed");
  EXPECT_EQ(result_of(found, "gpu tests: Gpu.Skips"), "failed");
  EXPECT_EQ(result_of(found, "ppo_bench"), "passed");
  EXPECT_EQ(result_of(found, "reference: 4096 environments"), "passed");
  EXPECT_EQ(result_of(found, "sanitizer: memcheck"), "passed");
  EXPECT_EQ(result_of(found, "sanitizer: racecheck"), "failed");
  EXPECT_EQ(result_of(found, "lab: variants"), "none");
  int wrong_hashes = 0;
  for (const Json& step : found.at("steps")) {
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

TEST_F(CliGpuCheckRecord, BeginsWithWhatMattersMost) {
  check({"--lab", "--reference", at("prepared.json").string(), "--reference-python", "fake_python"});
  std::vector<std::string> groups;  // without what follows the colon
  for (const std::string& name : step_names(record())) {
    const std::string group = name.starts_with("ppo_bench") ? name : name.substr(0, name.find(':'));
    if (groups.empty() || groups.back() != group) groups.push_back(group);
  }
  EXPECT_EQ(groups, (std::vector<std::string>{"facts", "smoke", "hashes", "ppo_bench", "ppo_bench: num_seeds",
                                              "reference", "ppo_bench: num_envs", "hashes", "gpu tests",
                                              "sanitizer", "lab"}));
  EXPECT_EQ(step_names(record()).at(5), "hashes: --config cartpole.toml --device cpu");
}

TEST_F(CliGpuCheckRecord, OfARunThatDoesNotTrainHasTheReasonOnly) {
  const Result result = check({"--lab"}, {"BREAK=*--blocks-per-agent 2 *"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(step_names(record()),
            (std::vector<std::string>{"facts: nvidia-smi", "facts: ppo_train info", "smoke: 1 blocks",
                                      "smoke: 2 blocks", "diagnosis: memcheck", "diagnosis: cuda-gdb"}));
  const std::string table = read_file(written(".md"));
  EXPECT_TRUE(contains(table, "    an illegal memory access")) << table;
  EXPECT_TRUE(contains(table, "    #0 train at team.hpp:65")) << table;
  const Json memcheck = record().at("steps").at(4).at("command");  // of the very run that failed
  EXPECT_NE(std::find(memcheck.begin(), memcheck.end(), "--blocks-per-agent"), memcheck.end());
}

TEST_F(CliGpuCheckRecord, ComparesTheFilesOfRunsThatAreEvaluated) {
  check({}, {"HASH=1", "EVALS=2"});
  const Json found = record();
  int wrong_files = 0;
  for (const Json& step : found.at("steps")) {
    const std::string name = step.at("name");
    if (!name.starts_with("hashes: ")) continue;
    const bool wrong = step.at("result") != "passed";
    wrong_files += wrong ? 1 : 0;
    EXPECT_EQ(wrong, contains(name, "--eval-every") && contains(name, "cuda:0")) << name;
    EXPECT_EQ(wrong, contains(step.value("note", ""), "evals.csv is not that of the CPU")) << name;
  }
  EXPECT_EQ(wrong_files, 2);
}

TEST_F(CliGpuCheckRecord, EndsWellWhereEverythingIsWell) {
  program("compute-sanitizer", "#!/bin/sh\n");
  program("gpu_tests", "#!/bin/sh\necho Gpu.; echo '  Good'; echo '[  PASSED  ] 1 test.'\n");
  const Result result = check({}, {"HASH=1"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(result_of(record(), "gpu tests: Gpu.Good"), "passed");
}

TEST_F(CliGpuCheckRecord, SanitizesTheShapesThatTheCardHasRoomFor) {
  program("compute-sanitizer", R"(#!/bin/sh
case "$*" in
*pendulum*128*)
  echo 'gives a block 64 KiB of shared memory and the training kernel for hidden_size 128 needs 90 KiB'
  exit 3
  ;;
esac
)");
  check({});
  const Json found = record();
  for (const std::string check : {"memcheck", "racecheck", "synccheck"}) {
    EXPECT_EQ(result_of(found, "sanitizer: " + check), "passed");
    EXPECT_EQ(result_of(found, "sanitizer: " + check + ", agents"), "passed");
    EXPECT_EQ(result_of(found, "sanitizer: " + check + ", pendulum"), "skipped");
  }
}

constexpr const char* kTests = R"(
import pathlib, sys, types
import gpu_steps
from gpu_recorder import Recorder

clocks = types.SimpleNamespace(mark=lambda: None, since_mark=lambda: None)
recorder = Recorder(60, clocks, lambda steps: None)
gpu_steps.tests(types.SimpleNamespace(folder=pathlib.Path(sys.argv[1]), recorder=recorder))
)";

TEST_F(CliGpuCheckRecord, FailsWhereTheTestsCannotBeListed) {
  for (const char* tests :
       {"#!/bin/sh\nexit 127\n", "#!/bin/sh\nkill -SEGV $$\n", "#!/bin/sh\necho Gpu.\n", "#!/no/such\n"}) {
    program("gpu_tests", tests);
    const Result result = python(kTests, {folder_.path().string()});
    EXPECT_TRUE(result.out.starts_with("failed ")) << tests << result.out << result.err;
    EXPECT_EQ(lines(result.out).size(), 1U) << result.out;
  }
}

TEST_F(CliGpuCheckRecord, SkipsAReferenceWithoutItsCard) {
  check({"--reference", at("prepared.json").string(), "--reference-python", "fake_python"}, {"NO_JAX=1"});
  EXPECT_EQ(result_of(record(), "reference: JAX"), "skipped");
  EXPECT_EQ(result_of(record(), "reference: 64 environments"), "none");
}

TEST_F(CliGpuCheckRecord, UsesThePreparedFoldersOwnReference) {
  folder_.write("reference.py", "");
  check({"--reference-python", "fake_python"});
  EXPECT_EQ(result_of(record(), "reference: 64 environments"), "passed");
}

TEST_F(CliGpuCheckRecord, HasThePredictionBesideACardThatIsKnown) {
  check({}, {"CARD=NVIDIA H100 80GB HBM3"});
  std::string table;
  for (const std::string& name : names_in(out()))
    if (name.ends_with("h100-80gb-hbm3.md")) table = read_file(out() / name);
  EXPECT_TRUE(contains(table, "| both µs | predicted µs |")) << table;
  EXPECT_TRUE(contains(table, "| rollout | 100.0 | 1.0 | 1.0 | 101.0 | ")) << table;
  EXPECT_TRUE(contains(table, "| together |  |  |  | 101.0 | ")) << table;
}

TEST_F(CliGpuCheckRecord, KnowsCardsByTheNamesThatDriversGive) {
  const Result result = python(
      "import gpu_report, sys\n"
      "for name in sys.argv[1:]:\n"
      "    card = gpu_report.gpu_model.card_named(name)\n"
      "    print(card.name if card else '-', end=' ')\n",
      {"NVIDIA H100 80GB HBM3", "NVIDIA H200", "NVIDIA GeForce RTX 4090", "Tesla T4", "NVIDIA H100 PCIe",
       "NVIDIA H100 NVL", "NVIDIA H200 NVL", "NVIDIA GH200 480GB", "NVIDIA GeForce RTX 4090 D",
       "NVIDIA H100 80GB HBM3 MIG 1g.10gb", ""});
  EXPECT_EQ(result.out, "H100 H200 RTX 4090 T4 - - - - - - - ") << result.err;
}

TEST_F(CliGpuCheckRecord, SaysThatTheMachinesLibcIsTooOld) {
  folder_.write("prepared.json", R"({"commit": "0123abc", "needs_glibc": "99.1"})");
  const Result newer = check({}, {"BREAK=*"});
  EXPECT_EQ(lines(newer.err).size(), 1U) << newer.err;
  EXPECT_TRUE(contains(newer.err, "need glibc 99.1 or newer, this machine has ")) << newer.err;
  EXPECT_EQ(record().at("needs_glibc"), "99.1");
  folder_.write("prepared.json", R"({"commit": "0123abc", "needs_glibc": "2.4"})");  // 2.31 is not older
  EXPECT_EQ(check({}, {"BREAK=*"}).err, "");
}

TEST_F(CliGpuCheckRecord, IsNotWrittenWithoutADevice) {
  fs::remove(at("ppo_train"));
  fs::create_symlink(PPO_TRAIN_BINARY, at("ppo_train"));
  const Result result = check({}, {"CUDA_VISIBLE_DEVICES="});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(result.err.starts_with("gpu_check: no CUDA device: ")) << result.err;
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace ppo::test
