// Who is asked when: the engine is never left without work, nor asked for what it has not got.
#include "training/loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "training/training.hpp"

namespace ppo::test {
namespace {

/// Hands over empty rows and keeps to what Engine asks of its callers.
class Rows : public Engine {
 public:
  Rows(int depth, std::int64_t batch) : depth_(depth), batch_(batch) {}

  void start(std::int64_t updates) override {
    ASSERT_GE(updates, 1);
    ASSERT_LT(queue_.size(), static_cast<std::size_t>(depth_));
    queue_.push_back(updates);
  }
  std::span<const UpdateRow> collect() override {
    if (queue_.empty()) throw std::logic_error("nothing is queued");
    rows_.assign(static_cast<std::size_t>(queue_.front()), UpdateRow{});
    queue_.erase(queue_.begin());
    return rows_;
  }
  std::int64_t batch() const override { return batch_; }
  int depth() const override { return depth_; }
  std::span<const float> params(std::int64_t) const override {
    EXPECT_TRUE(queue_.empty());
    return {};
  }
  Hyper hyper(std::int64_t) const override { return {}; }
  std::uint64_t trace_hash(std::int64_t) const override { return 0; }
  AgentState save(std::int64_t) const override { return {find_environment("cartpole")->info(), {}}; }
  void load(std::int64_t, const AgentState&) override {}
  void tune(std::int64_t, const Tuning&) override {}
  void retire(std::int64_t) override {}
  Profile profile() const override { return {}; }
  const EngineInfo& info() const override { return info_; }

  bool is_empty() const { return queue_.empty(); }

 private:
  int depth_;
  std::int64_t batch_;
  std::vector<std::int64_t> queue_;
  std::vector<UpdateRow> rows_;
  EngineInfo info_;
};

/// Falls due by the clock, so that two questions in a row may have different answers.
class AtAnyMoment : public Pause {
 public:
  AtAnyMoment(const Rows& engine, unsigned seed, unsigned one_in)
      : engine_(engine), random_(seed), one_in_(one_in) {}

  std::int64_t next(std::int64_t now) const override {
    due_ = due_ || (now > taken_at_ && random_() % one_in_ == 0);
    return due_ ? now : kNever;
  }
  void take(Engine&, std::int64_t update) override {
    EXPECT_TRUE(engine_.is_empty());
    EXPECT_GT(update, taken_at_);
    taken_at_ = update;
    due_ = false;
    ++taken_;
  }
  int taken() const { return taken_; }

 private:
  const Rows& engine_;
  mutable std::mt19937 random_;
  unsigned one_in_;
  mutable bool due_ = false;
  std::int64_t taken_at_ = -1;
  int taken_ = 0;
};

TEST(TrainingLoop, StandsStillForPausesThatFallDueAtAnyMoment) {
  const Config config;
  for (const auto& [depth, batch] : {std::pair{1, 1}, std::pair{2, 3}, std::pair{3, 64}}) {
    int taken = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
      Rows engine(depth, batch);
      Outcome outcome = no_outcome_yet(config);
      Recorder recorder(config, outcome, {});
      AtAnyMoment often(engine, seed, 2);
      AtAnyMoment seldom(engine, seed + 1000, 20);
      const std::vector<Pause*> pauses = {&often, &seldom};
      train_all(engine, 5, 100, recorder, pauses);
      EXPECT_EQ(outcome.updates, 95) << "depth " << depth << ", seed " << seed;
      EXPECT_TRUE(engine.is_empty());
      taken += seldom.taken();
    }
    EXPECT_GT(taken, 0);
  }
}

/// Leaves something to another thread after every update.
class LeavesWork : public Pause {
 public:
  std::int64_t next(std::int64_t now) const override { return std::max(now, taken_at_ + 1); }
  void take(Engine&, std::int64_t update) override {
    taken_at_ = update;
    is_left = true;
  }
  void settle() override {
    is_left = false;
    ++settled;
  }
  bool is_left = false;
  int settled = 0;

 private:
  std::int64_t taken_at_ = -1;
};

/// Comes before one update, and finds nothing left.
class Once : public Pause {
 public:
  Once(std::int64_t update, const LeavesWork& other) : update_(update), other_(other) {}
  std::int64_t next(std::int64_t) const override { return is_taken_ ? kNever : update_; }
  void take(Engine&, std::int64_t) override {
    EXPECT_FALSE(other_.is_left);
    is_taken_ = true;
  }
  bool is_taken() const { return is_taken_; }

 private:
  std::int64_t update_;
  const LeavesWork& other_;
  bool is_taken_ = false;
};

TEST(TrainingLoop, EndsWhatAPauseHasLeftOnlyWhereAnotherComes) {
  const Config config;
  Rows engine(1, 1);
  Outcome outcome = no_outcome_yet(config);
  Recorder recorder(config, outcome, {});
  LeavesWork work;
  Once once(5, work);
  const std::vector<Pause*> pauses = {&once, &work};
  train_all(engine, 0, 10, recorder, pauses);
  EXPECT_TRUE(once.is_taken());
  EXPECT_TRUE(work.is_left);
  EXPECT_EQ(work.settled, 1);
}

}  // namespace
}  // namespace ppo::test
