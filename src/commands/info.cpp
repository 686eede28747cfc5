#include "commands/info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "config/environment_names.hpp"
#include "engine/cpu/team.hpp"
#include "engine/cuda/cuda.hpp"
#include "engine/engine.hpp"
#include "run/facts.hpp"
#include "system/errors.hpp"
#include "system/program.hpp"
#include "system/text.hpp"
#include "terminal/screen.hpp"

namespace ppo {
namespace {

std::vector<std::string> engine_names() {
  std::vector<std::string> names = {"cpu"};
  if (has_cuda_engine()) names.push_back("cuda");
  return names;
}

/// The instruction-set levels of this machine, the best first.
std::vector<std::string> levels() {
  std::vector<std::string> names;
  for (const char* name : {"avx512", "avx2", "scalar"}) {
    try {
      names.push_back(choose_level(environments().front(), name).name);
    } catch (const Failure&) {  // the machine lacks it
    }
  }
  return names;
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
  return {{"version", PPO_VERSION},
          {"numerics_version", kNumericsVersion},
          {"engines", engine_names()},
          {"environments", environment_names()},
          {"machine", machine()},
          {"usable_cores", usable_cores()},
          {"simd", simd.front()},
          {"simd_available", simd},
          {"cuda", has_cuda_engine() ? cuda_json(cuda_facts()) : Json(nullptr)}};
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void show(const std::string& label, const std::string& text) {
  const Screen screen(STDOUT_FILENO);
  std::printf("%s", beside(screen.style().dim(label), 14, printable(text), screen.columns()).c_str());
}

void show_device(const CudaDevice& device) {
  constexpr double kMebibyte = 1 << 20;
  const std::string problem = device.problem.empty() ? "" : "; not usable: " + device.problem;
  show(fmt::format("cuda:{}", device.index),
       fmt::format("{}, compute capability {}.{}, {} multiprocessors, {:.0f} MiB{}", device.name,
                   device.major, device.minor, device.multiprocessors,
                   static_cast<double>(device.memory) / kMebibyte, problem));
}

void show_cuda() {
  if (!has_cuda_engine()) return show("cuda", "not in this build");
  const CudaFacts facts = cuda_facts();
  show("cuda", "runtime " + facts.runtime + ", driver " +
                   (facts.driver.empty() ? "none" : "for up to " + facts.driver));
  show("code for", join(facts.architectures));
  if (facts.devices.empty()) show("devices", "none: " + facts.problem);
  for (const CudaDevice& device : facts.devices) show_device(device);
}

}  // namespace

int run_info(const InfoCommand& command) {
  if (command.json) {
    std::printf("%s\n", info_json().dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return kDone;
  }
  const std::vector<std::string> simd = levels();
  show(program_name(), PPO_VERSION ", numerics version " + std::to_string(kNumericsVersion));
  show("engines", join(engine_names()));
  show("environments", join({environment_names().begin(), environment_names().end()}));
  show("processor", machine().at("processor").get<std::string>() + ", " + std::to_string(usable_cores()) +
                        " of its cores usable");
  show("simd", simd.front() + " (available: " + join(simd) + ")");
  show_cuda();
  return kDone;
}

}  // namespace ppo
