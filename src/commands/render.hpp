// The render verb: films a trained agent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "commands/loaded_agents.hpp"
#include "config/verb.hpp"
#include "film/film.hpp"

namespace ppo {

struct RenderCommand {
  AgentSource source;
  std::optional<std::filesystem::path> file;  // default: film.gif as default_file says
  FilmOptions options;
  std::optional<std::int32_t> max_steps;  // as in EvalCommand
  std::int64_t agent = 0;
};

Verb render_verb();

/// Throws Failure(kWrongInput).
RenderCommand parse_render(const Arguments& arguments);

/// Returns 0; throws Failure.
int run_render(const RenderCommand& command);

}  // namespace ppo
