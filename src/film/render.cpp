#include "film/render.hpp"

#include <cstdio>

#include "config/text.hpp"
#include "film/film.hpp"
#include "run/files.hpp"
#include "run/saved_run.hpp"

namespace ppo {

int run_render(const RenderCommand& command) {
  const SavedRun run = open_run(command.run);
  FilmOptions options = command.options;
  options.play.max_steps = play_limit(run.config, command.max_steps);
  const std::filesystem::path file = command.file.value_or(run.folder / "film.gif");
  write_file(file, film(file, *run.environment, read_agent(run, command.agent), options));
  std::printf("saved    %s\n", printable(file.native()).c_str());
  return 0;
}

}  // namespace ppo
