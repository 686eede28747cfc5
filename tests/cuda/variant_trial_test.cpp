// What ppo_bench --variant measures, on the stand-in: whose steps/s mean nothing, and whose bits do.
#include "bench/ppo_bench/lab.hpp"
#include "cuda/stand_in_runs.hpp"
#include "kernels/variants.hpp"
#include "run/policy_hash.hpp"

namespace ppo::test {
namespace {

using CudaVariantTrial = OnStandIn;

TEST_F(CudaVariantTrial, EndsWithTheHashesOfTheCpu) {
  bench::Options options{.plan = {.config = short_run(), .rounds = 2, .seconds = 1e-3}};
  Config& config = options.plan.config;
  config.hyper.anneal_lr = false;
  config.hyper.total_timesteps = 2 * batch_size(config.hyper);
  config.run.blocks_per_agent = 2;
  config.num_seeds = 2;
  options.variants = kPollWithPause;
  options.variant_names = "poll_with_pause";
  const bench::VariantTrial trial = measure_variant(options);

  std::vector<std::string> hashes;
  for (const testing::Outcome& outcome : expected(config, num_updates(config.hyper))) {
    hashes.push_back(param_hash(outcome.params));
  }
  EXPECT_EQ(trial.usual_hashes, hashes);
  EXPECT_EQ(trial.hashes, hashes);
  EXPECT_EQ(trial.usual_sps.size(), 2U);
  EXPECT_EQ(trial.sps.size(), 2U);
  EXPECT_EQ(stand_in::launched_variants(), kPollWithPause);  // the last of all
  EXPECT_GT(stand_in::least_patience(), 0U);                 // a variant that hangs is an error
  const Json json = to_json(options.plan, trial);
  EXPECT_EQ(json.at("same_bits"), true);
  EXPECT_EQ(json.at("hashes"), hashes);
  EXPECT_GT(json.at("ratio"), 0);
  EXPECT_TRUE(contains(table(trial), "the same bits"));
}

TEST_F(CudaVariantTrial, SaysThatBitsDiffer) {
  const bench::VariantTrial trial{
      .names = "wrong", .usual_sps = {1}, .sps = {2}, .usual_hashes = {"1", "2"}, .hashes = {"1", "3"}};
  EXPECT_EQ(to_json(bench::Plan{.config = short_run()}, trial).at("same_bits"), false);
  EXPECT_TRUE(contains(table(trial), "OTHER BITS"));
}

}  // namespace
}  // namespace ppo::test
