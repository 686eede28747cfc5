// The agents of a run in device memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/agent_state.hpp"
#include "engine/cuda/device.hpp"
#include "engine/cuda/runtime.hpp"
#include "engine/population.hpp"

namespace ppo::cuda {

/// Training states, their headers and the teams' workspaces.
class Agents {
 public:
  /// Initialises the agents. This is done on the host, with one thread per core.
  Agents(const CudaLoops& loops, const Population& population, const Grid& grid);

  void* headers() const { return headers_.get(); }

  /// [K] in device memory: the agents that train, then kNoAgent. All, until some retire.
  const std::int64_t* training() const { return reinterpret_cast<const std::int64_t*>(list_.get()); }

  /// Copies the parameters of agent k to `params` [P].
  void copy_params(std::size_t k, std::span<float> params) const;

  /// For these, nothing may be in flight on the device.
  void save(std::size_t k, AgentState& state) const;
  void load(std::size_t k, const AgentState& state);
  void tune(std::size_t k, const Tuning& tuning);
  void retire(std::size_t k);

 private:
  struct OnHost;  // one agent's header and state
  OnHost copy_to_host(std::size_t k) const;
  void read_header(std::size_t k, std::byte* header) const;
  void write_header(std::size_t k, const std::byte* header);
  void make_states(const std::vector<Tuning>& agents);
  void make_headers(const std::vector<Tuning>& agents);
  /// Gives the agent at that place of `training_` the workspace of the team that trains it there.
  void set_workspace(std::size_t place, std::byte* header) const;
  void write_list();

  const CudaLoops& loops_;
  Sizes sizes_;
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
