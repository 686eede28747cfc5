// Jobs of which a rank dies, hangs or is stopped: they end, and what they have saved goes on to the same
// bytes.
#include <chrono>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "rank_runs.hpp"

namespace ppo::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const Arguments kRun =
    Arguments{"--num-envs", "16", "--num-steps", "32", "--num-seeds", "3", "--threads", "1"} +
    Arguments{"--checkpoint-every", "5", "--total-timesteps", "307200", "--out", "run"};

bool is_alive(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t end = stat.rfind(')');
  return end != std::string::npos && stat.at(end + 2) != 'Z';  // one that nobody has waited for yet is dead
}

/// mpirun kills without waiting for the dead, and on a busy machine they take their time.
bool ends_soon(pid_t process) {
  const Clock::time_point begin = Clock::now();
  while (is_alive(process) && Clock::now() - begin < 10s) std::this_thread::sleep_for(10ms);
  return !is_alive(process);
}

class RankFaults : public RankRuns {
 protected:
  /// That does not wait for ranks that are to be killed.
  Launch hasty_mpirun() const {
    Launch launch = mpirun();
    launch.environment.emplace_back("OMPI_MCA_odls_base_sigkill_timeout=0");
    return launch;
  }

  /// Once it has saved something.
  void wait_for_checkpoint(const std::string& name = "run") const {
    const Clock::time_point until = Clock::now() + 30s;
    while (Clock::now() < until) {
      std::error_code error;
      if (!std::filesystem::is_empty(at(name) / "checkpoints", error) && !error) return;
      std::this_thread::sleep_for(5ms);
    }
    FAIL() << "no checkpoint";
  }

  /// However it was interrupted, it goes on to the bytes of a run that was not.
  void expect_resumes(int ranks) {
    if (!std::filesystem::exists(at("straight"))) {
      Arguments straight = kRun;
      *std::ranges::find(straight, "run") = "straight";
      ASSERT_EQ(call(straight + Arguments{"--quiet"}).exit_code, 0);
    }
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
    Process job(on_ranks(3, kRun), hasty_mpirun());
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

/// Whoever it is and whatever the others wait for: rank 1 of two, rank 0, one without an agent, one of a
/// team. All at once, as each takes 20 s.
TEST_F(RankFaults, AStoppedRankEndsTheJobWithALineThatNamesIt) {
  struct Case {
    std::string name;
    int ranks;
    std::string num_seeds;
    Arguments more;
    int victim;
  };
  const std::vector<Case> cases = {{"run", 2, "3", {}, 1},
                                   {"first", 2, "3", {}, 0},
                                   {"idle", 3, "1", {}, 2},
                                   {"team", 3, "3", {"--ranks-per-agent", "3"}, 1}};
  std::vector<std::unique_ptr<Process>> jobs;
  std::vector<pid_t> victims;
  for (const Case& each : cases) {
    Arguments arguments = kRun + each.more;
    *std::ranges::find(arguments, "run") = each.name;
    *(std::ranges::find(arguments, "--num-seeds") + 1) = each.num_seeds;
    jobs.push_back(std::make_unique<Process>(on_ranks(each.ranks, arguments), hasty_mpirun()));
    wait_for_checkpoint(each.name);
    victims.push_back(rank_of(*jobs.back(), each.victim));
    ASSERT_GT(victims.back(), 0) << each.name;
    ASSERT_EQ(::kill(victims.back(), SIGSTOP), 0);
  }
  const Clock::time_point begin = Clock::now();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(cases[i].name);
    const Result result = jobs[i]->wait();
    EXPECT_LT(Clock::now() - begin, 30s);
    EXPECT_EQ(result.exit_code, 1);
    const std::string line = "rank " + std::to_string(cases[i].victim) + " on ";
    const std::size_t at = result.err.find(line);
    EXPECT_NE(at, std::string::npos) << result.err;
    EXPECT_TRUE(contains(result.err, "has not answered for 20 s")) << result.err;
    EXPECT_EQ(result.err.find("has not answered"), result.err.rfind("has not answered")) << result.err;
    EXPECT_TRUE(ends_soon(victims[i]));
  }
  expect_resumes(1);
}

/// Kills as long as the job can go on, each time with other ranks; PPO_RANK_KILL_COUNT and PPO_RANK_KILL_SEED
/// ask for more, or for certain ones again.
TEST_F(RankFaults, KillsOfAnyRankAtAnyMomentLoseNothing) {
  const char* const asked_count = std::getenv("PPO_RANK_KILL_COUNT");
  const char* const asked_seed = std::getenv("PPO_RANK_KILL_SEED");
  const long count = asked_count == nullptr ? 6 : std::atol(asked_count);
  const long seed = asked_seed == nullptr ? std::random_device()() % 1'000'000 : std::atol(asked_seed);
  SCOPED_TRACE(testing::Message() << "PPO_RANK_KILL_SEED=" << seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  const auto whole = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
  long kills = 0;
  long runs = 0;
  for (; kills < count && !HasFailure(); ++runs) {
    std::filesystem::remove_all(at("run"));
    for (int launches = whole(1, 3); launches > 0; --launches) {
      const int team = whole(1, 2);
      const int ranks = team * whole(1, 2) + (team == 1 ? 1 : 0);
      const Arguments together = {"--quiet", "--ranks-per-agent", std::to_string(team)};
      const bool is_begun = std::filesystem::exists(at("run") / "config.toml");
      if (!is_begun) std::filesystem::remove_all(at("run"));
      Process job(on_ranks(ranks, (is_begun ? Arguments{"resume", "run"} : kRun) + together), hasty_mpirun());
      std::this_thread::sleep_for(std::chrono::milliseconds(whole(200, 1200)));
      const pid_t victim = rank_of(job, whole(0, ranks - 1));
      if (victim > 0 && ::kill(victim, SIGKILL) == 0) ++kills;
      job.wait();
    }
    if (std::filesystem::exists(at("run") / "config.toml")) expect_resumes(whole(1, 3));
  }
  std::printf("%ld kills in %ld runs, seed %ld\n", kills, runs, seed);
}

TEST_F(RankFaults, ASignalToTheLauncherStopsAtAnUpdateWithEverythingSaved) {
  for (const int number : {SIGTERM, SIGINT}) {
    std::filesystem::remove_all(at("run"));
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
