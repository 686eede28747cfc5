// scripts/gpu_check is stopped, whatever it is doing, or a step does not end: what was recorded stays, and
// nothing stays on the card.
#include "fake_card.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// A call that hangs, and the step of that call.
struct Moment {
  const char* call;
  const char* step;
};

constexpr Moment kMoments[] = {
    {"nvidia-smi *driver_version*", "facts: nvidia-smi"},
    {"ppo_train *--blocks-per-agent 2 *", "smoke: 2 blocks"},
    {"ppo_train *cartpole.toml --device cpu *", "hashes: --config cartpole.toml --device cpu"},
    {"ppo_bench --device cuda:0 --seconds *", "ppo_bench"},
    {"ppo_bench *num_seeds*", "ppo_bench: num_seeds"},
    {"fake_python *--num_envs 64 *", "reference: 64 environments"},
    {"ppo_bench *num_envs*", "ppo_bench: num_envs"},
    {"ppo_train *4294967296 --device cuda:0 *",
     "hashes: --total-timesteps 40000 --seed 4294967296 --device cuda:0"},
    {"gpu_tests --gtest_filter=Gpu.Good", "gpu tests: Gpu.Good"},
    {"compute-sanitizer *memcheck*", "sanitizer: memcheck"},
    {"ppo_bench *--variant quick *", "lab: variant quick"},
    {"ppo_bench *card*", "lab: card"},
    {"ncu *--export*", "lab: ncu, default"},
    {"ncu *--import*details*", "lab: ncu, default, details"},
    {"ppo_bench *cpu --threads 1 *", "lab: cpu, 1 threads"},
};

class CliGpuCheckStop : public FakeCard {
 protected:
  Arguments all_steps() const {
    return arguments(
        {"--lab", "--reference", at("prepared.json").string(), "--reference-python", "fake_python"});
  }

  /// Of a run that nothing stops.
  std::vector<std::string> all_names() const {
    run(all_steps(), launch({}));
    return step_names(record());
  }

  void forget() const {
    for (const char* name : {"results", "hanging", "brood", "logging"}) fs::remove_all(at(name));
  }

  /// Stops it while that step hangs. All that it has started has ended when this returns.
  Result stopped_at(const Moment& moment, int signal) const {
    forget();
    Process process(all_steps(), launch({std::string("HANG=") + moment.call}));
    const std::optional<pid_t> step = process_in("hanging");
    const std::optional<pid_t> log = process_in("logging");
    process.signal(signal);
    Result result = process.wait();
    EXPECT_TRUE(has_ended(step));
    EXPECT_TRUE(has_ended(log));
    return result;
  }

  /// Names of the steps until that one, without it.
  static std::vector<std::string> until(std::vector<std::string> steps, const std::string& name) {
    steps.erase(std::find(steps.begin(), steps.end(), name), steps.end());
    return steps;
  }
};

TEST_F(CliGpuCheckStop, BySigkillKeepsWhatWasRecordedBefore) {
  const std::vector<std::string> all = all_names();
  for (const Moment& moment : kMoments) {
    SCOPED_TRACE(moment.step);
    ASSERT_NE(std::find(all.begin(), all.end(), moment.step), all.end());
    EXPECT_EQ(stopped_at(moment, SIGKILL).signal, SIGKILL);
    EXPECT_EQ(step_names(record()), until(all, moment.step));
    EXPECT_TRUE(fs::exists(written(".md")));
  }
}

TEST_F(CliGpuCheckStop, BySigtermRecordsWhatWasStopped) {
  const std::vector<std::string> all = all_names();
  for (const Moment& moment : kMoments) {
    SCOPED_TRACE(moment.step);
    std::vector<std::string> expected = until(all, moment.step);
    expected.push_back(moment.step);
    const Result result = stopped_at(moment, SIGTERM);
    EXPECT_EQ(result.exit_code, 128 + SIGTERM) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(step_names(record()), expected);
    EXPECT_EQ(record().at("steps").back().at("note"), "stopped by SIGTERM");
    EXPECT_TRUE(contains(read_file(written(".md")), "Not finished: stopped by SIGTERM"));
    for (const std::string& name : names_in(out())) EXPECT_FALSE(name.ends_with(".part")) << name;
  }
}

TEST_F(CliGpuCheckStop, BeforeTheFirstStepIsQuiet) {
  Process process(all_steps(), launch({"HANG=ppo_train info *"}));
  const std::optional<pid_t> step = process_in("hanging");
  process.signal(SIGINT);
  const Result result = process.wait();
  EXPECT_EQ(result.exit_code, 128 + SIGINT);
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(has_ended(step));
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(CliGpuCheckStop, ComesWhenTheTimeIsUp) {
  const Result result = check({"--seconds", "8"}, {"HANG=ppo_train *--blocks-per-agent 2 *", "BROOD=1"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_EQ(result_of(record(), "smoke: 2 blocks"), "failed");
  EXPECT_EQ(result_of(record(), "diagnosis: memcheck"), "skipped");
  EXPECT_TRUE(contains(read_file(written(".md")), "no time left"));
  EXPECT_TRUE(has_ended(process_in("hanging")));
  EXPECT_TRUE(has_ended(process_in("brood")));
}

constexpr const char* kTwoSteps = R"(
import sys
import gpu_process
from gpu_recorder import Recorder, Step

class NoClocks:
    def mark(self): pass
    def since_mark(self): return None

if sys.argv[3] == 'stuck':  # as in the driver: killed, and still there
    gpu_process.PATIENCE_S = 0.1
    gpu_process.os.killpg = lambda group, number: None
recorder = Recorder(60, NoClocks(), lambda steps: None)
recorder.run(Step('hangs', [sys.argv[1]], 1))
recorder.run(Step('works', [sys.argv[2]], 30))
for step in recorder.steps:
    print(step['name'], step['result'], step.get('note'), step['seconds'] < 30, sep='|')
)";

TEST_F(CliGpuCheckStop, AStepThatHangsCostsItsOwnLimit) {
  program("hangs", kFakeStart);
  const Result result = python(kTwoSteps, {at("hangs").string(), at("cuda-gdb").string(), "killed"},
                               {"HANG=hangs *", "BROOD=1"});
  EXPECT_TRUE(contains(result.out, "hangs|failed|stopped after 1 s|True\nworks|passed|None|True\n"))
      << result.out << result.err;
  EXPECT_TRUE(has_ended(process_in("hanging")));
  EXPECT_TRUE(has_ended(process_in("brood")));
}

TEST_F(CliGpuCheckStop, GoesOnBesideAProcessThatCannotBeEnded) {
  program("hangs", kFakeStart);
  const Result result =
      python(kTwoSteps, {at("hangs").string(), at("cuda-gdb").string(), "stuck"}, {"HANG=hangs *"});
  EXPECT_TRUE(contains(result.out,
                       "hangs|failed|stopped after 1 s; its process cannot be ended|True\n"
                       "works|passed|None|True\n"))
      << result.out << result.err;
  EXPECT_TRUE(has_ended(process_in("hanging")));  // with its parent
}

}  // namespace
}  // namespace ppo::test
