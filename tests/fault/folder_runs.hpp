// What the tests of run folders share: a run that trains in one until it is told to stop, and how it goes on.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>

#include "faults.hpp"
#include "straight_run.hpp"

namespace ppo::test {

/// Many updates, each with a line: tests wait for one, so that they know that it trains.
inline const Arguments kEndless = {"--num-envs",         "8",          "--num-steps", "32",
                                   "--total-timesteps",  "1000000000", "--log-every", "1",
                                   "--checkpoint-every", "5",          "--out",       "run"};

class FolderTest : public StraightRun {
 protected:
  std::filesystem::path run_folder() const { return folder_.path() / "run"; }
  Launch obedient() const { return {.folder = folder_.path(), .prepare = obey_permissions}; }

  void allow(const std::filesystem::path& path, unsigned mode) const {
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
  }

  /// It may be making files there at the same time.
  static void remove_in_spite_of_it(const std::filesystem::path& folder) {
    for (std::error_code again; std::filesystem::exists(folder);) std::filesystem::remove_all(folder, again);
  }

  /// The run, which trains, and ends when SIGTERM comes after `meddle`.
  template <class Meddle>
  Result meddled(Meddle meddle) {
    Process process(kEndless, obedient());
    EXPECT_TRUE(process.wait_for_output("Update 6:"));
    meddle();
    EXPECT_TRUE(process.wait_for_output("Update 40:"));
    EXPECT_TRUE(process.running());  // it does not cost the run while it trains
    process.signal(SIGTERM);
    return process.wait();
  }

  /// It goes on, and its rows are those of a run that was left alone.
  void expect_goes_on() {
    Process process({"resume", "run", "--log-every", "1"}, obedient());
    EXPECT_TRUE(process.wait_for_output("Update "));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait().exit_code, 128 + SIGTERM);
    const std::size_t updates = read_json(run_folder() / "run.json").at("updates");
    const std::string rows = read_file(run_folder() / "metrics.csv");
    EXPECT_EQ(lines(rows).size(), 1 + updates);
    const Result alone = run({"--num-envs", "8", "--num-steps", "32", "--total-timesteps",
                              std::to_string(256 * updates), "--quiet", "--out", "alone"},
                             obedient());
    EXPECT_EQ(alone.exit_code, 0) << alone.err;
    EXPECT_TRUE(read_file(folder_.path() / "alone" / "metrics.csv") == rows);
    EXPECT_EQ(hash_of(run_folder()), hash_of(folder_.path() / "alone"));
  }

  const TemporaryFolder folder_;
};

}  // namespace ppo::test
