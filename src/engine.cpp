#include "engine.hpp"

#include "cpu/reference_engine.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

bool has_fma() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

}  // namespace

const EnvironmentLoops& best_loops(const Environment& environment) {
  return has_fma() ? *environment.fma : *environment.portable;
}

std::unique_ptr<Engine> make_engine(const Config& config, bool trace) {
  if (config.run.device.starts_with("cuda")) {
    throw Failure(kNoDevice,
                  "device " + config.run.device +
                      ": this build has no CUDA engine; use --device cpu (or auto, which means it here)");
  }
  const EngineInfo info{.device = "cpu", .simd = has_fma() ? "fma" : "portable", .threads = 1};
  return std::make_unique<ReferenceEngine>(best_loops(*find_environment(config.env)), config.hyper,
                                           config.num_seeds, info, trace);
}

}  // namespace ppo
