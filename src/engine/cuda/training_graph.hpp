// One launch: clears the counters, runs the training kernel and copies its rows to the host.
#pragma once

#include <cstdint>
#include <span>

#include "engine/cuda/device.hpp"
#include "engine/cuda/runtime.hpp"

namespace ppo::cuda {

/// The CUDA graph of a launch, with its own rows on the device and on the host, so that several can be in
/// flight.
class TrainingGraph {
 public:
  /// For up to `capacity` updates of `launch`, whose rows and updates are set here. Clusters must divide the
  /// grid, and fit (clusters.hpp). Throws Failure(kRunFailed), as do the others.
  TrainingGraph(const CudaLoops& loops, const Launch& launch, std::int64_t capacity);

  /// Queues a launch of so many updates, 1 to capacity.
  void start(cudaStream_t stream, std::int64_t updates);

  /// Whether the launch has ended. Waits for nothing.
  bool has_ended() const;

  /// Waits for the launch to end. Returns rows [updates][K], valid until the next start.
  std::span<const UpdateRow> wait();

  /// Makes all rows UpdateRow{}, so that those which no launch writes any more are. Nothing may be in flight.
  void clear_rows();

  std::int64_t updates() const { return launch_.updates; }

  /// Device time of the latest launch that has ended [s].
  double seconds() const;

 private:
  void build();
  /// Must be repeated whenever the kernel's parameters are set.
  void set_attributes();
  void set_attribute(cudaLaunchAttributeID name, const cudaLaunchAttributeValue& value);
  void instantiate();
  /// A new number of updates instantiates the graph again, about three times per run: it is not documented
  /// whether updating an executable graph keeps the kernel's attributes.
  void set_updates(std::int64_t updates);
  /// `arguments` points at the kernel's only argument.
  cudaKernelNodeParams kernel_params(void** arguments) const;
  std::size_t row_bytes() const;  // of a launch

  const CudaLoops& loops_;
  Launch launch_;
  std::size_t most_row_bytes_ = 0;
  DeviceMemory device_rows_;  // [capacity][K]
  PinnedMemory rows_;         // [capacity][K]
  Event begin_, end_;
  Graph graph_;
  cudaGraphNode_t kernel_node_ = nullptr;
  cudaGraphNode_t copy_node_ = nullptr;
  GraphExec exec_;
};

}  // namespace ppo::cuda
