// The events of evaluations, byte by byte; tests/python/tensorboard_test.py reads them, and all others, with
// TensorBoard.
#include "run/tensorboard.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "formats/protobuf.hpp"
#include "read_file.hpp"
#include "temporary_folder.hpp"

namespace ppo {
namespace {

namespace fs = std::filesystem;

class TensorBoardSinkTest : public testing::Test {
 protected:
  static std::string events_in(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.is_regular_file()) return test::read_file(entry.path());
    }
    return "";
  }

  /// What an event with these two numbers says besides its time.
  static std::string evaluation(std::int64_t step, float reward, float length) {
    const auto scalar = [](const char* tag, float value) { return Message().text(1, tag).number(2, value); };
    const Message summary = Message()
                                .message(1, scalar("eval/mean_reward", reward))
                                .message(1, scalar("eval/mean_ep_length", length));
    return Message().integer(2, step).message(5, summary).bytes();
  }

  const test::TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(TensorBoardSinkTest, EvaluationsHaveTheTagsOfStableBaselines) {
  TensorBoardSink sink(folder_, Config{});
  const EvalRecord record = {
      .update = 2, .steps = 4096, .episodes = {.mean = 487.3, .mean_length = 490.5, .median_length = 500}};
  sink.evaluated({&record, 1});
  EXPECT_EQ(sink.failure(), std::nullopt);
  EXPECT_NE(events_in(folder_).find(evaluation(4096, 487.3F, 490.5F)), std::string::npos);
}

TEST_F(TensorBoardSinkTest, EvaluationsGoToTheirAgent) {
  Config config;
  config.num_seeds = 3;
  config.hyper.seed = 5;
  TensorBoardSink sink(folder_, config);
  const EvalRecord records[] = {{.agent = 0, .steps = 64, .episodes = {.mean = 1, .mean_length = 2}},
                                {.agent = 2, .steps = 64, .episodes = {.mean = 3, .mean_length = 4}}};
  sink.evaluated(records);
  const auto has = [&](const char* name, float reward, float length) {
    return events_in(folder_ / name).find(evaluation(64, reward, length)) != std::string::npos;
  };
  EXPECT_TRUE(has("seed5", 1, 2));
  EXPECT_TRUE(has("seed7", 3, 4));
  EXPECT_EQ(events_in(folder_ / "seed6").find("eval/"), std::string::npos);
  EXPECT_FALSE(events_in(folder_ / "seed6").empty());
}

}  // namespace
}  // namespace ppo
