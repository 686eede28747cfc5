// ppo_bench: how fast this machine trains, against what its cores, or its GPU, could do.
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "commands/verbs.hpp"
#include "kernels/variants.hpp"
#include "lab.hpp"
#include "options.hpp"
#include "report.hpp"
#include "scaling.hpp"
#include "system/errors.hpp"
#include "system/files.hpp"
#include "system/text.hpp"

namespace ppo::bench {
namespace {

void print_help() {
  std::cout
      << "ppo_bench [flags]\n  measure steps/s, the time of each stage, and the peak of the cores or, with "
         "--device cuda, of the GPU;\n  anneal_lr and target_kl are off\n\n"
      << list_flags(flags());
}

void list_variants() {
  for (const KernelVariant& variant : kKernelVariants) {
    std::cout << fmt::format("{:<24} {}; prediction: {}\n", variant.name, variant.what, variant.prediction);
  }
}

/// Prints a table of what it measures, and returns the figures.
Json measure_teams(const Options& options) {
  const Plan& plan = options.plan;
  const Result result = plan.config.run.device == "cpu" ? measure_cpu(plan) : measure_cuda(plan);
  std::cout << (options.prints_line ? submit_line(plan, result) : table(plan, result)) << std::flush;
  std::vector<SweepPoint> points;
  if (options.sweeps) {
    points = sweep(plan, "num_envs");
    for (SweepPoint& point : sweep(plan, "num_seeds")) points.push_back(std::move(point));
    std::cout << table(points);
  }
  return to_json(plan, result, points);
}

Json measure_sweep(const Plan& plan, const std::string& key) {
  const std::vector<SweepPoint> points = sweep(plan, key);
  std::cout << table(points);
  return to_json(plan, points);
}

Json measure(const Options& options) {
  switch (options.task) {
    case Task::num_envs:
      return measure_sweep(options.plan, "num_envs");
    case Task::num_seeds:
      return measure_sweep(options.plan, "num_seeds");
    case Task::scaling: {
      const Scaling scaling = measure_scaling(options.plan);
      std::cout << table(options.plan, scaling);
      return to_json(options.plan, scaling);
    }
    case Task::card: {
      const CardFigures card = measure_card(options.plan);
      std::cout << table(card);
      return to_json(options.plan, card);
    }
    case Task::variant: {
      const VariantTrial trial = measure_variant(options);
      std::cout << table(trial);
      return to_json(options.plan, trial);
    }
    case Task::teams:
      break;
  }
  return measure_teams(options);
}

int run(const std::vector<std::string>& given) {
  const Arguments arguments = split_arguments(flags(), given);
  if (!arguments.others.empty() && !arguments.flags.contains("--help")) {
    throw Failure(kWrongInput,
                  "ppo_bench does not take " + quote(arguments.others.front()) + "; see ppo_bench --help");
  }
  if (arguments.flags.contains("--help")) {
    print_help();
  } else if (arguments.flags.contains("--list-variants")) {
    list_variants();
  } else {
    const Options options = read_options(arguments);
    const Json figures = measure(options);
    if (options.json) write_file(*options.json, figures.dump(2) + '\n');
  }
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
