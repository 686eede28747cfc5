// The learning rate's schedule and the early end of an update by its KL divergence.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/engine_runs.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo {
namespace {

using testing::NameIt;
using testing::Outcome;

Hyper schedule_hyper() {
  return {{.total_timesteps = 10 * 512 + 500,  // ten whole updates
           .num_envs = 16,
           .num_steps = 32,
           .max_episode_steps = 20,
           .hidden_size = 16},
          {.seed = 3, .lr = 5e-3F, .update_epochs = 6}};
}

TEST(LearningRate, FallsLinearlyFromTheFullRateOverTheWholeUpdates) {
  Hyper hyper = schedule_hyper();
  ASSERT_EQ(num_updates(hyper), 10);
  EXPECT_EQ(learning_rate(hyper, hyper, 9), hyper.lr);
  hyper.anneal_lr = true;
  EXPECT_EQ(learning_rate(hyper, hyper, 0), hyper.lr);
  EXPECT_FLOAT_EQ(learning_rate(hyper, hyper, 5), hyper.lr / 2);
  EXPECT_FLOAT_EQ(learning_rate(hyper, hyper, 9), hyper.lr / 10);
}

TEST(LearningRate, IsWhatTheEngineUses) {
  Hyper annealed = schedule_hyper();
  annealed.anneal_lr = true;
  const Outcome outcome = testing::run<NameIt>(annealed, 10);
  for (const UpdateRow& row : outcome.rows) EXPECT_EQ(row.lr, learning_rate(annealed, annealed, row.update));

  // The first update runs at the full rate; later ones differ from a run that keeps it.
  Hyper constant = schedule_hyper();
  testing::expect_same(testing::run<NameIt>(annealed, 1), testing::run<NameIt>(constant, 1));
  EXPECT_FALSE(testing::same_bytes(testing::run<NameIt>(annealed, 2).params,
                                   testing::run<NameIt>(constant, 2).params));
}

// An update that is cut after e epochs is the update with e epochs, and its means are over those.
TEST(TargetKl, EndsAnUpdateAfterTheEpochThatExceedsIt) {
  std::vector<Outcome> by_epochs(1);
  std::vector<double> kl_of_epoch(1);
  double sum = 0;
  for (std::int32_t epochs = 1; epochs <= 6; ++epochs) {
    Hyper hyper = schedule_hyper();
    hyper.update_epochs = epochs;
    by_epochs.push_back(testing::run<NameIt>(hyper, 1));
    const UpdateRow& row = by_epochs.back().rows[0];
    kl_of_epoch.push_back(static_cast<double>(row.approx_kl) * epochs - sum);
    sum += kl_of_epoch.back();
    EXPECT_EQ(row.epochs, epochs);
  }
  int cut_in_the_middle = 0;
  for (const double factor : {0.03, 0.1, 0.3, 0.6, 0.9}) {
    Hyper hyper = schedule_hyper();
    hyper.target_kl = static_cast<float>(factor * *std::max_element(kl_of_epoch.begin(), kl_of_epoch.end()));
    std::size_t want = 1;
    while (want < 6 && kl_of_epoch[want] <= static_cast<double>(hyper.target_kl)) ++want;
    SCOPED_TRACE(::testing::Message() << "target " << hyper.target_kl << ", epochs " << want);
    testing::expect_same(testing::run<NameIt>(hyper, 1), by_epochs[want]);
    cut_in_the_middle += want > 1 && want < 6 ? 1 : 0;
  }
  EXPECT_GT(cut_in_the_middle, 0);
}

TEST(TargetKl, ATinyTargetLeavesOneEpochInEveryUpdate) {
  Hyper tiny = schedule_hyper();
  tiny.target_kl = 1e-30F;
  Hyper one = schedule_hyper();
  one.update_epochs = 1;
  const Outcome outcome = testing::run<NameIt>(tiny, 5);
  testing::expect_same(outcome, testing::run<NameIt>(one, 5));
  for (const UpdateRow& row : outcome.rows) EXPECT_EQ(row.epochs, 1);
}

TEST(TargetKl, AHugeTargetChangesNothing) {
  Hyper huge = schedule_hyper();
  huge.target_kl = 1e30F;
  testing::expect_same(testing::run<NameIt>(huge, 2), testing::run<NameIt>(schedule_hyper(), 2));
}

}  // namespace
}  // namespace ppo
