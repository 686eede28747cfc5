#include "run/run_folder.hpp"

#include <nlohmann/json.hpp>
#include <system_error>

#include "config/toml_writer.hpp"
#include "run/checkpoint_files.hpp"
#include "run/facts.hpp"
#include "run/new_folder.hpp"
#include "run/policy.hpp"
#include "run/policy_hash.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

void remove_if_empty(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::remove(folder, ignored);
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Its best evaluation; null while there is none.
Json best_json(const std::optional<BestPolicy>& best, std::int64_t batch) {
  if (!best) {
    return {{"best_update", nullptr},
            {"best_steps", nullptr},
            {"best_return_mean", nullptr},
            {"best_return_std", nullptr},
            {"best_policy_hash", nullptr}};
  }
  return {{"best_update", best->score.update},
          {"best_steps", best->score.update * batch},
          {"best_return_mean", best->score.return_mean},
          {"best_return_std", best->score.return_std},
          {"best_policy_hash", policy_hash({&best->policy, 1})}};
}

Json agents_json(const Config& config, const Outcome& outcome) {
  Json agents = Json::array();
  for (std::size_t k = 0; k < outcome.agents.size(); ++k) {
    const AgentProgress& agent = outcome.agents[k];
    Json json = {{"agent", k},
                 {"seed", agent.last().seed},
                 {"return_100", or_null(agent.last().return_100)},
                 {"solved_at_step", or_null(agent.solved_at_step())},
                 {"param_hash", outcome.diverged() ? Json(nullptr) : Json(outcome.param_hashes[k])}};
    if (!outcome.policy_hashes.empty()) json["policy_hash"] = outcome.policy_hashes[k];
    if (config.evaluation.evaluates()) {
      json.update(best_json(outcome.best[k], batch_size(config.hyper)));
    }
    if (config.evaluation.stops()) json["stopped_at_update"] = or_null(agent.stopped_at());
    agents.push_back(std::move(json));
  }
  return agents;
}

Json run_json(const TrainRequest& request, const EngineInfo& engine, const Outcome& outcome) {
  Json json;
  json["version"] = PPO_VERSION;
  json["numerics_version"] = kNumericsVersion;
  json["command_line"] = request.arguments;
  json["finished"] = utc_time("%Y-%m-%dT%H:%M:%SZ");
  json["stopped_by"] = or_null(outcome.stopped_by);
  if (request.config.evaluation.stops()) json["all_stopped_at_return"] = outcome.all_stopped();
  json["updates"] = outcome.updates;
  json["steps"] = outcome.steps;
  json["wall_s"] = outcome.wall_s;
  json["sps"] =
      outcome.wall_s > 0 ? Json(static_cast<double>(outcome.steps) / outcome.wall_s) : Json(nullptr);
  json["agents"] = agents_json(request.config, outcome);
  json.update(engine_json(engine));
  json["machine"] = machine();
  json["config"] = config_json(request.config);
  return json;
}

}  // namespace

RunFolder::RunFolder(const TrainRequest& request)
    : path_(create_new_folder(request.out, "runs", request.config_name, request.config.hyper.seed)) {
  try {
    lock_.emplace(path_);
    create_folder(checkpoint_folder(path_));
    // From the config on a killed run can be resumed.
    if (request.schedule) write_file(path_ / kScheduleFile, request.schedule->text);
    write_file(path_ / "config.toml", to_toml(request.config));
  } catch (...) {
    lock_.reset();
    std::error_code ignored;
    std::filesystem::remove(path_ / kScheduleFile, ignored);
    remove_if_empty(checkpoint_folder(path_));
    remove_if_empty(path_);  // the name is free again
    throw;
  }
  csv_.emplace(path_, request.config.evaluation.evaluates());
}

RunFolder::RunFolder(FolderLock lock, const Resumption& resumption)
    : path_(resumption.folder), lock_(std::move(lock)) {
  const Config& config = resumption.saved;
  std::optional<CsvSizes> kept;
  if (resumption.update > 0) {
    RunExtent extent = extent_of(config);
    extent.ends = ends_of(resumption.stopped_at, extent.num_updates);
    kept = csv_sizes(path_, extent, resumption.update, resumption.evaluated_at);
  }
  check_place();  // reading may have taken long
  // First what is new, so that whatever fails leaves what was there.
  create_folder(checkpoint_folder(path_));
  if (to_toml(resumption.kept) != to_toml(config))
    write_file(path_ / "config.toml", to_toml(resumption.kept));
  if (!resumption.checkpoint.empty()) {
    write_file(checkpoint_path(path_, resumption.update), resumption.checkpoint);
  }
  if (!resumption.best.empty()) write_file(best_path(), resumption.best);
  drop_checkpoints_behind(path_, resumption.update);
  remove_file(path_ / "run.json");  // what it says of the end is not so any more
  if (resumption.best.empty()) remove_file(best_path());
  if (kept) {
    csv_.emplace(path_, *kept);
    return;
  }
  for (const char* file : {"metrics.csv", "timing.csv", "evals.csv"}) remove_file(path_ / file);
  csv_.emplace(path_, config.evaluation.evaluates());
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
  const auto policy_of = [&](std::int64_t k) { return engine.policy(k); };
  write_file(path_ / kPolicyFile, policy_file(config, policy_of));
}

void RunFolder::save_best(std::string_view bytes) const {
  check_place();
  write_file(best_path(), bytes);
}

std::filesystem::path RunFolder::best_path() const {
  return path_ / kBestFile;
}

void RunFolder::finish(const TrainRequest& request, const EngineInfo& engine, const Outcome& outcome) const {
  check_place();
  // A request line can hold any bytes; JSON cannot.
  write_file(path_ / "run.json",
             run_json(request, engine, outcome).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace ppo
