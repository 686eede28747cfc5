// scripts/gpu_check is stopped, whatever it is doing, or a step does not end: what was recorded stays, and
// nothing stays on the card.
#include <set>

#include "fake_card.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// A step that hangs, and the number of its call among all calls of programs.
struct Moment {
  std::string step;
  std::size_t call;
};

/// What steps that run alike have in common: "lab: cpu, threads", "hashes: --device cuda:".
std::string kind_of(const std::string& step) {
  std::string kind = step;
  if (kind.starts_with("hashes: ")) kind = "hashes: " + kind.substr(kind.find("--device "), 13);
  if (kind.starts_with("gpu tests: Gpu.")) kind = "gpu tests: Gpu.";
  std::erase_if(kind, [](char letter) { return letter >= '0' && letter <= '9'; });
  return kind;
}

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

  /// The first step of every second kind, beginning with that one: each step is one call, and one comes
  /// before them.
  static std::vector<Moment> moments(const std::vector<std::string>& steps, std::size_t first) {
    std::set<std::string> kinds;
    std::vector<Moment> all;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool is_new = kinds.insert(kind_of(steps[i])).second;
      if (is_new && kinds.size() % 2 == first) all.push_back({steps[i], i + 2});
    }
    return all;
  }

  void forget() const {
    for (const char* name : {"results", "hanging", "brood", "logging", "calls"}) fs::remove_all(at(name));
  }

  /// Stops it while that step hangs. All that it has started has ended when this returns.
  Result stopped_at(const Moment& moment, int signal) const {
    forget();
    Process process(all_steps(), launch({"HANG_AT=" + std::to_string(moment.call)}));
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
  for (const Moment& moment : moments(all, 0)) {
    SCOPED_TRACE(moment.step);
    EXPECT_EQ(stopped_at(moment, SIGKILL).signal, SIGKILL);
    EXPECT_EQ(step_names(record()), until(all, moment.step));
    EXPECT_TRUE(fs::exists(written(".md")));
  }
}

TEST_F(CliGpuCheckStop, BySigtermRecordsWhatWasStopped) {
  const std::vector<std::string> all = all_names();
  for (const Moment& moment : moments(all, 1)) {
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

TEST_F(CliGpuCheckStop, WithItsTerminalRecordsWhatWasStopped) {
  Launch there = launch({"HANG=ppo_train *--blocks-per-agent 2 *"});
  there.terminal = true;
  Process process(all_steps(), there);
  const std::optional<pid_t> step = process_in("hanging");
  process.close_output();  // as where a connection is lost: SIGHUP, and nothing can be printed
  EXPECT_EQ(process.wait().exit_code, 128 + SIGHUP);
  EXPECT_TRUE(has_ended(step));
  EXPECT_EQ(step_names(record()).back(), "smoke: 2 blocks");
  EXPECT_TRUE(contains(read_file(written(".md")), "Not finished: stopped by SIGHUP"));
}

TEST_F(CliGpuCheckStop, IgnoresTheSignalThatNohupIgnores) {
  Launch there = launch({"HANG=ppo_train *--blocks-per-agent 2 *"});
  there.prepare = [] { return signal(SIGHUP, SIG_IGN) != SIG_ERR; };
  Process process(all_steps(), there);
  const std::optional<pid_t> step = process_in("hanging");
  process.signal(SIGHUP);
  usleep(100'000);
  EXPECT_TRUE(process.running());
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 128 + SIGTERM);
  EXPECT_TRUE(has_ended(step));
}

constexpr const char* kStoppedReading = R"(
import os, signal, types
import gpu_process
from gpu_recorder import Recorder, Step

gpu_process.stop_on_signals()
clocks = types.SimpleNamespace(mark=lambda: None, since_mark=lambda: None)
recorder = Recorder(60, clocks, lambda steps: None)
try:
    recorder.run(Step('reads', ['true'], 30, lambda text: os.kill(os.getpid(), signal.SIGTERM)))
except gpu_process.Stopped:
    print([(step['name'], step['result'], step['note']) for step in recorder.steps])
)";

TEST_F(CliGpuCheckStop, WhileAStepsOutputIsReadRecordsTheStep) {
  const Result result = python(kStoppedReading);
  EXPECT_TRUE(result.out.ends_with("[('reads', 'failed', 'stopped by SIGTERM')]\n"))
      << result.out << result.err;
}

constexpr const char* kStoppedWriting = R"(
import os, pathlib
import gpu_process, gpu_results

def stopped(*_):
    raise gpu_process.Stopped(15)

os.replace = stopped
try:
    gpu_results.write_whole(pathlib.Path('out/whole'), b'')
except gpu_process.Stopped:
    print(os.listdir('out'))
)";

TEST_F(CliGpuCheckStop, WhileAFileIsWrittenLeavesNoPartOfIt) {
  const Result result = python(kStoppedWriting);
  EXPECT_EQ(result.out, "[]\n") << result.err;
}

TEST_F(CliGpuCheckStop, SaysWhenTheProgramDoesNotAnswer) {
  const Result result = check({"--seconds", "2"}, {"HANG=ppo_train info *"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "ppo_train info --json: stopped after 2 s; it says nothing\n"))
      << result.err;
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
