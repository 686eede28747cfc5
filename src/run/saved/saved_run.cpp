#include "run/saved/saved_run.hpp"

#include "config/config_file.hpp"
#include "run/saved/run_place.hpp"
#include "system/errors.hpp"

namespace ppo {

SavedRun open_run(const std::filesystem::path& folder) {
  if (!holds_config(folder)) throw Failure(kWrongInput, no_run_text(folder));
  SavedRun run{folder, load_config(folder / "config.toml"), nullptr};
  run.environment = find_environment(run.config.env);
  return run;
}

}  // namespace ppo
