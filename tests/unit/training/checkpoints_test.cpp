// When checkpoints are saved, which are kept, and what becomes of a run that cannot save one.
#include "training/checkpoints.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/cpu/cpu_engine.hpp"
#include "run/checkpoint.hpp"
#include "run/checkpoint_files.hpp"
#include "temporary_folder.hpp"
#include "training/recorder.hpp"
#include "training/training.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// A run of 24 steps per update in a folder of its own.
class CheckpointsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    command_.out = base_.path() / "run";
    Hyper& hyper = command_.config.hyper;
    hyper.num_envs = 3;
    hyper.num_steps = 8;
    hyper.total_timesteps = 24 * 100;
    engine_.emplace(*find_environment("cartpole")->portable, population_of(hyper, 1),
                    EngineInfo{"cpu", "test", 1}, Instruments{});
    outcome_ = no_outcome_yet(command_.config);
    folder_.emplace(command_);
  }

  void train(std::int64_t updates) {
    Recorder(command_.config, outcome_, {&folder_->metrics()}).add(engine_->run(updates));
  }

  std::vector<std::int64_t> saved() const {
    std::vector<std::int64_t> updates;
    for (const CheckpointFile& file : list_checkpoints(*command_.out)) {
      EXPECT_EQ(Checkpoint(file.path, 1 << 20).update(), file.update);
      updates.push_back(file.update);
    }
    return updates;
  }

  const TemporaryFolder base_;
  TrainRequest command_;
  std::optional<CpuEngine> engine_;
  Outcome outcome_;
  std::optional<RunFolder> folder_;
};

using Updates = std::vector<std::int64_t>;

TEST_F(CheckpointsTest, AreSavedFirstAndThenEverySoManyUpdates) {
  command_.config.run.checkpoint_every = 4;
  Checkpoints fresh(*folder_, command_.config, outcome_, std::nullopt);
  EXPECT_EQ(fresh.next(0), 0);
  fresh.take(*engine_, 0);
  for (const std::int64_t now : {0, 1, 3, 4}) EXPECT_EQ(fresh.next(now), 4) << now;
  const Checkpoints resumed(*folder_, command_.config, outcome_, 6);
  for (const std::int64_t now : {6, 7, 8}) EXPECT_EQ(resumed.next(now), 8) << now;
  EXPECT_EQ(resumed.next(9), 12);
  command_.config.run.checkpoint_every = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(resumed.next(9), command_.config.run.checkpoint_every);
  command_.config.run.checkpoint_every = 0;
  EXPECT_EQ(resumed.next(9), Pause::kNever);
}

TEST_F(CheckpointsTest, AreSavedWhenTheirTimeHasPassed) {
  Checkpoints checkpoints(*folder_, command_.config, outcome_, std::nullopt, 0);
  checkpoints.take(*engine_, 0);
  EXPECT_EQ(checkpoints.next(0), Pause::kNever);  // nothing new
  EXPECT_EQ(checkpoints.next(1), 1);
  const Checkpoints later(*folder_, command_.config, outcome_, 0, 1000);
  EXPECT_EQ(later.next(1), Pause::kNever);
}

TEST_F(CheckpointsTest, OnlyTheNewestAreKept) {
  command_.config.run.keep = 2;
  Checkpoints checkpoints(*folder_, command_.config, outcome_, std::nullopt, 0);
  checkpoints.take(*engine_, 0);
  for (int i = 1; i <= 5; ++i) {
    train(1);
    checkpoints.take(*engine_, outcome_.updates);
  }
  train(3);
  checkpoints.take_last(*engine_);
  checkpoints.wait();
  checkpoints.take_last(*engine_);
  checkpoints.wait();  // which is saved already
  EXPECT_EQ(saved(), (Updates{5, 8}));
  EXPECT_EQ(checkpoints.failure(), std::nullopt);
}

TEST_F(CheckpointsTest, ThatCannotBeWrittenAreToldUntilOneCan) {
  const fs::path place = checkpoint_folder(*command_.out);
  Checkpoints checkpoints(*folder_, command_.config, outcome_, std::nullopt);
  checkpoints.take(*engine_, 0);
  checkpoints.take_last(*engine_);
  checkpoints.wait();
  fs::rename(place, base_.path() / "elsewhere");
  std::ofstream(place) << "no folder";
  train(1);
  checkpoints.take_last(*engine_);
  checkpoints.wait();
  ASSERT_TRUE(checkpoints.failure());
  EXPECT_NE(checkpoints.failure()->find("checkpoints"), std::string::npos) << *checkpoints.failure();
  fs::remove(place);
  fs::rename(base_.path() / "elsewhere", place);
  train(1);
  checkpoints.take_last(*engine_);
  checkpoints.wait();
  EXPECT_EQ(checkpoints.failure(), std::nullopt);
  EXPECT_EQ(saved(), (Updates{0, 2}));
}

TEST_F(CheckpointsTest, AnotherNameIsNoCheckpoint) {
  const fs::path place = checkpoint_folder(*command_.out);
  for (const char* name :
       {"1.safetensors", "0000000001.safetensors.9.ppo_tmp", "000000000x.safetensors",
        "00000000001.safetensors", "-000000001.safetensors", "0x00000001.safetensors", "0000000002.json"}) {
    fs::create_directory(place / name);
  }
  EXPECT_EQ(saved(), Updates{});
}

}  // namespace
}  // namespace ppo::test
