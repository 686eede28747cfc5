// What checkpoints cost a run: runs with and without them in turn, each in a run folder of its own, and one
// checkpoint by its parts.
//   checkpoint_cost [ROUNDS]     default 41, of the preset cartpole-v1; prints JSON
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/config_file.hpp"
#include "run/checkpoint.hpp"
#include "run/facts.hpp"
#include "run/policy_hash.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "training/checkpoints.hpp"
#include "training/loop.hpp"
#include "training/training.hpp"

namespace ppo {
namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = "checkpoint_cost_XXXXXX";  // here: other folders may be in memory
    if (mkdtemp(pattern.data()) == nullptr) throw Failure(kRunFailed, "cannot create a folder here");
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

double seconds_of(const std::function<void()>& work) {
  const Stopwatch watch;
  work();
  return watch.seconds();
}

/// As train does it, from the first update until all is saved.
double train(const Config& config, bool with_checkpoints) {
  const TemporaryFolder place;
  const TrainRequest command{
      .config = config, .config_name = "cost", .out = place.path() / "run", .quiet = true};
  const std::unique_ptr<Engine> engine = make_engine(config);
  RunFolder folder(command);
  Outcome outcome = no_outcome_yet(config);
  Recorder recorder(config, outcome, {&folder.metrics()});
  Checkpoints checkpoints(folder, config, outcome, std::nullopt);
  std::vector<Pause*> pauses;
  if (with_checkpoints) pauses.push_back(&checkpoints);
  return seconds_of([&] {
    train_all(*engine, 0, num_updates(config.hyper), recorder, pauses);
    if (with_checkpoints) checkpoints.take_last(*engine);
    outcome.param_hashes.push_back(param_hash(engine->params(0)));
    folder.save_policy(config, *engine);
    checkpoints.wait();
    folder.finish(command, engine->info(), outcome);
    if (checkpoints.failure()) throw Failure(kRunFailed, *checkpoints.failure());
  });
}

Json quartiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](std::size_t quarter) { return values[(values.size() - 1) * quarter / 4]; };
  return {{"least", values.front()}, {"quartile", at(1)}, {"median", at(2)}, {"third_quartile", at(3)}};
}

Json whole_runs(const Config& config, int rounds) {
  std::vector<double> with, without, cost;
  for (int round = 0; round < rounds; ++round) {
    const bool first = round % 2 == 0;
    const double one = train(config, first);
    const double other = train(config, !first);
    with.push_back(first ? one : other);
    without.push_back(first ? other : one);
    cost.push_back(with.back() / without.back() - 1);
  }
  return {{"with_s", quartiles(with)}, {"without_s", quartiles(without)}, {"cost", quartiles(cost)}};
}

Json parts(const Config& config, int rounds) {
  const TemporaryFolder place;
  const std::unique_ptr<Engine> engine = make_engine(config);
  engine->run(1);
  const Outcome outcome = no_outcome_yet(config);
  const std::filesystem::path file = place.path() / "checkpoint.safetensors";
  std::string bytes;
  std::vector<double> copy, write, read;
  for (int round = 0; round < rounds; ++round) {
    SafeTensorsImage state;
    copy.push_back(seconds_of([&] { state = copy_state(config, *engine, outcome); }));
    write.push_back(seconds_of([&] { write_file(file, bytes = seal(std::move(state))); }));
    read.push_back(seconds_of([&] {
      const Checkpoint checkpoint(file, most_checkpoint_bytes(config));
      engine->load(0, checkpoint.agent(0));
    }));
  }
  return {{"bytes", bytes.size()},
          {"copy_s", quartiles(copy)},
          {"write_s", quartiles(write)},
          {"read_s", quartiles(read)}};
}

int run(int rounds) {
  Settings settings;
  apply_config("cartpole-v1", settings);
  const Config config = settings.checked();
  train(config, true);  // once, so that all is in memory
  Json json;
  json["version"] = PPO_VERSION;
  json["date"] = utc_time("%Y-%m-%dT%H:%M:%SZ");
  json["machine"] = machine();
  json["rounds"] = rounds;
  json["updates"] = num_updates(config.hyper);
  json["run"] = whole_runs(config, rounds);
  json["checkpoint"] = parts(config, rounds);
  std::printf("%s\n", json.dump(2).c_str());
  return kDone;
}

}  // namespace
}  // namespace ppo

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 41;
  if (argc > 2 || rounds < 1) {
    std::fprintf(stderr, "checkpoint_cost [ROUNDS, at least 1]\n");
    return ppo::kWrongInput;
  }
  try {
    return ppo::run(rounds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "checkpoint_cost: %s\n", error.what());
    return ppo::kRunFailed;
  }
}
