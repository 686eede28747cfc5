#include "engine/cuda/device.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "engine/cuda/clusters.hpp"
#include "engine/cuda/driver.hpp"
#include "engine/cuda/runtime.hpp"
#include "engine/environment.hpp"
#include "system/memory.hpp"

namespace ppo {
namespace cuda {
namespace {

bool lacks_code(cudaError_t error) {
  return error == cudaErrorNoKernelImageForDevice || error == cudaErrorInvalidDeviceFunction ||
         error == cudaErrorUnsupportedPtxVersion;
}

std::string cannot_be_opened(const char* call, cudaError_t error) {
  return std::string("cannot be opened, ") + call + ": " + describe(error);
}

/// Makes it this thread's device and lets the kernel have its shared memory; then why it cannot run the
/// kernel, or nothing.
std::string prepare(CudaDevice& device, const CudaLoops& loops) {
  const cudaError_t opened = handled(cudaSetDevice(device.index));
  if (opened != cudaSuccess) return cannot_be_opened("cudaSetDevice", opened);
  cudaFuncAttributes attributes{};
  const cudaError_t found = handled(cudaFuncGetAttributes(&attributes, loops.kernel));
  if (lacks_code(found)) {
    return "has compute capability " + std::to_string(device.major) + "." + std::to_string(device.minor) +
           ", for which this program holds no code (" + PPO_CUDA_ARCHITECTURES + ")";
  }
  // A driver that opens a device late finds it full here.
  if (found == cudaErrorMemoryAllocation) return cannot_be_opened("cudaFuncGetAttributes", found);
  check(found, "cudaFuncGetAttributes");

  const int most = attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, device.index);
  const std::string needed = " of shared memory and the training kernel for hidden_size " +
                             std::to_string(loops.hidden_size) + " needs " +
                             needed_text(static_cast<double>(loops.shared_bytes));
  if (loops.shared_bytes > static_cast<std::size_t>(most)) {
    return "gives a block " + available_text(static_cast<std::uint64_t>(most)) + needed;
  }
  // A card of the future runs an older architecture's code, in which a kernel that had no room there is
  // empty.
  const std::size_t compiled_for = most_shared_bytes(attributes.ptxVersion);
  if (loops.shared_bytes > compiled_for) {
    return "runs this program's code for compute capability " + std::to_string(attributes.ptxVersion / 10) +
           "." + std::to_string(attributes.ptxVersion % 10) + ", which gives a block " +
           available_text(compiled_for) + needed;
  }
  check(cudaFuncSetAttribute(loops.kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(loops.shared_bytes)),
        "cudaFuncSetAttribute");
  int blocks = 0;
  check(
      cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, loops.kernel, kBlockThreads, loops.shared_bytes),
      "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  device.resident_blocks = blocks * device.multiprocessors;
  return device.resident_blocks > 0 ? "" : "holds not a single block of the training kernel";
}

/// Sets device.problem.
void open_device(CudaDevice& device, const CudaLoops& loops) {
  const std::string problem = prepare(device, loops);
  if (!problem.empty()) {
    device.problem = "cuda:" + std::to_string(device.index) + " (" + device.name + ") " + problem;
  }
}

/// Of an opened device. One that cannot say it trains all the same, and then has no such figures.
void count_in_clusters(CudaDevice& device, const CudaLoops& loops) {
  try {
    for (const int blocks : {8, 16})
      device.resident_in_clusters[blocks] = resident_in_clusters(loops, blocks);
  } catch (const Failure&) {
    device.resident_in_clusters.clear();
  }
}

/// Whether one need not open it to know that it cannot run the kernel.
bool is_ruled_out(const CudaDevice& device, const CudaLoops& loops) {
  const int oldest = std::stoi(std::string(PPO_CUDA_ARCHITECTURES).substr(std::string("sm_").size()));
  return 10 * device.major + device.minor < oldest ||
         static_cast<std::size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, device.index)) <
             loops.shared_bytes;
}

CudaDevice choose_among(const std::string& asked, int count, const CudaLoops& loops) {
  std::string problem;
  for (int index = 0; index < count; ++index) {
    CudaDevice device = device_facts(index);
    open_device(device, loops);
    if (device.problem.empty()) return device;
    problem += (problem.empty() ? "" : "; ") + device.problem;
  }
  throw NoCudaDevice(asked, problem, true);
}

