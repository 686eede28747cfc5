// The lines that a run prints on a pipe while it is evaluated. tests/cli/training_view_test.cpp looks at a
// terminal.
#include "training/view.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ppo {
namespace {

TrainRequest request_of(std::int64_t num_seeds) {
  TrainRequest request;
  Config& config = request.config;
  config.num_seeds = num_seeds;
  config.evaluation.eval_every = 2;
  config.run.log_every = 1;
  return request;
}

Record record(std::int64_t agent, std::int64_t update, double return_mean) {
  Record record;
  record.agent = agent;
  record.row.update = update;
  record.return_mean = return_mean;
  return record;
}

EvalRecord evaluation(std::int64_t agent, double mean) {
  return {.agent = agent, .update = 2, .steps = 1, .episodes = {.mean = mean}};
}

class TrainingViewLine : public testing::Test {
 protected:
  /// What is printed of the update, up to the rate.
  static std::string line_of(TrainingView& view, const std::vector<Record>& agents) {
    testing::internal::CaptureStdout();
    view.update(agents, {.wall_s = 1, .steps_per_s = 2});
    const std::string line = testing::internal::GetCapturedStdout();
    return line.substr(0, line.find(" | SPS"));
  }
};

TEST_F(TrainingViewLine, HasTheLatestEvaluation) {
  TrainingView view(request_of(1));
  EXPECT_EQ(line_of(view, {record(0, 0, 21)}), "Update 0: Return 21.00 | Eval -");
  view.evaluated(std::vector{evaluation(0, 487.3)});
  EXPECT_EQ(line_of(view, {record(0, 2, 22)}), "Update 2: Return 22.00 | Eval 487.30");
  EXPECT_EQ(line_of(view, {record(0, 3, 23)}), "Update 3: Return 23.00 | Eval 487.30");
  view.evaluated(std::vector{evaluation(0, 490)});
  EXPECT_EQ(line_of(view, {record(0, 4, 24)}), "Update 4: Return 24.00 | Eval 490.00");
  view.evaluated(std::vector{evaluation(0, std::numeric_limits<double>::infinity())});
  EXPECT_EQ(line_of(view, {record(0, 5, 24)}), "Update 5: Return 24.00 | Eval -");
}

TEST_F(TrainingViewLine, IsWithoutEvaluationsAsItWas) {
  TrainRequest request = request_of(1);
  request.config.evaluation.eval_every = 0;
  TrainingView view(request);
  EXPECT_EQ(line_of(view, {record(0, 0, 21)}), "Update 0: Return 21.00");
}

TEST_F(TrainingViewLine, OfSeveralAgentsCountsThoseThatHaveStopped) {
  TrainRequest request = request_of(3);
  request.config.evaluation.stop_at_return = 475;
  TrainingView view(request);
  const std::vector<Record> all = {record(0, 1, 10), record(1, 1, 20), record(2, 1, 30)};
  EXPECT_EQ(line_of(view, all), "Update 1: Return 20.00 (10.00 ... 30.00) | Eval - | Stopped 0 of 3");
  view.evaluated(std::vector{evaluation(0, 100), evaluation(1, 480), evaluation(2, 200)});
  EXPECT_EQ(line_of(view, {record(0, 2, 12), record(2, 2, 32)}),
            "Update 2: Return 22.00 (12.00 ... 32.00) | Eval 200.00 (100.00 ... 480.00) | Stopped 1 of 3");
  view.evaluated(std::vector{evaluation(0, 300), evaluation(2, 476)});
  EXPECT_EQ(line_of(view, {record(0, 4, 14)}),
            "Update 4: Return 14.00 (14.00 ... 14.00) | Eval 476.00 (300.00 ... 480.00) | Stopped 2 of 3");
}

TEST_F(TrainingViewLine, IsNotThereWhenQuiet) {
  TrainRequest request = request_of(1);
  request.quiet = true;
  TrainingView view(request);
  view.evaluated(std::vector{evaluation(0, 487.3)});
  EXPECT_EQ(line_of(view, {record(0, 0, 21)}), "");
}

}  // namespace
}  // namespace ppo
