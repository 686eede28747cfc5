// The runtime's functions about graphs.
#include "cuda_stand_in/state.hpp"

using ppo::Launch;
using ppo::stand_in::hand_out;
using ppo::stand_in::kRubbish;
using ppo::stand_in::State;
using ppo::stand_in::state;
using ppo::stand_in::take_back;

namespace {

void set_kernel(CUgraphNode_st& node, const cudaKernelNodeParams& params) {
  node.kernel = reinterpret_cast<void (*)(Launch)>(params.func);
  node.blocks = params.gridDim.x * params.gridDim.y * params.gridDim.z;
  node.threads = params.blockDim.x * params.blockDim.y * params.blockDim.z;
  node.shared_bytes = params.sharedMemBytes;
  std::memcpy(&node.argument, params.kernelParams[0], sizeof node.argument);
}

cudaError_t set_copy(CUgraphNode_st& node, void* to, const void* from, std::size_t bytes,
                     cudaMemcpyKind kind) {
  if (kind != cudaMemcpyDeviceToHost || !state().on_device(from, bytes) ||
      state().touches_device(to, bytes)) {
    state().complain("a graph's copy that is none from the device to the host");
    return state().refuse(cudaErrorInvalidValue);
  }
  node.to = to;
  node.from = from;
  node.bytes = bytes;
  return cudaSuccess;
}

/// Adds a node behind the only one that it depends on, which is the last.
cudaError_t add(cudaGraphNode_t* out, cudaGraph_t graph, const cudaGraphNode_t* after, std::size_t count,
                CUgraphNode_st node) {
  auto& nodes = graph->nodes;
  const bool behind_last = nodes.empty() ? count == 0 : count == 1 && after[0] == nodes.back().get();
  if (!behind_last) {
    state().complain("a graph that is no chain");
    return state().refuse(cudaErrorNotSupported);
  }
  nodes.push_back(std::make_unique<CUgraphNode_st>(node));
  *out = nodes.back().get();
  return cudaSuccess;
}

cudaError_t check_kernel(const CUgraphNode_st& node) {
  if (node.shared_bytes > state().shared_limit()) return state().refuse(cudaErrorInvalidValue);
  unsigned resident = state().resident_blocks();
  if (node.cluster_blocks > 1) {
    resident = state().resident_in_clusters(node.cluster_blocks);
    if (resident == 0 || node.blocks % node.cluster_blocks != 0) {
      return state().refuse(cudaErrorInvalidClusterSize);
    }
  }
  if (node.cooperative && node.blocks > resident) return state().refuse(cudaErrorCooperativeLaunchTooLarge);
  if (node.argument.blocks_per_agent > 1 && !node.cooperative) {
    state().complain("blocks that wait for each other in a launch that is not cooperative");
  }
  if (node.argument.cluster_blocks != static_cast<int>(node.cluster_blocks)) {
    state().complain("a kernel that is told of other clusters than it is launched in");
  }
  return cudaSuccess;
}

}  // namespace

extern "C" {

cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  *graph = hand_out(state().graphs, new CUgraph_st);
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  return take_back(state().graphs, graph, __func__);
}

cudaError_t cudaGraphAddMemsetNode(cudaGraphNode_t* node, cudaGraph_t graph, const cudaGraphNode_t* after,
                                   std::size_t count, const cudaMemsetParams* params) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (params->height != 1 || !state().on_device(params->dst, params->width * params->elementSize)) {
    state().complain("a graph's clear that leaves its memory");
    return state().refuse(cudaErrorInvalidValue);
  }
  return add(node, graph, after, count, {.kind = CUgraphNode_st::kMemset, .memset = *params});
}

cudaError_t cudaGraphAddKernelNode(cudaGraphNode_t* node, cudaGraph_t graph, const cudaGraphNode_t* after,
                                   std::size_t count, const cudaKernelNodeParams* params) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  CUgraphNode_st own{.kind = CUgraphNode_st::kKernel};
  set_kernel(own, *params);
  return add(node, graph, after, count, own);
}

cudaError_t cudaGraphKernelNodeSetAttribute(cudaGraphNode_t node, cudaLaunchAttributeID name,
                                            const cudaLaunchAttributeValue* value) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  switch (name) {
    case cudaLaunchAttributeCooperative:
      node->cooperative = value->cooperative != 0;
      return cudaSuccess;
    case cudaLaunchAttributeClusterDimension:
      node->cluster_blocks = value->clusterDim.x * value->clusterDim.y * value->clusterDim.z;
      return cudaSuccess;
    default:
      return state().refuse(cudaErrorNotSupported);
  }
}

// Whether it leaves the attributes as they were is not documented: here it does not.
cudaError_t cudaGraphKernelNodeSetParams(cudaGraphNode_t node, const cudaKernelNodeParams* params) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  set_kernel(*node, *params);
  node->cooperative = false;
  node->cluster_blocks = 1;
  return cudaSuccess;
}

cudaError_t cudaGraphAddMemcpyNode1D(cudaGraphNode_t* node, cudaGraph_t graph, const cudaGraphNode_t* after,
                                     std::size_t count, void* to, const void* from, std::size_t bytes,
                                     cudaMemcpyKind kind) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  CUgraphNode_st own{.kind = CUgraphNode_st::kMemcpy};
  if (const cudaError_t error = set_copy(own, to, from, bytes, kind)) return error;
  return add(node, graph, after, count, own);
}

cudaError_t cudaGraphMemcpyNodeSetParams1D(cudaGraphNode_t node, void* to, const void* from,
                                           std::size_t bytes, cudaMemcpyKind kind) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  return set_copy(*node, to, from, bytes, kind);
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  std::vector<CUgraphNode_st> nodes;
  for (const auto& node : graph->nodes) {
    if (node->kind == CUgraphNode_st::kKernel) {
      if (const cudaError_t error = check_kernel(*node)) return error;
    }
    nodes.push_back(*node);
  }
  *exec = hand_out(state().execs, new CUgraphExec_st{std::move(nodes)});
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  return take_back(state().execs, exec, __func__);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  const State::Lock lock;
  if (const cudaError_t error = state().enter(__func__)) return error;
  if (stream->device != state().device) return state().refuse(cudaErrorInvalidResourceHandle);
  ++state().queued_launches;
  for (const CUgraphNode_st& node : exec->nodes) {
    if (node.kind == CUgraphNode_st::kMemcpy) std::memset(node.to, kRubbish, node.bytes);
    state().queue_of(*stream).push_back([node] { state().run_node(node); });
  }
  return cudaSuccess;
}

}  // extern "C"
