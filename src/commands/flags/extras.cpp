#include "commands/flags/extras.hpp"

#include "engine/environment.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

const char* const kHeading = "Extras";

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

/// The film that a flag asks for; an empty path is the usual name in the run folder.
std::optional<std::filesystem::path> film_file(const Arguments& arguments, std::string_view name,
                                               const TrainRequest& request) {
  const auto flag = arguments.flags.find(name);
  if (flag == arguments.flags.end()) return std::nullopt;
  if (!find_environment(request.config.env)->info().draws_itself) {
    refuse(flag->first + ": the environment " + request.config.env +
           " cannot be filmed; leave the flag out, or add draw as in include/ppo/env.hpp");
  }
  if (!flag->second.empty()) {
    const std::filesystem::path file = flag->second;
    return request.out && file.parent_path() == *request.out ? file : output_file(file);
  }
  if (request.keep_nothing) {
    refuse(flag->first + " has no run folder to write to with --no-out; write " + flag->first + " FILE.gif");
  }
  return std::filesystem::path();
}

}  // namespace

std::vector<Flag> extras_flags() {
  return {
      {"--render",
       "[FILE]",
       "film the trained agent; FILE.gif or FILE.png, default film.gif in the run folder",
       kHeading,
       {".gif", ".png"}},
      {"--render-training",
       "[FILE]",
       "film the agent at 0, 10, 30 and 100 % of training; FILE.gif, default training.gif in the run folder",
       kHeading,
       {".gif"}},
      {"--report", "", "write report.html to the run folder, like " + program_name() + " report", kHeading},
      {"--tensorboard", "",
       "write TensorBoard event files to the run folder (at most " + std::to_string(Extras::kMostEventFiles) +
           " agents)",
       kHeading},
  };
}

Extras read_extras(const Arguments& arguments, const TrainRequest& request) {
  Extras extras;
  extras.film = film_file(arguments, "--render", request);
  extras.training_film = film_file(arguments, "--render-training", request);
  if (extras.film && extras.film == extras.training_film && !extras.film->empty()) {
    refuse("--render and --render-training both name " + quote(extras.film->native()) + "; write two names");
  }
  extras.report = arguments.flags.contains("--report");
  extras.tensorboard = arguments.flags.contains("--tensorboard");
  for (const char* name : {"--report", "--tensorboard"}) {
    if (request.keep_nothing && arguments.flags.contains(name)) {
      refuse(std::string(name) +
             " writes to the run folder and cannot be combined with --no-out; write one of them");
    }
  }
  if (extras.tensorboard && request.config.num_seeds > Extras::kMostEventFiles) {
    refuse(
        "--tensorboard keeps a file open for each agent, at most 256; write --num-seeds 256 or fewer, or "
        "leave it out");
  }
  return extras;
}

}  // namespace ppo
