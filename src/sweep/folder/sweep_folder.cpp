#include "sweep/folder/sweep_folder.hpp"

#include <nlohmann/json.hpp>
#include <system_error>

#include "config/config_file.hpp"
#include "config/sweep/schedule.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "config/toml_writer.hpp"
#include "run/facts.hpp"
#include "run/new_folder.hpp"
#include "sweep/folder/state_file.hpp"
#include "sweep/folder/sweep_json.hpp"
#include "sweep/folder/tables.hpp"
#include "sweep/ranking.hpp"
#include "sweep/show/progress.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"

namespace ppo {
namespace {

constexpr const char* kStateFile = "state.safetensors";
constexpr const char* kBestFile = "best.toml";

}  // namespace

SweepFolder::SweepFolder(const SweepConfig& sweep, const std::optional<std::filesystem::path>& out,
                         const std::string& name)
    : path_(create_new_folder(out, "sweeps", name, sweep.config.hyper.seed)) {
  try {
    lock_.emplace(path_);
    write(kSweepFile, to_toml(sweep));
  } catch (...) {
    lock_.reset();
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);  // if it is empty; then the name is free again
    throw;
  }
}

SweepFolder::SweepFolder(const std::filesystem::path& folder) : path_(folder) {
  lock_.emplace(path_);
  remove_leftovers(path_);
}

SweepState SweepFolder::load(const SweepConfig& sweep) const {
  const std::filesystem::path file = path_ / kStateFile;
  return std::filesystem::exists(file) ? read_state(sweep, file) : first_state(sweep);
}

void SweepFolder::save(const SweepConfig& sweep, const SweepState& state) const {
  write(kStateFile, state_file(sweep, state));
}

void SweepFolder::write_results(const SweepConfig& sweep, const SweepState& state) const {
  write("trials.csv", trials_csv(sweep, state));
  write("curves.csv", curves_csv(state));
  if (is_complete(sweep, state)) {
    const Trial& best = *ranking(sweep, state).front().trial;
    write("confirmed.csv", confirmed_csv(sweep, state));
    if (sweep.plan.copies()) write(kScheduleFile, schedule_csv(sweep, best));
    Config config = best.config;
    config.run = {};  // where it trained is no part of what was found
    write(kBestFile, to_toml(config));
  }
  write("sweep.json", sweep_json(sweep, state));
}

void SweepFolder::finish(const SweepState& state, const std::optional<EngineInfo>& engine) const {
  Json facts = {{"version", PPO_VERSION},
                {"finished", utc_time("%Y-%m-%dT%H:%M:%SZ")},
                {"seconds", state.seconds},
                {"steps", steps_done(state)}};
  if (engine) facts.update(engine_json(*engine));
  facts["machine"] = machine();
  write("facts.json", facts.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
  remove_file(path_ / kStateFile);
}

void SweepFolder::write(const char* name, const std::string& content) const {
  if (!lock_->is_on(path_)) {
    throw Failure(kRunFailed, path_.native() + " was moved or removed during the sweep");
  }
  write_file(path_ / name, content);
}

bool has_ended(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / kBestFile) && !std::filesystem::exists(folder / kStateFile);
}

}  // namespace ppo
