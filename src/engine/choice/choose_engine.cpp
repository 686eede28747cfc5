#include "engine/choice/choose_engine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/choice/costs.hpp"
#include "engine/engine.hpp"
#include "system/cores.hpp"
#include "system/pci.hpp"

namespace ppo {
namespace {

/// "about 3.1 s", "about 12 min"
std::string about(double seconds) {
  if (seconds < 9.95) return fmt::format("about {:.1f} s", std::max(seconds, 0.1));
  if (seconds < 120) return fmt::format("about {:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("about {:.0f} min", seconds / 60);
  return fmt::format("about {:.0f} h", seconds / 3600);
}

/// A card that is done so soon is worth its start, and its risk.
bool is_worth_starting(double cuda_s, double cpu_s) {
  return cuda_s + costs::kCudaStart < cpu_s;
}

}  // namespace

Processor processor_for(const Config& config) {
  const int usable = usable_cores();
  const int threads = config.run.threads > 0 ? std::min(config.run.threads, usable) : usable;
  return {.simd = choose_level(*find_environment(config.env), config.run.simd).name,
          .threads = threads,
          .cores = std::min(threads, usable_whole_cores())};
}

Card card_of(const CudaDevice& device) {
  return {.multiprocessors = device.multiprocessors,
          .ghz = device.ghz > 0 ? device.ghz : costs::kUnknownClock,
          .fp32_lanes = fp32_lanes(device.major, device.minor)};
}

std::optional<EngineChoice> choose_without_driver(const Workload& work, const Processor& processor) {
  const double cpu_s = cpu_seconds(work, processor);
  if (is_worth_starting(costs::kCudaStart, cpu_s)) return std::nullopt;  // with a card that takes no time
  return EngineChoice{.cpu_s = cpu_s,
                      .reason = "done in " + about(cpu_s) + ", before a GPU would make up for its start"};
}

EngineChoice choose_without_card(const Workload& work, const Processor& processor) {
  const double cpu_s = cpu_seconds(work, processor);
  return {.cpu_s = cpu_s, .reason = "done in " + about(cpu_s) + "; there is no usable GPU"};
}

EngineChoice choose_engine(const Workload& work, const Processor& processor, const Card& card) {
  const double cpu_s = cpu_seconds(work, processor);
  const double cuda_s = cuda_seconds(work, card);
  const bool takes_cuda = is_worth_starting(cuda_s, cpu_s);
  return {.takes_cuda = takes_cuda,
          .cpu_s = cpu_s,
          .cuda_s = cuda_s,
          .reason = takes_cuda ? fmt::format("done in {}, on the CPU in {}", about(cuda_s), about(cpu_s))
                               : fmt::format("done in {}, on a GPU in {}", about(cpu_s), about(cuda_s)),
          .has_card = true};
}

EngineChoice choose_engine(const Config& config, const Population& population, std::int64_t updates_done) {
  const Workload work = workload_of(config, population, updates_done);
  const Processor processor = processor_for(config);
  if (std::optional<EngineChoice> cpu = choose_without_driver(work, processor)) {
    cpu->has_card = has_cuda_kernel(config) && has_nvidia_card();
    return *cpu;
  }
  return choose_engine(work, processor, card_of(first_cuda_device(config)));
}

}  // namespace ppo
