// Runs of ranks that train each agent together, each on a card of the stand-in.
#include "cli/ranks/rank_runs.hpp"

namespace ppo::test {
namespace {

const Arguments kSmall = {"--hidden-size",   "32", "--num-minibatches", "1",
                          "--update-epochs", "2",  "--threads",         "1"};
const Arguments kRun = kShort + kSmall;
const Arguments kOnCards = {"--quiet", "--device", "cuda", "--ranks-per-agent", "2"};

class CudaRankRuns : public RankRuns {
 protected:
  Result call_on_cards(int ranks, int cards, const Arguments& arguments) const {
    Launch launch = mpirun();
    launch.environment.push_back("PPO_STAND_IN_CARDS=" + std::to_string(cards));
    return run(on_ranks(ranks, arguments), launch);
  }

  /// But for checkpoints, of which a run that was resumed has another number.
  void expect_same_results(const std::string& got, const std::string& wanted) const {
    for (const char* file : {"policy.safetensors", "metrics.csv"}) {
      EXPECT_TRUE(read_file(at(got) / file) == read_file(at(wanted) / file)) << file;
    }
    EXPECT_EQ(bytes_of(got).at("agents"), bytes_of(wanted).at("agents"));
  }

  void expect_refused(int ranks, int cards, const Arguments& arguments, const std::string& why) const {
    const Result result = call_on_cards(ranks, cards, kRun + arguments + Arguments{"--out", "refused"});
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_TRUE(contains(result.err, why)) << result.err;
    EXPECT_EQ(lines(result.err).front().find("ppo_train"), 0U) << result.err;
    EXPECT_FALSE(std::filesystem::exists(at("refused")));
  }
};

TEST_F(CudaRankRuns, TrainAnAgentTogether) {
  train_on(1, "one", kRun + Arguments{"--device", "cpu"});
  const Result result = call_on_cards(2, 2, kRun + kOnCards + Arguments{"--out", "together"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  expect_same_results("together", "one");
  EXPECT_EQ(read_json(at("together") / "run.json").at("ranks_per_agent"), 2);
}

TEST_F(CudaRankRuns, GoOnWhereOthersHaveStopped) {
  train_on(1, "one", kRun + Arguments{"--device", "cpu"});
  const Result first = call_on_cards(2, 2, kShorter + kSmall + kOnCards + Arguments{"--out", "two"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const Result second = call_on_cards(3, 3,
                                      {"resume", "two", "--quiet", "--total-timesteps", "1536", "--device",
                                       "cuda", "--ranks-per-agent", "3"});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  expect_same_results("two", "one");
}

TEST_F(CudaRankRuns, DoNotShareACard) {
  expect_refused(2, 1, kOnCards, "--ranks-per-agent 2: rank 0 on ");
  expect_refused(2, 1, kOnCards, "have the same card, cuda:0 (Stand-in)");
  expect_refused(2, 2, {"--device", "cuda:1", "--ranks-per-agent", "2"},
                 "have the same card, cuda:1 (Stand-in)");
}

TEST_F(CudaRankRuns, TakeNoMoreThanACardEach) {
  expect_refused(2, 4, {"--device", "cuda:all", "--ranks-per-agent", "2"},
                 "--ranks-per-agent 2: a rank trains on one card, and of device cuda:all this one has 2");
}

// The choice between card and CPU might be another on every rank.
TEST_F(CudaRankRuns, OfDeviceAutoTrainOnTheirCpus) {
  const Result result = call_on_cards(2, 2, kShorter + Arguments{"--ranks-per-agent", "2", "--no-out"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "cpu (2 ranks, ")) << result.out;
}

}  // namespace
}  // namespace ppo::test
