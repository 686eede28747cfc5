// The runtime's functions about memory. Copies and clears without a stream wait for all that is queued.
#include <cstdlib>

#include "cuda_stand_in/state.hpp"

using ppo::stand_in::kRubbish;
using ppo::stand_in::State;
using ppo::stand_in::state;

namespace {

std::size_t used() {
  std::size_t sum = 0;
  for (const auto& [memory, size] : state().device_memory) sum += size;
  return sum;
}

cudaError_t check_copy(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const bool to_device = kind == cudaMemcpyHostToDevice;
  if (!to_device && kind != cudaMemcpyDeviceToHost) return state().refuse(cudaErrorInvalidMemcpyDirection);
  const bool right = to_device ? state().on_device(to, bytes) && !state().touches_device(from, bytes)
                               : state().on_device(from, bytes) && !state().touches_device(to, bytes);
  if (right) return cudaSuccess;
  state().complain("a copy that leaves its memory or mistakes the host for the device");
  return state().refuse(cudaErrorInvalidValue);
}

}  // namespace

extern "C" {

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *free_bytes = state().machine.memory - used();
  *total = state().machine.memory;
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (bytes > state().machine.memory - used()) return state().refuse(cudaErrorMemoryAllocation);
  auto* block = static_cast<std::byte*>(std::aligned_alloc(256, (bytes + 255) / 256 * 256));
  if (block == nullptr) return state().refuse(cudaErrorMemoryAllocation);
  std::memset(block, kRubbish, bytes);
  state().device_memory[block] = bytes;
  const State::Open closes(state());
  *memory = block;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  const State::Lock lock;
  const cudaError_t error = state().enter(__func__);
  if (memory == nullptr) return error;
  if (state().broken == cudaSuccess) state().run_queue();
  {
    const State::Open opens(state());
    if (state().device_memory.erase(static_cast<std::byte*>(memory)) == 0) {
      state().complain("cudaFree of what is no device memory");
      return state().refuse(cudaErrorInvalidValue);
    }
  }
  std::free(memory);
  return error;
}

cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  constexpr std::size_t kPage = 4096;  // whole pages are locked
  *memory = std::aligned_alloc(kPage, (bytes + kPage - 1) / kPage * kPage);
  if (*memory == nullptr) return state().refuse(cudaErrorMemoryAllocation);
  std::memset(*memory, kRubbish, bytes);
  state().pinned.insert(*memory);
  return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) {
  const State::Lock lock;
  const cudaError_t error = state().enter(__func__);
  if (memory == nullptr) return error;
  if (state().broken == cudaSuccess) state().run_queue();
  if (state().pinned.erase(memory) == 0) {
    state().complain("cudaFreeHost of what is no pinned memory");
    return state().refuse(cudaErrorInvalidValue);
  }
  std::free(memory);
  return error;
}

cudaError_t cudaMemset(void* memory, int value, std::size_t bytes) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  state().run_queue();
  if (!state().on_device(memory, bytes)) {
    state().complain("cudaMemset outside of device memory");
    return state().refuse(cudaErrorInvalidValue);
  }
  const State::Open open(state());
  std::memset(memory, value, bytes);
  return cudaSuccess;
}

cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  state().run_queue();
  if (const cudaError_t error = check_copy(to, from, bytes, kind)) return error;
  const State::Open open(state());
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

}  // extern "C"
