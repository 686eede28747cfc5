// What the host sides of the probes share: arrays to the device and back, and the time that it takes.
#pragma once

#include <span>
#include <vector>

#include "engine/cuda/runtime.hpp"

namespace ppo::probes {

/// Time that the device takes for what `queue` does [s].
template <class Queue>
double seconds_of(Queue queue) {
  const cuda::Event begin = cuda::make_event();
  const cuda::Event end = cuda::make_event();
  cuda::check(cudaEventRecord(begin.get(), nullptr), "cudaEventRecord");
  queue();
  cuda::check(cudaEventRecord(end.get(), nullptr), "cudaEventRecord");
  cuda::check_kernel(cudaEventSynchronize(end.get()), "cudaEventSynchronize");
  float milliseconds = 0;
  cuda::check(cudaEventElapsedTime(&milliseconds, begin.get(), end.get()), "cudaEventElapsedTime");
  return static_cast<double>(milliseconds) / 1000;
}

template <class T>
cuda::DeviceMemory to_device(std::span<const T> values) {
  cuda::DeviceMemory memory = cuda::allocate_device(values.size(), sizeof(T));
  cuda::check(cudaMemcpy(memory.get(), values.data(), values.size_bytes(), cudaMemcpyHostToDevice),
              "cudaMemcpy");
  return memory;
}

template <class T>
std::vector<T> to_host(const cuda::DeviceMemory& memory, std::size_t count) {
  std::vector<T> values(count);
  cuda::check_kernel(cudaMemcpy(values.data(), memory.get(), count * sizeof(T), cudaMemcpyDeviceToHost),
                     "cudaMemcpy");
  return values;
}

}  // namespace ppo::probes
