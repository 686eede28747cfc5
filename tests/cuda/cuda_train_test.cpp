// The train verb on the CUDA engine: what it keeps and how it ends is as with the CPU engine, although
// several updates are under way when a run is to stop.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands/resume.hpp"
#include "commands/train.hpp"
#include "config/config_file.hpp"
#include "cuda/stand_in_runs.hpp"
#include "read_file.hpp"
#include "run/policy_hash.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// Runs `train` on either engine, each in a folder of its own.
class CudaTrain : public OnStandIn {
 protected:
  TrainRequest command(const std::string& device, const Config& config) const {
    TrainRequest command{.config = config, .config_name = "test", .out = folder_ / device, .quiet = true};
    command.config.run.device = device;
    return command;
  }

  /// Exit code, by whichever way it comes.
  int train(const std::string& device, const Config& config) const {
    try {
      return run_train(command(device, config));
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.exit_code, kDiverged) << failure.what();
      return failure.exit_code;
    }
  }

  nlohmann::json summary(const std::string& device) const {
    return nlohmann::json::parse(read_file(folder_ / device / "run.json"));
  }

  /// Lines of metrics.csv without the names of its columns: -1 before there are any.
  std::int64_t updates_on_record(const std::string& device) const {
    const std::string metrics = read_file(folder_ / device / "metrics.csv");
    return std::count(metrics.begin(), metrics.end(), '\n') - 1;
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(CudaTrain, KeepsTheBytesOfTheCpuEngine) {
  Config config = short_run();
  config.num_seeds = 2;
  config.run.blocks_per_agent = 2;
  config.run.updates_per_launch = 3;  // of 8
  EXPECT_EQ(train("cuda", config), kDone);
  EXPECT_EQ(train("cpu", config), kDone);
  for (const char* file : {"metrics.csv", "policy.safetensors"}) {
    EXPECT_EQ(read_file(folder_ / "cuda" / file), read_file(folder_ / "cpu" / file)) << file;
  }
  const auto json = summary("cuda");
  EXPECT_EQ(json.at("device"), "cuda:0");
  EXPECT_EQ(json.at("gpu"), "Stand-in");
  EXPECT_EQ(json.at("num_teams"), 2);
  EXPECT_EQ(json.at("blocks_per_agent"), 2);
  EXPECT_EQ(json.at("updates_per_launch"), 3);
  EXPECT_EQ(json.at("updates"), summary("cpu").at("updates"));
  EXPECT_EQ(json.at("agents"), summary("cpu").at("agents"));
  EXPECT_FALSE(json.contains("threads"));
}

TEST_F(CudaTrain, EvaluatesAndStopsAsTheCpuEngine) {
  Config config = short_run();
  config.num_seeds = 2;
  config.hyper.total_timesteps *= 2;  // 16 updates, or no 100 episodes end
  config.run.updates_per_launch = 3;
  const EvaluationPlan plans[] = {
      {.eval_every = 5, .eval_episodes = 3},
      {.eval_every = 2, .eval_episodes = 3, .eval_greedy = false, .stop_at_return = 3.9F},
      {.stop_at_return = 4, .stop_on = "return_100"},
      {.eval_every = 3, .eval_episodes = 3, .stop_at_return = 4, .stop_on = "return_100"}};
  for (const EvaluationPlan& plan : plans) {
    SCOPED_TRACE(&plan - plans);
    config.evaluation = plan;
    for (const char* device : {"cuda", "cpu"}) {
      fs::remove_all(folder_ / device);
      EXPECT_EQ(train(device, config), kDone);
    }
    for (const char* file : {"metrics.csv", "evals.csv", "policy.safetensors", "best.safetensors"}) {
      EXPECT_EQ(fs::exists(folder_ / "cpu" / file), plan.evaluates() || file[0] == 'm' || file[0] == 'p');
      EXPECT_EQ(read_file(folder_ / "cuda" / file), read_file(folder_ / "cpu" / file)) << file;
    }
    for (const char* key : {"agents", "updates", "steps"}) {
      EXPECT_EQ(summary("cuda").at(key), summary("cpu").at(key));
    }
    EXPECT_EQ(summary("cpu").at("updates") < 16, plan.stops());
  }
}

TEST_F(CudaTrain, StandsStillForTheMomentsOfTheTrainingFilm) {
  Config config = short_run();
  config.run.updates_per_launch = 3;  // of 8; the moments are before updates 0, 1 and 2, and the end
  for (const char* device : {"cuda", "cpu"}) {
    TrainRequest filmed = command(device, config);
    filmed.extras.training_film = fs::path();
    EXPECT_EQ(run_train(filmed), kDone);
  }
  for (const char* file : {"training.gif", "metrics.csv", "policy.safetensors"}) {
    EXPECT_EQ(read_file(folder_ / "cuda" / file), read_file(folder_ / "cpu" / file)) << file;
  }
  EXPECT_FALSE(read_file(folder_ / "cuda" / "training.gif").empty());
}

TEST_F(CudaTrain, ARunGoesOnOnTheOtherEngine) {
  Config config = short_run();
  config.hyper.anneal_lr = false;
  config.num_seeds = 2;
  config.run.updates_per_launch = 2;
  config.run.checkpoint_every = 3;
  config.run.keep = 9;
  for (const char* device : {"cuda", "cpu"}) EXPECT_EQ(train(device, config), kDone);
  const std::string metrics = read_file(folder_ / "cpu" / "metrics.csv");
  const std::string policy = read_file(folder_ / "cpu" / "policy.safetensors");
  for (const auto& [run, device] : {std::pair{"cuda", "cpu"}, {"cpu", "cuda"}, {"cuda", "cuda"}}) {
    for (const char* file : {"0000000003.safetensors", "0000000006.safetensors"}) {
      SCOPED_TRACE(::testing::Message() << file << " of " << run << " on " << device);
      ResumeCommand resume{.train = command(run, config),
                           .saved = load_config(folder_ / run / "config.toml"),
                           .checkpoint = {}};
      resume.train.config.run.device = device;
      resume.checkpoint = folder_ / run / "checkpoints" / file;
      EXPECT_EQ(run_resume(resume), kDone);
      EXPECT_EQ(read_file(folder_ / run / "metrics.csv"), metrics);
      EXPECT_EQ(read_file(folder_ / run / "policy.safetensors"), policy);
    }
  }
}

TEST_F(CudaTrain, DropsWhatRanBehindAnUpdateThatDiverged) {
  Config config = short_run();
  config.hyper.lr = 1;
  config.hyper.max_grad_norm = 1e30F;
  config.hyper.vf_coef = 1e30F;
  config.run.updates_per_launch = 2;
  EXPECT_EQ(train("cuda", config), kDiverged);
  EXPECT_EQ(train("cpu", config), kDiverged);
  EXPECT_EQ(read_file(folder_ / "cuda" / "metrics.csv"), read_file(folder_ / "cpu" / "metrics.csv"));
  EXPECT_EQ(summary("cuda").at("updates"), summary("cpu").at("updates"));
  EXPECT_LT(summary("cuda").at("updates"), 8);
  // Updates behind the last on record have changed the parameters.
  EXPECT_TRUE(summary("cuda").at("agents").at(0).at("param_hash").is_null());
  EXPECT_EQ(summary("cuda").at("agents"), summary("cpu").at("agents"));
  EXPECT_FALSE(fs::exists(folder_ / "cuda" / "policy.safetensors"));
}

TEST_F(CudaTrain, ASignalEndsItWithEverythingThatRanOnRecord) {
  Config config = short_run();
  config.hyper.total_timesteps = 1'000'000'000;
  config.run.updates_per_launch = 2;
  std::thread sender([&] {
    const auto start = std::chrono::steady_clock::now();
    while (updates_on_record("cuda") < 1 &&
           std::chrono::steady_clock::now() - start < std::chrono::minutes(5)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    kill(getpid(), SIGINT);
  });
  EXPECT_EQ(train("cuda", config), 128 + SIGINT);
  sender.join();
  const auto json = summary("cuda");
  EXPECT_EQ(json.at("stopped_by"), "SIGINT");
  const std::int64_t updates = json.at("updates");
  EXPECT_GT(updates, 0);
  EXPECT_EQ(updates_on_record("cuda"), updates);
  // The parameters are those after the last update on record.
  EXPECT_EQ(json.at("agents").at(0).at("param_hash"), param_hash(expected(config, updates)[0].params));
}

}  // namespace
}  // namespace ppo::test
