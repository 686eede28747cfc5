#include "commands/sweep.hpp"

#include <utility>

#include "commands/flags/new_folder.hpp"
#include "config/presets.hpp"
#include "config/sweep/sweep_flags.hpp"
#include "config/sweep/sweep_options.hpp"
#include "system/join.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

std::string more() {
  return "FILE is a config with two more tables: [sweep], whose keys are the flags below, and [sweep.space], "
         "which gives keys of the config a range or a list of values, as in " +
         space_example(*find_option("lr")) + " or " + space_example(*find_option("num_envs")) +
         ". Scales are linear (which may be left out), log, log1m (uniform in log(1 - value), for what is "
         "near "
         "1) and pow2 (the powers of two). It takes " +
         join(sweepable_keys(Sweepable::tuning), ", ") + " and, but for pbt, " +
         join(sweepable_keys(Sweepable::shape), ", ") + ". A flag overrides the file.";
}

}  // namespace

Verb sweep_verb() {
  std::vector<Flag> flags = {
      {"--out", "DIR",
       "folder of the sweep, which must not exist yet; default sweeps/<config>-s<seed>-<time>", ""},
      {"--quiet", "", "print errors only", ""},
      {"--print-config", "", "print the resolved sweep as TOML and exit", ""},
      kHelpFlag,
  };
  for (Flag& flag : sweep_flags()) flags.push_back(std::move(flag));
  return {"sweep",
          "FILE|PRESET",
          1,
          "find good values for the keys of a config",
          std::move(flags),
          more(),
          refused_by_sweeps(),
          names_of(sweep_presets())};
}

SweepCommand parse_sweep(const Arguments& arguments) {
  NamedSweep named = read_sweep(arguments);
  return {.sweep = std::move(named.sweep),
          .config_name = std::move(named.name),
          .out = new_folder(arguments),
          .quiet = arguments.flags.contains("--quiet")};
}

}  // namespace ppo
