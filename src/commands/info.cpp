#include "commands/info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "commands/about/supported.hpp"
#include "config/environment_names.hpp"
#include "engine/choice/choose_engine.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "engine/ranks/ranks.hpp"
#include "run/facts.hpp"
#include "system/cores.hpp"
#include "system/errors.hpp"
#include "system/join.hpp"
#include "system/processor/levels.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

/// The instruction-set levels of this machine, the best first.
std::vector<std::string> levels() {
  std::vector<std::string> names;
  for (const std::string& name : level_names()) {
    try {
      names.push_back(choose_level(environments().front(), name).name);
    } catch (const Failure&) {  // the machine lacks it
    }
  }
  return names;
}

/// What `auto` would take for so many agents of the default config.
struct Example {
  std::int64_t num_seeds;
  EngineChoice choice;
  std::string device;  // "cpu", "cuda:0"
};

Example example(std::int64_t num_seeds, const CudaFacts& facts) {
  Config config;
  config.num_seeds = num_seeds;
  const Workload work = workload_of(config);
  const Processor processor = processor_for(config);
  const auto card =
      std::ranges::find_if(facts.devices, [](const CudaDevice& device) { return device.problem.empty(); });
  const bool has_card = card != facts.devices.end();
  EngineChoice choice =
      has_card ? choose_engine(work, processor, card_of(*card)) : choose_without_card(work, processor);
  const std::string device = choice.takes_cuda ? fmt::format("cuda:{}", card->index) : "cpu";
  return {num_seeds, std::move(choice), device};
}

/// One agent, and as many as fill any card.
std::vector<Example> examples(const CudaFacts& facts) {
  return {example(1, facts), example(1024, facts)};
}

Json examples_json(const CudaFacts& facts) {
  Json all = Json::array();
  for (const Example& each : examples(facts)) {
    const std::optional<double>& cuda_s = each.choice.cuda_s;
    all.push_back({{"num_seeds", each.num_seeds},
                   {"device", each.device},
                   {"reason", each.choice.reason},
                   {"cpu_s", each.choice.cpu_s},
                   {"cuda_s", cuda_s ? Json(*cuda_s) : Json(nullptr)}});
  }
  return all;
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json cuda_json(const CudaFacts& facts) {
  Json devices = Json::array();
  for (const CudaDevice& device : facts.devices) {
    devices.push_back(
        {{"device", "cuda:" + std::to_string(device.index)},
         {"name", device.name},
         {"pci", device.pci},
         {"compute_capability", std::to_string(device.major) + "." + std::to_string(device.minor)},
         {"multiprocessors", device.multiprocessors},
         {"memory_bytes", device.memory},
         {"problem", or_null(device.problem)}});
  }
  return {{"runtime", facts.runtime},
          {"architectures", facts.architectures},
          {"driver", or_null(facts.driver)},
          {"devices", devices},
          {"problem", or_null(facts.problem)}};
}

Json info_json() {
  const std::vector<std::string> simd = levels();
  const CudaFacts facts = cuda_facts();
  return {{"version", PPO_VERSION},        {"numerics_version", kNumericsVersion},
          {"engines", engine_names()},     {"environments", environment_names()},
          {"machine", machine()},          {"usable_cores", usable_cores()},
          {"simd", simd.front()},          {"simd_available", simd},
          {"mpi", or_null(mpi_version())}, {"cuda", has_cuda_engine() ? cuda_json(facts) : Json(nullptr)},
          {"auto", examples_json(facts)}};
}

void show(const std::string& label, const std::string& text) {
  const Screen screen(STDOUT_FILENO);
  std::printf("%s", beside(screen.style().dim(label), 14, printable(text), screen.columns()).c_str());
}

/// "2 of its cores usable"
std::string usable_part() {
  const int threads = usable_cores();
  const int cores = usable_whole_cores();
  if (threads == cores) return fmt::format("{} of its cores usable", cores);
  return fmt::format("{} of its threads usable, on {}", threads, counted(cores, "core"));
}

void show_device(const CudaDevice& device) {
  constexpr double kMebibyte = 1 << 20;
  const std::string problem = device.problem.empty() ? "" : "; not usable: " + device.problem;
  show(fmt::format("cuda:{}", device.index),
       fmt::format("{}, compute capability {}.{}, {} multiprocessors, {:.0f} MiB{}", device.name,
                   device.major, device.minor, device.multiprocessors,
                   static_cast<double>(device.memory) / kMebibyte, problem));
}

void show_cuda(const CudaFacts& facts) {
  if (!has_cuda_engine()) return show("cuda", "not in this build");
  show("cuda", "runtime " + facts.runtime + ", driver " +
                   (facts.driver.empty() ? "none" : "for up to " + facts.driver));
  show("code for", join(facts.architectures, ", "));
  if (facts.devices.empty()) show("devices", "none: " + facts.problem);
  for (const CudaDevice& device : facts.devices) show_device(device);
}

void show_examples(const CudaFacts& facts) {
  const char* label = "auto";
  for (const Example& each : examples(facts)) {
    show(label, fmt::format("{}, {}: {}, {}", Config{}.env, counted(each.num_seeds, "agent"), each.device,
                            each.choice.reason));
    label = "";
  }
}

}  // namespace

int run_info(const InfoCommand& command) {
  if (command.json) {
    std::printf("%s\n", info_json().dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return kDone;
  }
  const std::vector<std::string> simd = levels();
  show(program_name(), PPO_VERSION ", numerics version " + std::to_string(kNumericsVersion));
  show("engines", join(engine_names(), ", "));
  show("environments", join({environment_names().begin(), environment_names().end()}, ", "));
  show("processor", machine().at("processor").get<std::string>() + ", " + usable_part());
  show("simd", simd.front() + " (available: " + join(simd, ", ") + ")");
  const CudaFacts facts = cuda_facts();
  show_cuda(facts);
  const std::string mpi = mpi_version();
  show("mpi", mpi.empty() ? "not in this build" : mpi);
  show_examples(facts);
  return kDone;
}

}  // namespace ppo
