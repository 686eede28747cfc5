// The agents of a run in device memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

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

  /// [K] in device memory: the agents that train, then kNoAgent. All, until some retire.
  const std::int64_t* training() const { return reinterpret_cast<const std::int64_t*>(list_.get()); }

  /// Copies the parameters of agent k to `params` [P].
  void copy_params(std::size_t k, std::span<float> params) const;

  /// For these, nothing may be in flight on the device.
  void save(std::size_t k, AgentState& state) const;
  void load(std::size_t k, const AgentState& state);
  void retire(std::size_t k);

 private:
  struct OnHost;  // one agent's header and state
  OnHost copy_to_host(std::size_t k) const;
  void read_header(std::size_t k, std::byte* header) const;
  void write_header(std::size_t k, const std::byte* header);
  void make_states(const CudaLoops& loops, const Hyper& hyper);
  void make_headers();
  /// Gives the agent at that place of `training_` the workspace of the team that trains it there.
  void set_workspace(std::size_t place, std::byte* header) const;
  void write_list();

  const CudaLoops& loops_;
  Hyper hyper_;
  Grid grid_;
  std::size_t count_;                   // K
  std::size_t state_bytes_;             // of one agent, with what aligns the next
  std::size_t workspace_bytes_;         // of one team, likewise
  DeviceMemory states_;                 // [K]
  DeviceMemory workspaces_;             // [num_teams]
  DeviceMemory headers_;                // [K]
  DeviceMemory list_;                   // [K] of std::int64_t, see `training`
  std::vector<std::int64_t> training_;  // the same without kNoAgent
};

}  // namespace ppo::cuda
