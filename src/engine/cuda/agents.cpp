#include "engine/cuda/agents.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "engine/cpu/team.hpp"

namespace ppo::cuda {
namespace {

constexpr std::size_t kAlignment = 64;

/// As much of the agents' first states as is on the host at a time [bytes].
constexpr std::size_t kMostStaged = std::size_t{64} << 20;

std::size_t aligned(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

struct Free {
  void operator()(std::byte* block) const { std::free(block); }
};
using HostBlock = std::unique_ptr<std::byte, Free>;

HostBlock allocate_host(std::size_t bytes) {
  HostBlock block(static_cast<std::byte*>(std::aligned_alloc(kAlignment, bytes)));
  if (block == nullptr) throw std::bad_alloc();
  std::fill_n(block.get(), bytes, std::byte{0});
  return block;
}

}  // namespace

struct Agents::OnHost {
  HostBlock header;
  HostBlock state;
};

Agents::Agents(const CudaLoops& loops, const Hyper& hyper, std::int64_t num_agents, const Grid& grid)
    : loops_(loops),
      hyper_(hyper),
      count_(static_cast<std::size_t>(num_agents)),
      state_bytes_(aligned(loops.state_bytes(hyper))),
      workspace_bytes_(aligned(loops.workspace_bytes(hyper, grid.blocks_per_agent))),
      states_(allocate_device(count_, state_bytes_)),
      workspaces_(allocate_device(static_cast<std::size_t>(grid.num_teams), workspace_bytes_)),
      headers_(allocate_device(count_, loops.header_bytes)) {
  check(cudaMemset(workspaces_.get(), 0, static_cast<std::size_t>(grid.num_teams) * workspace_bytes_),
        "cudaMemset");
  make_states(loops, hyper);
  make_headers(loops, hyper, grid);
}

void Agents::make_states(const CudaLoops& loops, const Hyper& hyper) {
  const std::size_t chunk = std::clamp<std::size_t>(kMostStaged / state_bytes_, 1, count_);
  const HostBlock staged = allocate_host(chunk * state_bytes_);
  Team team(static_cast<int>(std::min<std::size_t>(chunk, static_cast<std::size_t>(usable_cores()))));
  for (std::size_t first = 0; first < count_; first += chunk) {
    const std::size_t size = std::min(chunk, count_ - first);
    team.run([&](const Worker& worker) {
      const Share share = worker.share(static_cast<std::int64_t>(size));
      for (auto k = static_cast<std::size_t>(share.begin); k < static_cast<std::size_t>(share.end); ++k) {
        loops.init(hyper, hyper.seed + first + k, staged.get() + k * state_bytes_);
      }
    });
    check(cudaMemcpy(states_.get() + first * state_bytes_, staged.get(), size * state_bytes_,
                     cudaMemcpyHostToDevice),
          "cudaMemcpy");
  }
}

void Agents::make_headers(const CudaLoops& loops, const Hyper& hyper, const Grid& grid) {
  const HostBlock headers = allocate_host(aligned(count_ * loops.header_bytes));
  for (std::size_t k = 0; k < count_; ++k) {
    const std::size_t team = k % static_cast<std::size_t>(grid.num_teams);
    loops.make_header(hyper, hyper.seed + k, grid.blocks_per_agent, states_.get() + k * state_bytes_,
                      workspaces_.get() + team * workspace_bytes_, headers.get() + k * loops.header_bytes);
  }
  check(cudaMemcpy(headers_.get(), headers.get(), count_ * loops.header_bytes, cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

void Agents::copy_params(std::size_t k, std::span<float> params) const {
  check(cudaMemcpy(params.data(), states_.get() + k * state_bytes_, params.size_bytes(),
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
}

Agents::OnHost Agents::copy_to_host(std::size_t k) const {
  OnHost agent{allocate_host(aligned(loops_.header_bytes)), allocate_host(state_bytes_)};
  check(cudaMemcpy(agent.header.get(), headers_.get() + k * loops_.header_bytes, loops_.header_bytes,
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  check(cudaMemcpy(agent.state.get(), states_.get() + k * state_bytes_, state_bytes_, cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  return agent;
}

void Agents::save(std::size_t k, AgentState& state) const {
  const OnHost agent = copy_to_host(k);
  state.fill([&](StateArrays& out) { loops_.save(hyper_, agent.header.get(), agent.state.get(), out); });
}

void Agents::load(std::size_t k, const AgentState& state) {
  const OnHost agent = copy_to_host(k);
  loops_.load(hyper_, state.arrays(), agent.header.get(), agent.state.get());
  check(cudaMemcpy(states_.get() + k * state_bytes_, agent.state.get(), state_bytes_, cudaMemcpyHostToDevice),
        "cudaMemcpy");
  check(cudaMemcpy(headers_.get() + k * loops_.header_bytes, agent.header.get(), loops_.header_bytes,
                   cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

}  // namespace ppo::cuda
