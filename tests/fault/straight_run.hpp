// What the tests of faults share: a run that nothing has disturbed, faults at random moments, and holding
// what is left, once it is resumed, to that run's bytes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "cli/runs.hpp"

namespace ppo::test {

/// Two agents, 60 updates, in some 50 ms. Both are evaluated.
inline const Arguments kTwoAgents =
    Arguments{"train", "--num-envs", "16", "--num-steps", "16", "--num-seeds", "2"} +
    Arguments{"--total-timesteps", "15360", "--anneal-lr", "true", "--eval-every", "7"} +
    Arguments{"--eval-episodes", "3", "--eval-greedy", "false", "--quiet", "--out", "run"};

/// An evaluation half way is the end of one of them.
inline const Arguments kRun = kTwoAgents + Arguments{"--max-episode-steps", "30", "--stop-at-return", "29.5"};

/// Observations are normalised, and the episodes of training are the end of one agent.
inline const Arguments kNormalisedRun = kTwoAgents +
                                        Arguments{"--max-episode-steps", "60", "--norm-obs", "true"} +
                                        Arguments{"--stop-on", "return_100", "--stop-at-return", "55"};

inline const Arguments kResume = {"resume", "run", "--quiet"};

class StraightRun : public testing::Test {
 protected:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  /// What a run leaves that nothing has disturbed.
  struct Straight {
    Arguments arguments;
    double seconds = 0;
    std::string metrics, evals, policy, best;
    Json agents;
  };

  void SetUp() override { train_straight(kRun, straight_); }

  static void train_straight(const Arguments& arguments, Straight& straight) {
    const TemporaryFolder folder;
    const Clock::time_point start = Clock::now();
    ASSERT_EQ(run(arguments, {.folder = folder.path()}).exit_code, 0);
    straight = {.arguments = arguments,
                .seconds = Seconds(Clock::now() - start).count(),
                .metrics = read_file(folder.path() / "run" / "metrics.csv"),
                .evals = read_file(folder.path() / "run" / "evals.csv"),
                .policy = read_file(folder.path() / "run" / "policy.safetensors"),
                .best = read_file(folder.path() / "run" / "best.safetensors"),
                .agents = read_json(folder.path() / "run" / "run.json").at("agents")};
    ASSERT_NE(straight.agents.at(0).at("stopped_at_update").is_null(),
              straight.agents.at(1).at("stopped_at_update").is_null());
  }

  double random(double least, double most) { return std::uniform_real_distribution(least, most)(random_); }
  long random_whole(long least, long most) { return std::uniform_int_distribution(least, most)(random_); }

  /// Evenly over the magnitudes.
  long random_magnitude(double least, double most) {
    return static_cast<long>(std::exp(random(std::log(least), std::log(most))));
  }

  Arguments random_checkpoints() { return {"--checkpoint-every", std::to_string(random_whole(0, 7))}; }

  /// From before the program's first instruction until after its last.
  void sleep_for_a_part() { std::this_thread::sleep_for(Seconds(random(0, 1.3 * straight_.seconds))); }

  /// A run that was stopped on its way, if it did not end before that.
  void train_a_part(const std::filesystem::path& folder) {
    Process process(straight_.arguments + random_checkpoints(), {.folder = folder});
    sleep_for_a_part();
    process.signal(SIGTERM);
    process.wait();
  }

  /// It has ended, but no checkpoint could be saved: resume leaves alone what is there.
  static bool is_without_checkpoint(const Result& result) {
    return result.exit_code == 2 && contains(result.err, "run has ended but has no checkpoint");
  }

  /// The update of the newest checkpoint that has its name: only whole ones get it.
  static std::optional<long> newest_checkpoint(const std::filesystem::path& run_folder) {
    std::optional<long> newest;
    for (const std::string& name : names_in(run_folder / "checkpoints")) {
      if (name.ends_with(".safetensors")) newest = std::max(newest.value_or(0), std::stol(name));
    }
    return newest;
  }

