// ppo_bench: how fast this machine trains, against what its cores, or its GPU, could do.
#include <charconv>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "commands/verbs.hpp"
#include "config/config_flags.hpp"
#include "engine/cpu/team.hpp"
#include "measure.hpp"
#include "report.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo::bench {
namespace {

std::vector<Flag> flags() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--json", "FILE", "write all figures there, raw rounds included", ""},
      {"--sweep", "", "also other numbers of environments and agents; takes a minute or more", ""},
      {"--rounds", "N", "rounds of which the medians are reported; default 5", ""},
      {"--seconds", "X", "of each measurement; default 0.3", ""},
      {"--help", "", "print this help and exit (-h)", ""},
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

double seconds(const Arguments& arguments, double usual) {
  const auto flag = arguments.flags.find("--seconds");
  if (flag == arguments.flags.end()) return usual;
  double number = 0;
  const char* end = flag->second.data() + flag->second.size();
  const auto read = std::from_chars(flag->second.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !(number > 0 && number <= 1000)) {
    throw Failure(kWrongInput, "--seconds takes a number above 0, at most 1000; write --seconds 0.3");
  }
  return number;
}

/// Where --json will go, checked before the time is spent.
std::optional<std::filesystem::path> json_file(const Arguments& arguments) {
  const auto flag = arguments.flags.find("--json");
  if (flag == arguments.flags.end()) return std::nullopt;
  const std::filesystem::path file = flag->second;
  if (!std::filesystem::is_directory(std::filesystem::absolute(file).parent_path())) {
    throw Failure(kWrongInput,
                  "--json " + quote(flag->second) + ": there is no such folder; create it first");
  }
  return file;
}

/// Every update shall do the same work.
Config steady(Config config) {
  config.hyper.anneal_lr = false;
  config.hyper.target_kl = 0;
  if (config.run.device == "auto") config.run.device = "cpu";
  if (config.run.device == "cpu" && config.run.threads == 0) config.run.threads = usable_cores();
  return config;
}

int run(const std::vector<std::string>& given) {
  const Arguments arguments = split_arguments(flags(), given);
  if (arguments.flags.contains("--help")) {
    std::cout
        << "ppo_bench [flags]\n  measure steps/s, the time of each stage, and the peak of the cores or, with "
           "--device cuda, of the GPU;\n  anneal_lr and target_kl are off\n\n"
        << list_flags(flags());
    return kDone;
  }
  if (!arguments.others.empty()) {
    throw Failure(kWrongInput,
                  "ppo_bench does not take " + quote(arguments.others.front()) + "; see ppo_bench --help");
  }
  Plan plan{.config = steady(read_config(arguments).config)};
  plan.rounds = rounds(arguments, plan.rounds);
  plan.seconds = seconds(arguments, plan.seconds);
  const std::optional<std::filesystem::path> file = json_file(arguments);

  const Result result = plan.config.run.device == "cpu" ? measure_cpu(plan) : measure_cuda(plan);
  std::cout << table(plan, result) << std::flush;
  std::vector<SweepPoint> points;
  if (arguments.flags.contains("--sweep")) {
    points = sweep(plan);
    std::cout << table(points);
  }
  if (file) write_file(*file, to_json(plan, result, points).dump(2) + '\n');
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
