#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include "config/config_flags.hpp"
#include "kernels/variants.hpp"
#include "system/cores.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::bench {
namespace {

/// What was written after the flag; nullptr if it was not given.
const std::string* value_of(const Arguments& arguments, std::string_view flag) {
  const auto found = arguments.flags.find(flag);
  return found == arguments.flags.end() ? nullptr : &found->second;
}

int rounds(const Arguments& arguments, int usual) {
  const std::string* const value = value_of(arguments, "--rounds");
  if (value == nullptr) return usual;
  const int number = std::atoi(value->c_str());
  if (number < 1 || std::to_string(number) != *value) {
    throw Failure(kWrongInput, "--rounds takes a whole number above 0; write --rounds 5");
  }
  return number;
}

double seconds(const Arguments& arguments, double usual) {
  const std::string* const value = value_of(arguments, "--seconds");
  if (value == nullptr) return usual;
  double number = 0;
  const char* end = value->data() + value->size();
  const auto read = std::from_chars(value->data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !(number > 0 && number <= 1000)) {
    throw Failure(kWrongInput, "--seconds takes a number above 0, at most 1000; write --seconds 0.3");
  }
  return number;
}

/// Where --json will go, checked before the time is spent.
std::optional<std::filesystem::path> json_file(const Arguments& arguments) {
  const std::string* const value = value_of(arguments, "--json");
  if (value == nullptr) return std::nullopt;
  const std::filesystem::path file = *value;
  if (!std::filesystem::is_directory(std::filesystem::absolute(file).parent_path())) {
    throw Failure(kWrongInput, "--json " + quote(*value) + ": there is no such folder; create it first");
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

/// "1,2,4,8": teams to measure, ascending; empty if another kind of value was given, or none.
std::vector<int> team_sizes(const Arguments& arguments) {
  const std::string* const value = value_of(arguments, "--threads");
  if (value == nullptr || value->find(',') == std::string::npos) return {};
  std::vector<int> sizes;
  std::istringstream stream(*value + ',');  // an empty part at the end is one, too
  for (std::string part; std::getline(stream, part, ',');) {
    const int size = std::atoi(part.c_str());
    const bool ascends = sizes.empty() || size > sizes.back();
    if (size < 1 || size > 1024 || std::to_string(size) != part || !ascends) {
      throw Failure(kWrongInput, "--threads " + quote(*value) +
                                     ": write numbers of threads (1 to 1024), each above the one before; "
                                     "for example --threads 1,2,4");
    }
    sizes.push_back(size);
  }
  return sizes;
}

Task only(const std::string& value) {
  if (value == "num_envs") return Task::num_envs;
  if (value == "num_seeds") return Task::num_seeds;
  if (value == "scaling") return Task::scaling;
  if (value == "card") return Task::card;
  throw Failure(kWrongInput,
                "--only " + quote(value) + ": write --only num_envs, num_seeds, scaling or card");
}

/// The bits of "one,another".
std::uint32_t variants(const std::string& names) {
  std::uint32_t bits = 0;
  std::istringstream stream(names);
  for (std::string name; std::getline(stream, name, ',');) {
    const auto* const found =
        std::find_if(std::begin(kKernelVariants), std::end(kKernelVariants),
                     [&](const KernelVariant& variant) { return variant.name == name; });
    if (found == std::end(kKernelVariants)) {
      throw Failure(kWrongInput,
                    "--variant " + quote(name) + ": there is none of that name; see --list-variants");
    }
    bits |= found->bit;
  }
  return bits;
}

Flag& flag_named(std::string_view name, std::vector<Flag>& flags) {
  return *std::ranges::find(flags, name, &Flag::name);
}

Task task_of(const Arguments& arguments) {
  int asked = 0;
  for (const char* flag : {"--only", "--sweep", "--variant"}) {
    if (value_of(arguments, flag) != nullptr) ++asked;
  }
  if (asked > 1) throw Failure(kWrongInput, "write only one of --only, --sweep and --variant");
  if (value_of(arguments, "--variant") != nullptr) return Task::variant;
  const std::string* const value = value_of(arguments, "--only");
  return value == nullptr ? Task::teams : only(*value);
}

}  // namespace

std::vector<Flag> flags() {
  std::vector<Flag> flags = {
      config_flag(),
      {"--json", "FILE", "write all figures there, raw rounds included", ""},
      {"--sweep", "", "also other numbers of environments and agents; takes a minute or more", ""},
      {"--only", "WHAT",
       "measure nothing else: num_envs, num_seeds (the sweeps), scaling (what teams should reach with a core "
       "for each thread), or card (what the GPU does besides training)",
       ""},
      {"--variant", "NAME",
       "measure nothing but a laboratory variant of the CUDA kernel beside the usual one; repeated: all of "
       "these together",
       ""},
      {"--list-variants", "", "print the variants and exit", ""},
      {"--submit-line", "", "print the result in one line to paste into a message, and no table", ""},
      {"--rounds", "N", "rounds of which the medians are reported; default 5", ""},
      {"--seconds", "X", "of each measurement; default 0.3", ""},
      {"--help", "", "print this help and exit (-h)", ""},
  };
  for (Flag& flag : option_flags()) flags.push_back(std::move(flag));
  flag_named("--variant", flags).repeats = true;
  flag_named("--threads", flags).help =
      "threads of the CPU engine, 1 and all by default; several for a table: --threads 1,2,4,8,16";
  flag_named("--device", flags).help = "what to measure: cpu (also auto, the default), cuda or cuda:N";
  return flags;
}

Options read_options(const Arguments& given) {
  Arguments arguments = given;
  std::vector<int> threads = team_sizes(arguments);
  const bool has_list = !threads.empty();
  if (has_list) arguments.flags["--threads"] = std::to_string(threads.back());
  Options options{.plan = {.config = steady(read_config(arguments).config)}};
  options.task = task_of(arguments);
  if (options.task == Task::scaling && value_of(arguments, "--threads") == nullptr) {
    threads = {1, 2, 4, 8, 16, 32};
  } else if (!has_list) {
    threads = {1};
    if (options.plan.config.run.threads > 1) threads.push_back(options.plan.config.run.threads);
  }
  options.plan.threads = std::move(threads);
  options.plan.rounds = rounds(arguments, options.plan.rounds);
  options.plan.seconds = seconds(arguments, options.plan.seconds);
  options.sweeps = arguments.flags.contains("--sweep");
  options.prints_line = arguments.flags.contains("--submit-line");
  if (options.prints_line && (options.task != Task::teams || options.sweeps)) {
    throw Failure(kWrongInput,
                  "--submit-line is about teams; write it without --only, --sweep and --variant");
  }
  const bool takes_list = options.task == Task::teams || options.task == Task::scaling;
  if (has_list && (!takes_list || options.plan.config.run.device != "cpu")) {
    throw Failure(kWrongInput, "--threads takes several numbers for teams on the CPU only; write one number");
  }
  if (options.task == Task::scaling && options.plan.config.run.device != "cpu") {
    throw Failure(kWrongInput, "--only scaling is about the CPU; write it without --device");
  }
  if (options.task == Task::scaling && options.plan.config.num_seeds > 1) {
    throw Failure(kWrongInput, "--only scaling is about the team of one agent; write it without --num-seeds");
  }
  if (options.task == Task::variant) {
    options.variant_names = *value_of(arguments, "--variant");
    options.variants = variants(options.variant_names);
  }
  const bool on_gpu_only = options.task == Task::variant || options.task == Task::card;
  if (on_gpu_only && options.plan.config.run.device == "cpu") {
    const std::string flag = options.task == Task::card ? "--only card" : "--variant";
    throw Failure(kWrongInput, flag + " is about a GPU; write --device cuda, too");
  }
  options.json = json_file(arguments);
  return options;
}

}  // namespace ppo::bench
