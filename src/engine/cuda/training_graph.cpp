#include "engine/cuda/training_graph.hpp"

#include "engine/cuda/clusters.hpp"

namespace ppo::cuda {

TrainingGraph::TrainingGraph(const CudaLoops& loops, const Launch& launch, std::int64_t capacity)
    : loops_(loops), launch_(launch) {
  launch_.updates = capacity;
  most_row_bytes_ = row_bytes();
  device_rows_ = allocate_device(1, most_row_bytes_);
  rows_ = allocate_pinned(most_row_bytes_);
  launch_.rows = reinterpret_cast<UpdateRow*>(device_rows_.get());
  begin_ = make_event();
  end_ = make_event();
  static_cast<void>(allow_clusters(loops_, launch_.cluster_blocks));  // a launch says why not
  build();
}

std::size_t TrainingGraph::row_bytes() const {
  return static_cast<std::size_t>(launch_.updates * launch_.num_agents) * sizeof(UpdateRow);
}

cudaKernelNodeParams TrainingGraph::kernel_params(void** arguments) const {
  cudaKernelNodeParams params{};
  params.func = const_cast<void*>(loops_.kernel);
  params.gridDim = dim3(static_cast<unsigned>(launch_.num_teams * launch_.blocks_per_agent));
  params.blockDim = dim3(kBlockThreads);
  params.sharedMemBytes = static_cast<unsigned>(shared_bytes(loops_, launch_.cluster_blocks));
  params.kernelParams = arguments;
  return params;
}

void TrainingGraph::build() {
  cudaGraph_t graph = nullptr;
  check(cudaGraphCreate(&graph, 0), "cudaGraphCreate");
  graph_.reset(graph);

  cudaMemsetParams clear{};
  clear.dst = launch_.counters;
  clear.elementSize = sizeof(std::uint32_t);
  clear.width = static_cast<std::size_t>(launch_.num_teams) * sizeof(TeamCounter) / clear.elementSize;
  clear.height = 1;
  cudaGraphNode_t clear_node = nullptr;
  check(cudaGraphAddMemsetNode(&clear_node, graph, nullptr, 0, &clear), "cudaGraphAddMemsetNode");

  void* arguments[] = {&launch_};
  const cudaKernelNodeParams kernel = kernel_params(arguments);
  check(cudaGraphAddKernelNode(&kernel_node_, graph, &clear_node, 1, &kernel), "cudaGraphAddKernelNode");
  set_attributes();

  check(cudaGraphAddMemcpyNode1D(&copy_node_, graph, &kernel_node_, 1, rows_.get(), device_rows_.get(),
                                 row_bytes(), cudaMemcpyDeviceToHost),
        "cudaGraphAddMemcpyNode1D");
  instantiate();
}

void TrainingGraph::set_attributes() {
  // Blocks of an agent wait for each other, so none of them may be left waiting for a place.
  if (launch_.blocks_per_agent > 1) {
    cudaLaunchAttributeValue cooperative{};
    cooperative.cooperative = 1;
    set_attribute(cudaLaunchAttributeCooperative, cooperative);
  }
  if (launch_.cluster_blocks > 1) {
    set_attribute(cudaLaunchAttributeClusterDimension, cluster_dimension(launch_.cluster_blocks));
  }
}

void TrainingGraph::set_attribute(cudaLaunchAttributeID name, const cudaLaunchAttributeValue& value) {
  check(cudaGraphKernelNodeSetAttribute(kernel_node_, name, &value), "cudaGraphKernelNodeSetAttribute");
}

void TrainingGraph::instantiate() {
  cudaGraphExec_t exec = nullptr;
  check(cudaGraphInstantiate(&exec, graph_.get(), 0), "cudaGraphInstantiate");
  exec_.reset(exec);
}

void TrainingGraph::set_updates(std::int64_t updates) {
  if (updates == launch_.updates) return;
  launch_.updates = updates;
  void* arguments[] = {&launch_};
  const cudaKernelNodeParams kernel = kernel_params(arguments);
  check(cudaGraphKernelNodeSetParams(kernel_node_, &kernel), "cudaGraphKernelNodeSetParams");
  set_attributes();
  check(cudaGraphMemcpyNodeSetParams1D(copy_node_, rows_.get(), device_rows_.get(), row_bytes(),
                                       cudaMemcpyDeviceToHost),
        "cudaGraphMemcpyNodeSetParams1D");
  instantiate();
}

void TrainingGraph::start(cudaStream_t stream, std::int64_t updates) {
  set_updates(updates);
  check(cudaEventRecord(begin_.get(), stream), "cudaEventRecord");
  check(cudaGraphLaunch(exec_.get(), stream), "cudaGraphLaunch");
  check(cudaEventRecord(end_.get(), stream), "cudaEventRecord");
}

bool TrainingGraph::has_ended() const {
  const cudaError_t result = handled(cudaEventQuery(end_.get()));
  if (result == cudaErrorNotReady) return false;
  check_kernel(result, "cudaEventQuery");
  return true;
}

std::span<const UpdateRow> TrainingGraph::wait() {
  check_kernel(cudaEventSynchronize(end_.get()), "cudaEventSynchronize");
  return {reinterpret_cast<const UpdateRow*>(rows_.get()), row_bytes() / sizeof(UpdateRow)};
}

void TrainingGraph::clear_rows() {
  check(cudaMemset(device_rows_.get(), 0, most_row_bytes_), "cudaMemset");
}

double TrainingGraph::seconds() const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, begin_.get(), end_.get()), "cudaEventElapsedTime");
  return static_cast<double>(milliseconds) / 1000;
}

}  // namespace ppo::cuda