/// "32, 64 and 128"
std::string hidden_sizes() {
  std::string text;
  const int last = *std::rbegin(kHiddenSizes);
  for (const int size : kHiddenSizes) {
    text += (text.empty() ? "" : size == last ? " and " : ", ") + std::to_string(size);
  }
  return text;
}

/// How many devices there are, at least one. Throws NoCudaDevice, also where no kernel has that hidden_size.
int count_devices(const std::string& asked, const CudaKernels& kernels, int hidden_size) {
  const Devices found = find_devices();
  if (found.count == 0) throw NoCudaDevice(asked, found.problem, found.has_card);
  if (kernels.find(hidden_size) != nullptr) return found.count;
  throw NoCudaDevice(asked,
                     "the CUDA engine trains networks of hidden_size " + hidden_sizes() + ", not " +
                         std::to_string(hidden_size),
                     true);
}

const CudaKernels& kernels_of(const Config& config) {
  return *find_environment(config.env)->cuda;
}

}  // namespace

CudaDevice choose_device(const std::string& asked, const CudaKernels& kernels, int hidden_size) {
  const int count = count_devices(asked, kernels, hidden_size);
  const CudaLoops& loops = *kernels.find(hidden_size);
  if (!asked.starts_with("cuda:")) return choose_among(asked, count, loops);
  const int index = std::stoi(asked.substr(5));
  if (index >= count) {
    throw NoCudaDevice(asked,
                       count == 1 ? "there is one CUDA device, cuda:0"
                                  : "there are " + std::to_string(count) +
                                        " CUDA devices, cuda:0 to cuda:" + std::to_string(count - 1),
                       true);
  }
  CudaDevice device = device_facts(index);
  open_device(device, loops);
  if (!device.problem.empty()) throw NoCudaDevice(asked, device.problem, true);
  return device;
}

Grid choose_grid(std::int64_t num_agents, int resident, int most, int asked) {
  if (asked > resident) {
    throw Failure(kWrongInput, "blocks_per_agent " + std::to_string(asked) +
                                   ": they wait for each other, and this device holds " +
                                   std::to_string(resident) + " at once; write --blocks-per-agent " +
                                   std::to_string(resident) + " or fewer");
  }
  const auto share = static_cast<int>(std::clamp<std::int64_t>(resident / num_agents, 1, std::max(most, 1)));
  const int blocks = asked > 0 ? asked : share;
  return {static_cast<int>(std::min<std::int64_t>(num_agents, resident / blocks)), blocks};
}

}  // namespace cuda

bool has_cuda_engine() {
  return true;
}

bool has_cuda_kernel(const Config& config) {
  return cuda::kernels_of(config).find(config.hyper.hidden_size) != nullptr;
}

int cuda_device_count() {
  return cuda::find_devices().count;
}

CudaDevice first_cuda_device(const Config& config) {
  const CudaKernels& kernels = cuda::kernels_of(config);
  const int count = cuda::count_devices(config.run.device, kernels, config.hyper.hidden_size);
  for (int index = 0; index < count; ++index) {
    CudaDevice device = cuda::device_facts(index);
    if (!cuda::is_ruled_out(device, *kernels.find(config.hyper.hidden_size))) return device;
  }
  return cuda::device_facts(0);  // whoever opens it learns why not
}

CudaFacts cuda_facts() {
  CudaFacts facts;
  facts.runtime = cuda::version_text(cuda::runtime_version());
  std::istringstream names(PPO_CUDA_ARCHITECTURES);
  facts.architectures.assign(std::istream_iterator<std::string>(names), {});
  const int driver = cuda::driver_version();
  if (driver != 0) facts.driver = cuda::version_text(driver);
  const cuda::Devices found = cuda::find_devices();
  facts.problem = found.problem;
  for (int index = 0; index < found.count; ++index) {
    CudaDevice device;
    device.index = index;
    try {
      device = cuda::device_facts(index);
      const CudaLoops& loops = *environments().front().cuda->find(Hyper{}.hidden_size);
      cuda::open_device(device, loops);
      if (device.problem.empty()) cuda::count_in_clusters(device, loops);
    } catch (const Failure& failure) {
      device.problem = failure.what();
    }
    facts.devices.push_back(std::move(device));
  }
  return facts;
}

}  // namespace ppo
