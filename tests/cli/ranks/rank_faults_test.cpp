// Jobs of which a rank dies, hangs or is stopped: they end, and what they have saved goes on to the same
// bytes.
#include <chrono>
#include <fstream>
#include <thread>

#include "rank_runs.hpp"

namespace ppo::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const Arguments kRun =
    Arguments{"--num-envs", "16", "--num-steps", "32", "--num-seeds", "3", "--threads", "1"} +
    Arguments{"--checkpoint-every", "5", "--total-timesteps", "307200", "--out", "run"};

/// The process of that rank.
pid_t rank_of(const Process& job, int rank) {
  const std::string mine = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream status(entry.path() / "stat");
    std::string stat;
    std::getline(status, stat);
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos || std::stoi(stat.substr(end + 4)) != job.id()) continue;
    std::ifstream environment(entry.path() / "environ");
    for (std::string variable; std::getline(environment, variable, '\0');) {
      if (variable == mine) return std::stoi(name);
    }
  }
  return 0;
}

bool is_alive(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t end = stat.rfind(')');
  return end != std::string::npos && stat.at(end + 2) != 'Z';  // one that nobody has waited for yet is dead
}

class RankFaults : public RankRuns {
 protected:
  /// Once it has saved something.
  void wait_for_checkpoint() const {
    const Clock::time_point until = Clock::now() + 30s;
    while (Clock::now() < until) {
      std::error_code error;
      if (!std::filesystem::is_empty(at("run") / "checkpoints", error) && !error) return;
      std::this_thread::sleep_for(5ms);
    }
    FAIL() << "no checkpoint";
  }

  /// However it was interrupted, it goes on to the bytes of a run that was not.
  void expect_resumes(int ranks) {
    Arguments straight = kRun;
    *std::ranges::find(straight, "run") = "straight";
    ASSERT_EQ(call(straight + Arguments{"--quiet"}).exit_code, 0);
    const Result result = call_on(ranks, {"resume", "run", "--quiet"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    for (const char* file : {"metrics.csv", "policy.safetensors"}) {
      EXPECT_TRUE(read_file(at("run") / file) == read_file(at("straight") / file)) << file;
    }
  }

  std::int64_t newest() const { return std::stoll(names_in(at("run") / "checkpoints").back()); }
};

TEST_F(RankFaults, AKilledRankEndsTheJob) {
  for (const int rank : {1, 0}) {
    std::filesystem::remove_all(at("run"));
    std::filesystem::remove_all(at("straight"));
    Process job(on_ranks(3, kRun), mpirun());
    wait_for_checkpoint();
    const pid_t victim = rank_of(job, rank);
    ASSERT_GT(victim, 0);
    const Clock::time_point begin = Clock::now();
    ASSERT_EQ(::kill(victim, SIGKILL), 0);
    const Result result = job.wait();
    EXPECT_LT(Clock::now() - begin, 30s);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_TRUE(contains(result.err, "rank " + std::to_string(rank))) << result.err;
    expect_resumes(2);
  }
}

TEST_F(RankFaults, AStoppedRankEndsTheJobWithALineThatNamesIt) {
  Process job(on_ranks(2, kRun), mpirun());
  wait_for_checkpoint();
  const pid_t victim = rank_of(job, 1);
  ASSERT_GT(victim, 0);
  const Clock::time_point begin = Clock::now();
  ASSERT_EQ(::kill(victim, SIGSTOP), 0);
  const Result result = job.wait();
  EXPECT_LT(Clock::now() - begin, 30s);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "rank 1 on ")) << result.err;
  EXPECT_TRUE(contains(result.err, "has not answered for 20 s")) << result.err;
  EXPECT_FALSE(is_alive(victim));
  expect_resumes(1);
}

TEST_F(RankFaults, ASignalToTheLauncherStopsAtAnUpdateWithEverythingSaved) {
  for (const int number : {SIGTERM, SIGINT}) {
    std::filesystem::remove_all(at("run"));
    std::filesystem::remove_all(at("straight"));
    Process job(on_ranks(2, kRun), mpirun());
    wait_for_checkpoint();
    job.signal(number);
    job.wait();
    ASSERT_TRUE(std::filesystem::exists(at("run") / "run.json"));
    const Json json = read_json(at("run") / "run.json");
    EXPECT_EQ(json.at("updates"), newest());
    EXPECT_TRUE(json.at("stopped_by").is_string());
    expect_resumes(3);
  }
}

}  // namespace
}  // namespace ppo::test
