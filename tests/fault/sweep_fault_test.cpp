// Sweeps that are killed, stopped or run out of disk space at random moments: nothing is ever lost, and they
// end with the bytes of the sweep that nothing has disturbed.
#include <fstream>
#include <map>

#include "small_disk.hpp"
#include "straight_run.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead =
    "env = \"cartpole\"\nmax_episode_steps = 60\nnum_envs = 8\nnum_steps = 16\ntotal_timesteps = 2048\n"
    "hidden_size = 32\nthreads = 1\neval_episodes = 2\n[sweep]\ntrials = 16\nseeds_per_trial = "
    "2\ngrace_steps = 512\n"
    "eval_steps = 256\ntarget_return = 40\nconfirm_trials = 2\nconfirm_seeds = 3\n";
constexpr const char* kSpace =
    "[sweep.space]\nlr = { min = 1e-4, max = 1e-2, scale = \"log\" }\nnorm_obs = { values = [false, true] "
    "}\n";

/// All that a sweep leaves but facts.json, which says when and where it was made.
Arguments files(const std::string& method) {
  Arguments all = {"best.toml", "confirmed.csv", "curves.csv", "sweep.json", "sweep.toml", "trials.csv"};
  if (method == "pbt") all.emplace_back("schedule.csv");
  return all;
}

class SweepFaultTest : public StraightRun {
 protected:
  void SetUp() override {
    const TemporaryFolder folder;
    write(folder.path());
    for (const char* method : {"halving", "pbt"}) {
      const Clock::time_point start = Clock::now();
      const Result result = run(sweep(method), {.folder = folder.path()});
      ASSERT_EQ(result.exit_code, 0) << result.err;
      straight_.seconds = Seconds(Clock::now() - start).count();
      for (const std::string& file : files(method)) {
        straight_files_[method][file] = read_file(folder.path() / "run" / file);
      }
      fs::remove_all(folder.path() / "run");
    }
  }

  static void write(const fs::path& folder) {
    for (const char* method : {"halving", "pbt"}) {
      std::ofstream(folder / (std::string(method) + ".toml"))
          << kHead << "method = \"" << method << "\"\n"
          << kSpace << (std::string(method) == "pbt" ? "" : "num_envs = { values = [4, 8] }\n");
    }
  }

  static Arguments sweep(const std::string& method) {
    return {"sweep", method + ".toml", "--out", "run", "--quiet"};
  }

  /// Starts the program and sends a signal after a while, which may be too late. Returns how many it has hit.
  long disturb(const Arguments& arguments, const fs::path& folder) {
    const int signal = random_whole(0, 3) > 0 ? SIGKILL : SIGTERM;
    Process process(arguments, {.folder = folder});
    sleep_for_a_part();
    process.signal(signal);
    const Result result = process.wait();
    if (result.signal == signal || result.exit_code == 128 + signal) return 1;
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return 0;
  }

  void expect_resumes(const std::string& method, const fs::path& folder) {
    const Result last =
        run(kResume + Arguments{"--threads", std::to_string(random_whole(1, 2))}, {.folder = folder});
    ASSERT_EQ(last.exit_code, 0) << last.err;
    Arguments expected = files(method);
    for (const std::string& file : expected) {
      ASSERT_TRUE(read_file(folder / "run" / file) == straight_files_[method][file]) << file;
    }
    expected.emplace_back("facts.json");
    std::ranges::sort(expected);
    ASSERT_EQ(names_in(folder / "run"), expected);
  }

  std::string random_method() { return random_whole(0, 1) == 0 ? "halving" : "pbt"; }

  std::map<std::string, std::map<std::string, std::string>> straight_files_;
};

TEST_F(SweepFaultTest, KilledOrStoppedAtRandomMomentsLosesNothing) {
  try_until({.name = "PPO_SWEEP_KILL", .faults = 100, .most_s = 45}, [&] {
    const std::string method = random_method();
    const TemporaryFolder folder;
    write(folder.path());
    long hits = 0;
    while (!fs::exists(folder.path() / "run" / "sweep.toml")) {  // before that nothing could be lost
      fs::remove_all(folder.path() / "run");
      hits += disturb(sweep(method), folder.path());
    }
    for (long more = random_whole(0, 3); more > 0; --more) hits += disturb(kResume, folder.path());
    expect_resumes(method, folder.path());
    return hits;
  });
}

TEST_F(SweepFaultTest, AFullDiskLosesNothing) {
  const auto trial = [&] {
    const std::string method = random_method();
    const TemporaryFolder folder;
    const SmallDisk disk(folder.path());
    write(folder.path());
    const auto room = static_cast<std::uint64_t>(random_magnitude(2'000, 4'000'000));
    SCOPED_TRACE(testing::Message() << "room for " << room << " bytes");
    disk.fill_but_for(room);
    const Result squeezed = run(sweep(method), {.folder = folder.path()});
    if (squeezed.exit_code != 0) expect_one_line(squeezed, 1, {"run", "No space left on device"});
    disk.free();
    if (!fs::exists(folder.path() / "run" / "sweep.toml")) {
      EXPECT_FALSE(fs::exists(folder.path() / "run"));  // the name is free for the next try
      EXPECT_EQ(run(sweep(method), {.folder = folder.path()}).exit_code, 0);
    }
    expect_resumes(method, folder.path());
    return squeezed.exit_code == 0 ? 0L : 1L;
  };
  if (!with_own_mounts([&] { try_until({.name = "PPO_SWEEP_DISK", .faults = 20, .most_s = 9}, trial); }))
    GTEST_SKIP() << "this user may not mount, not even in a namespace of their own";
}

}  // namespace
}  // namespace ppo::test
