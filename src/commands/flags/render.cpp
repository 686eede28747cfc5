#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "commands/flags/saved_run.hpp"
#include "commands/render.hpp"
#include "film/footage.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

/// "600x400"
ImageSize image_size(const std::string& text) {
  ImageSize size;
  const char* const end = text.data() + text.size();
  const auto [cross, width_error] = std::from_chars(text.data(), end, size.width);
  const bool has_cross = width_error == std::errc() && cross != end && *cross == 'x';
  const auto inside = [](int pixels) { return pixels >= ImageSize::kLeast && pixels <= ImageSize::kMost; };
  if (has_cross) {
    const auto [rest, height_error] = std::from_chars(cross + 1, end, size.height);
    if (height_error == std::errc() && rest == end && inside(size.width) && inside(size.height)) return size;
  }
  throw Failure(kWrongInput, "--size takes width x height in pixels (" + std::to_string(ImageSize::kLeast) +
                                 " to " + std::to_string(ImageSize::kMost) + " each), not " + quote(text) +
                                 "; for example --size 600x400");
}

}  // namespace

Verb render_verb() {
  std::vector<Flag> flags = play_flags("1");
  flags.push_back(agent_flag());
  flags.push_back(best_flag());
  flags.push_back({"--size", "WxH",
                   fmt::format("size of the picture [pixels] (each side {} to {}; default {}x{})",
                               ImageSize::kLeast, ImageSize::kMost, ImageSize{}.width, ImageSize{}.height),
                   ""});
  flags.push_back(kHelpFlag);
  return {"render",
          "RUN [FILE]",
          2,
          "film a trained agent as a GIF or PNG",
          std::move(flags),
          kRunHelp +
              " FILE is film.gif in the run folder by default, film-best.gif with --best, film-X.gif for the "
              "checkpoint X. A GIF plays in real time; a PNG shows the moment in the middle. A film has at "
              "most " +
              std::to_string(Footage::kMostScenes) + " frames."};
}

RenderCommand parse_render(const Arguments& arguments) {
  RenderCommand command;
  if (arguments.others.size() > 1) command.file = file_ending_in({".gif", ".png"}, arguments.others[1]);
  command.options.play = play_options(arguments, command.options.play);
  command.max_steps = max_steps(arguments);
  command.agent = agent_number(arguments);
  const auto size = arguments.flags.find("--size");
  if (size != arguments.flags.end()) command.options.size = image_size(size->second);
  command.source = agent_source("render", arguments);  // last: what the flags say needs no file
  return command;
}

}  // namespace ppo
