// The laboratory of scripts/gpu_check, and how long a run takes by the clock on the wall.
#include <thread>

#include "fake_card.hpp"

namespace ppo::test {
namespace {

using CliGpuCheckLab = FakeCard;

TEST_F(CliGpuCheckLab, PutsMeasurementsBesidePredictions) {
  check({"--lab"});
  const Json found = record();
  EXPECT_EQ(result_of(found, "lab: variant quick"), "passed");
  EXPECT_EQ(result_of(found, "lab: variant wrong"), "failed");
  for (const Json& step : found.at("steps")) {
    if (step.at("name") == "lab: variant wrong") {
      EXPECT_EQ(step.at("note"), "ends with 2, on the CPU with 1");
    }
  }
  const std::string table = read_file(written(".md"));
  for (const std::string part :
       {"| quick | skips a wait | 20,000,000 | 22,000,000 | 1.100 | 1.05 |",
        "| wrong | forgets a sum | 20,000,000 | 22,000,000 | 1.100, other bits | 1.50 |",
        "- blocks of the training kernel at once, in clusters of 8: 128",
        "- an empty launch: 10.0 µs; each of many in a queue: 2.0 µs", "| each lane its own | 4.01 |",
        "| 2 | 30,000,000 | 0.110 |", "-ncu-default-details.txt\n", "-ncu-population-source.txt\n"}) {
    EXPECT_TRUE(contains(table, part)) << part << " in\n" << table;
  }
}

TEST_F(CliGpuCheckLab, ComparesWithTheUsualKernelWhereTheCpuSaysNothing) {
  check({"--lab"}, {"BREAK=ppo_train *cartpole.toml --device cpu *"});
  const Json found = record();
  for (const Json& step : found.at("steps")) {
    if (step.at("name") != "lab: variant wrong") continue;
    EXPECT_EQ(step.at("note"), "ends with 2, the usual kernel with 1");
    EXPECT_EQ(step.at("figures").at("ratio"), 1.1);
  }
  EXPECT_EQ(result_of(found, "lab: variant wrong"), "failed");
}

TEST_F(CliGpuCheckLab, AsksForTheWholeProfileWithoutTouchingTheClocks) {
  check({"--lab"});
  const Json found = record();
  const std::vector<std::string> names = step_names(found);
  const auto place = std::find(names.begin(), names.end(), "lab: ncu, population");
  ASSERT_NE(place, names.end());
  const std::string all =
      found.at("steps").at(static_cast<std::size_t>(place - names.begin())).at("command").dump();
  for (const char* words :
       {R"("--clock-control","none")", R"("SpeedOfLight")", R"("WarpStateStats")",
        R"("MemoryWorkloadAnalysis")", R"("SourceCounters")", R"("--kernel-name","regex:train")",
        R"("--num-seeds","4")", "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_ld.sum"}) {
    EXPECT_TRUE(contains(all, words)) << words << " in " << all;
  }
}

TEST_F(CliGpuCheckLab, ProfilesTheGraphWhereItsKernelCannotBe) {
  check({"--lab"}, {"NO_NODES=1"});
  EXPECT_EQ(result_of(record(), "lab: ncu, default"), "failed");
  EXPECT_EQ(result_of(record(), "lab: ncu, default, its graph"), "passed");
  EXPECT_EQ(result_of(record(), "lab: ncu, default, details"), "passed");
}

TEST_F(CliGpuCheckLab, RunsOnAsManyThreadsAsThereAreCores) {
  check({"--lab"});
  for (const unsigned threads : {1U, 2U, 4U, 8U, 16U}) {
    const std::string name = "lab: cpu, " + std::to_string(threads) + " threads";
    EXPECT_EQ(result_of(record(), name), threads <= std::thread::hardware_concurrency() ? "passed" : "none");
  }
}

constexpr const char* kWithoutTools = R"(
import os, types
import gpu_card, gpu_lab, gpu_steps
from gpu_recorder import Recorder

gpu_card.TOOL_FOLDERS = []
os.environ['PATH'] = ''
recorder = Recorder(60, None, lambda steps: None)
card = types.SimpleNamespace(device='cuda:0', pci='', recorder=recorder, train=lambda flags: flags)
gpu_lab.profile(card, 'default', [])
gpu_steps.sanitizers(card)
gpu_steps.diagnose(card, [])
print(all(step['result'] == 'skipped' for step in recorder.steps), len(recorder.steps))
)";

TEST_F(CliGpuCheckLab, SkipsWhatTheMachineLacks) {
  const Result result = python(kWithoutTools);
  EXPECT_TRUE(result.out.ends_with("True 12\n")) << result.out << result.err;
}

TEST_F(CliGpuCheckLab, NeedsMoreThanTheTimeThatItKeeps) {
  for (const Arguments& wrong : {Arguments{"--lab", "--seconds", "100"}, Arguments{"--seconds", "0"},
                                 Arguments{"--seconds", "-5"}, Arguments{"--seconds", "nan"}}) {
    const Result result = check(wrong);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, "write --seconds ")) << result.err;
  }
}

// The program itself, and not a fake: a row comes before the end.
TEST_F(CliGpuCheckLab, TimesARunUntilItsFirstRowAndItsEnd) {
  const auto timed = [&](const Arguments& flags) {
    return run(Arguments{"-B", (kScripts / "gpu_wall.py").string(), "run", PPO_TRAIN_BINARY, "--out", "run",
                         "--device", "cpu", "--quiet"} +
                   flags,
               {.program = "/usr/bin/python3", .folder = folder_.path()});
  };
  const Result result = timed({"--total-timesteps", "81920"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json times = Json::parse(result.out);
  EXPECT_GT(times.at("first_row_s"), 0);
  EXPECT_GT(times.at("end_s"), times.at("first_row_s"));
  EXPECT_EQ(timed({"--lr", "nan"}).exit_code, 2);
}

}  // namespace
}  // namespace ppo::test