  /// The fault is gone: the run goes on from its newest checkpoint to the bytes of the straight one, and
  /// leaves nothing else. One that cannot go on is trained again, as it says.
  void expect_resumes(const std::filesystem::path& folder) {
    const std::optional<long> newest = newest_checkpoint(folder / "run");
    Result last = run({"resume", "run"}, {.folder = folder});
    const bool is_finished = last.out.starts_with("finished: ");
    if (is_without_checkpoint(last)) {
      ASSERT_TRUE(may_lack_checkpoints_ && !newest) << last.err;
      std::filesystem::rename(folder / "run", folder / "ended");
      last = run({"--config", "ended/config.toml", "--quiet", "--out", "run"}, {.folder = folder});
    } else if (newest && !is_finished) {
      const std::string place = "resumed  at update " + std::to_string(*newest) + " of 60\n";
      ASSERT_TRUE(contains(last.out, place)) << last.out << last.err;
    } else if (!is_finished) {
      ASSERT_TRUE(contains(last.err, "starting again at update 0")) << last.err;
      ++started_again_;
    }
    ASSERT_EQ(last.exit_code, 0) << last.err << " signal " << last.signal;
    ASSERT_EQ(names_in(folder / "run"), kEvaluatedRunFiles);
    expect_straight(folder / "run");
  }

  void expect_straight(const std::filesystem::path& run_folder) const {
    ASSERT_TRUE(read_file(run_folder / "metrics.csv") == straight_.metrics);
    ASSERT_TRUE(read_file(run_folder / "evals.csv") == straight_.evals);
    ASSERT_TRUE(read_file(run_folder / "policy.safetensors") == straight_.policy);
    ASSERT_TRUE(read_file(run_folder / "best.safetensors") == straight_.best);
    const Json json = read_json(run_folder / "run.json");
    ASSERT_EQ(json.at("agents"), straight_.agents);
    ASSERT_EQ(json.at("stopped_by"), nullptr);
    ASSERT_EQ(lines(read_file(run_folder / "timing.csv")).size(), 61U);
    for (const std::string& name : names_in(run_folder / "checkpoints")) {
      ASSERT_TRUE(name.ends_with(".safetensors")) << name;
    }
  }

  /// The program ended by itself, with that exit code and one printable line that says each of `parts`;
  /// notes may come before it.
  static void expect_one_line(const Result& result, int exit_code, const Arguments& parts) {
    EXPECT_EQ(result.exit_code, exit_code) << result.err << " signal " << result.signal;
    Arguments said = lines(result.err);
    std::erase_if(said, [](const std::string& line) { return line.starts_with("ppo_train: note: "); });
    EXPECT_EQ(said.size(), 1U) << result.err;
    EXPECT_TRUE(result.err.ends_with('\n'));
    for (const std::string& part : parts)
      EXPECT_TRUE(contains(result.err, part)) << part << ": " << result.err;
    EXPECT_TRUE(std::none_of(result.err.begin(), result.err.end(), [](unsigned char c) {
      return c < ' ' && c != '\n';
    })) << result.err;
  }

  struct Trials {
    std::string name;  // NAME_COUNT and NAME_SEED in the environment ask for more, or for certain ones again
    long faults;       // enough
    long most_s = 12;  // then a tenth of them is enough, unless they are asked for
  };

  /// Calls `trial`, which returns how many faults there were, with another seed each time until there were
  /// enough.
  template <class Trial>
  void try_until(const Trials& enough, Trial trial) {
    const char* const asked_count = std::getenv((enough.name + "_COUNT").c_str());
    const char* const asked_seed = std::getenv((enough.name + "_SEED").c_str());
    const long count = asked_count == nullptr ? enough.faults : std::atol(asked_count);
    const long first = asked_seed == nullptr ? std::random_device()() % 1'000'000 : std::atol(asked_seed);
    const Clock::time_point start = Clock::now();
    long runs = 0;
    long faults = 0;
    const auto is_time_up = [&] {
      return asked_count == nullptr && 10 * faults >= count &&
             Clock::now() - start > std::chrono::seconds(enough.most_s);
    };
    while (faults < count && !is_time_up() && !HasFailure()) {
      SCOPED_TRACE(testing::Message() << enough.name << "_SEED=" << first + runs);
      seed_ = first + runs++;
      random_.seed(static_cast<std::mt19937::result_type>(seed_));
      faults += trial();
    }
    std::printf("%ld faults in %ld runs, seeds %ld to %ld; %ld were started again, %d lost\n", faults, runs,
                first, first + runs - 1, started_again_, HasFailure() ? 1 : 0);
  }

  Straight straight_;  // that which runs are held to
  std::mt19937 random_;
  long seed_ = 0;                      // of the trial
  bool may_lack_checkpoints_ = false;  // the faults are such that none can be written
  long started_again_ = 0;
};

}  // namespace ppo::test
