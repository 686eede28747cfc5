// Chooses the device and the number of blocks.
#pragma once

#include <cstdint>
#include <string>

#include "engine/cuda/cuda.hpp"
#include "kernels/launch.hpp"

namespace ppo::cuda {

/// Makes the device named by `asked` ("auto", "cuda": the first that can run the kernel; "cuda:1") current
/// for this thread, and sets the shared memory limit of the kernel for that hidden_size. Throws NoCudaDevice,
/// also where there is no such kernel; Failure(kRunFailed).
CudaDevice choose_device(const std::string& asked, const CudaKernels& kernels, int hidden_size);

/// A grid of num_teams * blocks_per_agent blocks.
struct Grid {
  int num_teams = 1;
  int blocks_per_agent = 1;
};

/// Divides `resident` blocks (at least one) among the agents. The blocks of an agent wait for each other, so
/// they must be resident together. If not all agents fit, each team trains several in turn. `asked` is the
/// number of blocks per agent; 0 means as many as are available per agent, up to `most`, beyond which they
/// have no work. Throws Failure(kWrongInput) if that many do not fit.
Grid choose_grid(std::int64_t num_agents, int resident, int most, int asked);

}  // namespace ppo::cuda
