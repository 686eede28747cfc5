// One launch: clear the counters, run the training kernel, copy its rows to the host.
#pragma once

#include <cstdint>
#include <span>

#include "engine/cuda/device.hpp"
#include "engine/cuda/runtime.hpp"

namespace ppo::cuda {

/// The graph of a launch, with its own rows on the device and on the host, so that several can be under way.
class TrainingGraph {
 public:
  /// For up to `capacity` updates of what `launch` describes; its rows and updates are set here.
  TrainingGraph(const CudaLoops& loops, const Launch& launch, std::int64_t capacity);

  /// Queues a launch of that many updates, 1 to capacity.
  void start(cudaStream_t stream, std::int64_t updates);

  /// Waits for it to end; rows [updates][K], valid until the next start.
  std::span<const UpdateRow> wait();

  std::int64_t updates() const { return launch_.updates; }

  /// Time that the device took for the latest launch that has ended [s].
  double seconds() const;

 private:
  void build();
  /// To be repeated whenever the kernel's parameters are set.
  void set_cooperative();
  void instantiate();
  /// Another number than before instantiates the graph anew, some three times a run: whether a change of an
  /// executable graph keeps the kernel's attributes is not documented.
  void set_updates(std::int64_t updates);
  /// `arguments` holds the kernel's only one.
  cudaKernelNodeParams kernel_params(void** arguments) const;
  std::size_t row_bytes() const;

  const CudaLoops& loops_;
  Launch launch_;
  DeviceMemory device_rows_;  // [capacity][K]
  PinnedMemory rows_;         // [capacity][K]
  Event begin_, end_;
  Graph graph_;
  cudaGraphNode_t kernel_node_ = nullptr;
  cudaGraphNode_t copy_node_ = nullptr;
  GraphExec exec_;
};

}  // namespace ppo::cuda
