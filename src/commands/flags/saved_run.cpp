#include "commands/flags/saved_run.hpp"

#include <algorithm>
#include <limits>

#include "commands/flags/whole.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/program.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Failure(kWrongInput, message);
}

constexpr Whole kEpisodes{1, 1'000'000};
constexpr Whole kSeed{0};
constexpr Whole kMaxSteps{1, std::numeric_limits<std::int32_t>::max()};
constexpr Whole kAgent{0, 65535};

}  // namespace

std::vector<Flag> play_flags(const std::string& episodes) {
  return {
      {"--episodes", "N", help_of_whole("episodes to play", kEpisodes, episodes), ""},
      {"--seed", "N",
       help_of_whole("seed of these episodes, independent of the seed of training", kSeed, "0"), ""},
      {"--max-steps", "N",
       help_of_whole("time limit of an episode", kMaxSteps,
                     "the run's max_episode_steps, else the environment's, else 500"),
       ""},
      {"--greedy", "", "take the most probable action (the mean of continuous ones) instead of sampling", ""},
  };
}

EvalOptions play_options(const Arguments& arguments, EvalOptions usual) {
  usual.episodes = whole(arguments, "--episodes", kEpisodes, "100").value_or(usual.episodes);
  usual.seed = static_cast<std::uint64_t>(whole(arguments, "--seed", kSeed, "0").value_or(0));
  usual.greedy = arguments.flags.contains("--greedy");
  return usual;
}

std::optional<std::int32_t> max_steps(const Arguments& arguments) {
  const auto cap = whole(arguments, "--max-steps", kMaxSteps, "500");
  return cap ? std::optional(static_cast<std::int32_t>(*cap)) : std::nullopt;
}

Flag agent_flag() {
  return {"--agent", "N", help_of_whole("which agent of a run with several, counted from 0", kAgent, "0"),
          ""};
}

std::int64_t agent_number(const Arguments& arguments) {
  return whole(arguments, "--agent", kAgent, "0").value_or(0);
}

std::filesystem::path run_of(const std::string& verb, const Arguments& arguments, const std::string& needed) {
  if (!arguments.others.empty()) return arguments.others.front();
  throw Failure(kWrongInput, verb + " needs " + needed + "; write " + program_name() + " " + verb + " RUN");
}

Flag best_flag() {
  return {"--best", "", "use the policy of each agent's best evaluation instead of its final one", ""};
}

AgentSource agent_source(const std::string& verb, const Arguments& arguments) {
  AgentSource source{.place = find_run(run_of(verb, arguments, kRunOrCheckpoint)), .kind = PolicyKind::last};
  if (!arguments.flags.contains("--best")) return source;
  if (source.place.checkpoint) {
    refuse("--best takes the best agent of a run, and " + quote(source.place.checkpoint->native()) +
           " is none; write " +
           (source.place.run ? file_word(source.place.run->native()) : "the folder of its run") +
           ", or leave out --best");
  }
  source.kind = PolicyKind::best;
  return source;
}

std::filesystem::path file_ending_in(const std::vector<std::string>& endings, const std::string& name) {
  const bool fits = std::any_of(endings.begin(), endings.end(),
                                [&](const std::string& ending) { return name.ends_with(ending); });
  if (!fits) refuse("the name of the file must end in " + join_or(endings) + ", not " + quote(name));
  return output_file(name);
}

}  // namespace ppo
