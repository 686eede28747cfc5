// ppo_bench: how fast this machine trains, against what its cores could do.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "config/config_flags.hpp"
#include "config/text.hpp"
#include "config/verbs.hpp"
#include "cpu/team.hpp"
#include "errors.hpp"
#include "measure.hpp"
#include "report.hpp"
#include "run/files.hpp"

namespace ppo::bench {
namespace {

std::vector<Flag> flags() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--json", "FILE", "write all figures there, raw rounds included", ""},
      {"--sweep", "", "also other numbers of environments and agents; takes a minute or more", ""},
      {"--rounds", "N", "rounds of which the medians are reported; default 5", ""},
      {"--help", "", "print this page and do nothing (-h)", ""},
  };
  for (Flag& flag : option_flags()) flags.push_back(std::move(flag));
  return flags;
}

int rounds(const Arguments& arguments, int usual) {
  const auto flag = arguments.flags.find("--rounds");
  if (flag == arguments.flags.end()) return usual;
  const int number = std::atoi(flag->second.c_str());
  if (number < 1 || std::to_string(number) != flag->second) {
    throw Failure(kWrongInput, "--rounds takes a whole number above 0; write --rounds 5");
  }
  return number;
}

int run(const std::vector<std::string>& given) {
  const Arguments arguments = split_arguments(flags(), given);
  if (arguments.flags.contains("--help")) {
    std::cout << "ppo_bench [flags]\n  measure steps/s, the time of each stage, and the peak of the cores\n\n"
              << list_flags(flags());
    return kDone;
  }
  if (!arguments.others.empty()) {
    throw Failure(kWrongInput,
                  "ppo_bench does not take " + quote(arguments.others.front()) + "; see ppo_bench --help");
  }
  Plan plan{.config = read_config(arguments).config};
  plan.rounds = rounds(arguments, plan.rounds);
  if (plan.config.run.threads == 0) plan.config.run.threads = usable_cores();

  const Result result = measure(plan);
  std::cout << table(plan, result) << std::flush;
  std::vector<SweepPoint> points;
  if (arguments.flags.contains("--sweep")) {
    points = sweep(plan);
    std::cout << table(points);
  }
  const auto file = arguments.flags.find("--json");
  if (file != arguments.flags.end()) write_file(file->second, to_json(plan, result, points).dump(2) + '\n');
  if (!std::cout.flush()) throw Failure(kRunFailed, "cannot write to the standard output; is the disk full?");
  return kDone;
}

}  // namespace
}  // namespace ppo::bench

int main(int argc, char** argv) {
  try {
    return ppo::bench::run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const ppo::Failure& failure) {
    std::cerr << "ppo_bench: " + ppo::printable(failure.what()) + "\n";
    return failure.exit_code;
  } catch (const std::exception& error) {
    std::cerr << "ppo_bench: " + ppo::printable(error.what()) + "\n";
    return ppo::kRunFailed;
  }
}
