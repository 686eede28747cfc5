#include "engine/cuda/runtime.hpp"

#include "system/errors.hpp"
#include "system/memory.hpp"
#include "system/program.hpp"

namespace ppo::cuda {
namespace {

constexpr const char* kLessMemory =
    "write a smaller num_envs or num_seeds, or --device cpu, which gives the same result";
constexpr const char* kWatchdog =
    "the watchdog of a GPU that drives a display ends what takes seconds: write a smaller "
    "--updates-per-launch, or --device cpu, which gives the same result";

std::string remedy(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation:
      return kLessMemory;
    case cudaErrorLaunchTimeout:
      return kWatchdog;
    case cudaErrorCooperativeLaunchTooLarge:
      return "the blocks of an agent do not fit onto the device together: write a smaller --blocks-per-agent";
    default:
      return program_name() + " info shows the devices; --device cpu gives the same result without them";
  }
}

[[noreturn]] void refuse_memory(std::size_t count, std::size_t bytes) {
  std::size_t free = 0;
  std::size_t total = 0;
  const bool known = handled(cudaMemGetInfo(&free, &total)) == cudaSuccess;
  throw Failure(kWrongInput, "cudaMalloc: the device is out of memory, " + std::to_string(count) + " x " +
                                 needed_text(static_cast<double>(bytes)) + " asked for, " +
                                 (known ? available_text(free) : "an unknown amount") + " free; " +
                                 kLessMemory);
}

}  // namespace

std::string describe(cudaError_t error) {
  return std::string(cudaGetErrorString(error)) + " (" + cudaGetErrorName(error) + ")";
}

cudaError_t handled(cudaError_t result) {
  if (result != cudaSuccess) static_cast<void>(cudaGetLastError());
  return result;
}

void check(cudaError_t result, const char* call) {
  if (handled(result) == cudaSuccess) return;
  throw Failure(kRunFailed, std::string(call) + " failed: " + describe(result) + "; " + remedy(result));
}

void check_kernel(cudaError_t result, const char* call) {
  if (handled(result) == cudaSuccess) return;
  const char* what_to_do =
      result == cudaErrorLaunchTimeout
          ? kWatchdog
          : "run it again, and with --device cpu, which gives the same result, if that does not help";
  throw Failure(kRunFailed, "device fault: the training kernel failed, " + std::string(call) + ": " +
                                describe(result) + "; " + what_to_do);
}

DeviceMemory allocate_device(std::size_t count, std::size_t bytes) {
  std::size_t all = 0;
  if (__builtin_mul_overflow(count, bytes, &all)) refuse_memory(count, bytes);
  void* memory = nullptr;
  const cudaError_t result = handled(cudaMalloc(&memory, all));
  if (result == cudaErrorMemoryAllocation) refuse_memory(count, bytes);
  check(result, "cudaMalloc");
  return DeviceMemory(static_cast<std::byte*>(memory));
}

PinnedMemory allocate_pinned(std::size_t bytes) {
  void* memory = nullptr;
  const cudaError_t result = handled(cudaMallocHost(&memory, bytes));
  if (result == cudaErrorMemoryAllocation) {
    throw Failure(kRunFailed, "cudaMallocHost failed: the host has no " +
                                  needed_text(static_cast<double>(bytes)) +
                                  " of memory left that can be locked; " + kLessMemory);
  }
  check(result, "cudaMallocHost");
  return PinnedMemory(static_cast<std::byte*>(memory));
}

Stream make_stream() {
  cudaStream_t stream = nullptr;
  check(cudaStreamCreate(&stream), "cudaStreamCreate");
  return Stream(stream);
}

Stream make_lone_stream() {
  cudaStream_t stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  return Stream(stream);
}

Event make_event() {
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventBlockingSync), "cudaEventCreateWithFlags");
  return Event(event);
}

}  // namespace ppo::cuda
