#include "run/run_folder.hpp"

#include <nlohmann/json.hpp>
#include <system_error>

#include "config/toml_writer.hpp"
#include "run/checkpoint_files.hpp"
#include "run/facts.hpp"
#include "run/policy.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// Two runs that start within a second get -2, -3, ...
std::filesystem::path create_numbered(const std::string& name) {
  const std::filesystem::path parent = "runs";
  for (int number = 1;; ++number) {
    std::filesystem::path folder = parent / (number == 1 ? name : name + '-' + std::to_string(number));
    if (create_folder(folder)) return folder;
  }
}

std::filesystem::path create(const TrainRequest& request) {
  if (!request.out) {
    return create_numbered(file_name(request.config_name) + "-s" + std::to_string(request.config.hyper.seed) +
                           '-' + utc_time("%Y%m%d-%H%M%S"));
  }
  if (!create_folder(*request.out)) {
    throw Failure(kWrongInput, "--out: " + quote(request.out->native()) +
                                   " already exists; write the name of a new folder");
  }
  return *request.out;
}

void remove_if_empty(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::remove(folder, ignored);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json agents_json(const Outcome& outcome) {
  Json agents = Json::array();
  for (std::size_t k = 0; k < outcome.agents.size(); ++k) {
    const AgentProgress& agent = outcome.agents[k];
    agents.push_back({{"agent", k},
                      {"seed", agent.last().seed},
                      {"return_100", or_null(agent.last().return_100)},
                      {"solved_at_step", or_null(agent.solved_at_step())},
                      {"param_hash", outcome.diverged() ? Json(nullptr) : Json(outcome.param_hashes[k])}});
    if (!outcome.policy_hashes.empty()) agents.back()["policy_hash"] = outcome.policy_hashes[k];
  }
  return agents;
}

Json engine_json(const EngineInfo& engine) {
  if (engine.gpu.empty()) {
    return {{"device", engine.device}, {"simd", engine.simd}, {"threads", engine.threads}};
  }
  return {{"device", engine.device},
          {"gpu", engine.gpu},
          {"num_teams", engine.num_teams},
          {"blocks_per_agent", engine.blocks_per_agent},
          {"updates_per_launch", engine.updates_per_launch}};
}

Json run_json(const TrainRequest& request, const EngineInfo& engine, const Outcome& outcome) {
  Json json;
  json["version"] = PPO_VERSION;
  json["numerics_version"] = kNumericsVersion;
  json["command_line"] = request.arguments;
  json["finished"] = utc_time("%Y-%m-%dT%H:%M:%SZ");
  json["stopped_by"] = or_null(outcome.stopped_by);
  json["updates"] = outcome.updates;
  json["steps"] = outcome.steps;
  json["wall_s"] = outcome.wall_s;
  json["sps"] =
      outcome.wall_s > 0 ? Json(static_cast<double>(outcome.steps) / outcome.wall_s) : Json(nullptr);
  json["agents"] = agents_json(outcome);
  json.update(engine_json(engine));
  json["machine"] = machine();
  json["config"] = config_json(request.config);
  return json;
}

}  // namespace

RunFolder::RunFolder(const TrainRequest& request) : path_(create(request)) {
  try {
    lock_.emplace(path_);
    create_folder(checkpoint_folder(path_));
    // From the config on a killed run can be resumed.
    write_file(path_ / "config.toml", to_toml(request.config));
  } catch (...) {
    lock_.reset();
    remove_if_empty(checkpoint_folder(path_));
    remove_if_empty(path_);  // the name is free again
    throw;
  }
  csv_.emplace(path_);
}

RunFolder::RunFolder(FolderLock lock, const Resumption& resumption)
    : path_(resumption.folder), lock_(std::move(lock)) {
  const Config& config = resumption.saved;
  std::optional<CsvSizes> kept;
  if (resumption.update > 0) kept = csv_sizes(path_, extent_of(config), resumption.update);
  check_place();  // reading may have taken long
  // First what is new, so that whatever fails leaves what was there.
  create_folder(checkpoint_folder(path_));
  if (to_toml(resumption.kept) != to_toml(config))
    write_file(path_ / "config.toml", to_toml(resumption.kept));
  if (!resumption.checkpoint.empty()) {
    write_file(checkpoint_path(path_, resumption.update), resumption.checkpoint);
  }
  drop_checkpoints_behind(path_, resumption.update);
  remove_file(path_ / "run.json");  // what it says of the end is not so any more
  if (kept) {
    csv_.emplace(path_, *kept);
    return;
  }
  remove_file(path_ / "metrics.csv");
  remove_file(path_ / "timing.csv");
  csv_.emplace(path_);
}

void RunFolder::check_place() const {
  if (lock_->is_on(path_)) return;
  std::error_code error;
  if (std::filesystem::status(path_, error).type() == std::filesystem::file_type::none) {
    throw Failure(kRunFailed, "cannot access " + printable(path_.native()) + ": " + error.message());
  }
  throw Failure(kRunFailed, printable(path_.native()) + " was moved or removed during training");
}

bool RunFolder::holds_checkpoint(std::int64_t update) const {
  std::error_code error;
  return lock_->is_on(path_) && std::filesystem::exists(checkpoint_path(path_, update), error);
}

void RunFolder::save_checkpoint(std::int64_t update, std::string_view bytes) {
  check_place();
  const bool is_new = create_folder(checkpoint_folder(path_));  // somebody may have tidied it away
  if (is_new || !names_are_synced_) {
    sync_folder(path_);
    sync_name(path_);
    names_are_synced_ = true;
  }
  if (update > 0) csv_->sync();  // the first one stands on no rows
  write_file(checkpoint_path(path_, update), bytes);
}

void RunFolder::save_policy(const Config& config, const Engine& engine) const {
  check_place();
  const auto policy_of = [&](std::int64_t k) { return engine.policy(config.hyper, k); };
  write_file(path_ / "policy.safetensors", policy_file(config, policy_of));
}

void RunFolder::finish(const TrainRequest& request, const EngineInfo& engine, const Outcome& outcome) const {
  check_place();
  // A request line can hold any bytes; JSON cannot.
  write_file(path_ / "run.json",
             run_json(request, engine, outcome).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ppo
