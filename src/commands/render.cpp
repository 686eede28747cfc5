#include "commands/render.hpp"

#include "engine/play_limit.hpp"
#include "film/film.hpp"
#include "system/files.hpp"
#include "terminal/messages.hpp"

namespace ppo {

int run_render(const RenderCommand& command) {
  const LoadedAgents loaded = load_agents(command.source, command.agent);
  FilmOptions options = command.options;
  options.quiet = false;
  options.play.max_steps = play_limit(loaded.config, command.max_steps);
  const std::filesystem::path file = command.file.value_or(default_file(command.source, "film", ".gif"));
  write_file(file, film(file, *loaded.environment, loaded.agents.policies.front(), options));
  say_saved(file, loaded.agents.origins.front().text());
  return 0;
}

}  // namespace ppo
