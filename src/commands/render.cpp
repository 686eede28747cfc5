#include "commands/render.hpp"

#include "film/film.hpp"
#include "run/saved_run.hpp"
#include "system/files.hpp"
#include "terminal/messages.hpp"

namespace ppo {

int run_render(const RenderCommand& command) {
  const SavedRun run = open_run(command.run);
  FilmOptions options = command.options;
  options.quiet = false;
  options.play.max_steps = play_limit(run.config, command.max_steps);
  const std::filesystem::path file = command.file.value_or(run.folder / "film.gif");
  write_file(file, film(file, *run.environment, read_agent(run, command.agent), options));
  say_saved(file);
  return 0;
}

}  // namespace ppo
