// The agents of a run in device memory.
#pragma once

#include <cstdint>
#include <span>

#include "engine/agent_state.hpp"
#include "engine/cuda/device.hpp"
#include "engine/cuda/runtime.hpp"

namespace ppo::cuda {

/// Training states, their headers and the teams' workspaces.
class Agents {
 public:
  /// Initialises K = num_agents agents with seeds hyper.seed, hyper.seed + 1, ... This is done on the host,
  /// with one thread per core.
  Agents(const CudaLoops& loops, const Hyper& hyper, std::int64_t num_agents, const Grid& grid);

  void* headers() const { return headers_.get(); }

  /// Copies the parameters of agent k to `params` [P].
  void copy_params(std::size_t k, std::span<float> params) const;

  /// For both, nothing may be in flight on the device.
  void save(std::size_t k, AgentState& state) const;
  void load(std::size_t k, const AgentState& state);

 private:
  struct OnHost;  // one agent's header and state
  OnHost copy_to_host(std::size_t k) const;
  void make_states(const CudaLoops& loops, const Hyper& hyper);
  void make_headers(const CudaLoops& loops, const Hyper& hyper, const Grid& grid);

  const CudaLoops& loops_;
  Hyper hyper_;
  std::size_t count_;            // K
  std::size_t state_bytes_;      // of one agent, with what aligns the next
  std::size_t workspace_bytes_;  // of one team, likewise
  DeviceMemory states_;          // [K]
  DeviceMemory workspaces_;      // [num_teams]
  DeviceMemory headers_;         // [K]
};

}  // namespace ppo::cuda
