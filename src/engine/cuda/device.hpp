// Which device trains, and how many of its blocks.
#pragma once

#include <cstdint>
#include <string>

#include "engine/cuda/cuda.hpp"
#include "kernels/launch.hpp"

namespace ppo::cuda {

/// Makes the device that `asked` names ("auto", "cuda": the first that can run the kernel; "cuda:1") this
/// thread's device, and lets the kernel have the shared memory that it needs. Throws NoCudaDevice;
/// Failure(kRunFailed).
CudaDevice choose_device(const std::string& asked, const CudaLoops& loops);

/// A grid of num_teams * blocks_per_agent blocks.
struct Grid {
  int num_teams = 1;
  int blocks_per_agent = 1;
};

/// Shares `resident` blocks, at least one, out. Blocks of an agent wait for each other, so they must be
/// resident together; of the agents that do not fit, each team takes several in turn. `asked` blocks per
/// agent, 0: as many as there are for each agent, up to `most`, beyond which they have nothing to do. Throws
/// Failure(kWrongInput) when not so many fit.
Grid choose_grid(std::int64_t num_agents, int resident, int most, int asked);

}  // namespace ppo::cuda
