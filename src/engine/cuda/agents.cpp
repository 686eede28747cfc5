#include "engine/cuda/agents.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <numeric>

#include "engine/cpu/team.hpp"
#include "system/cores.hpp"

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

Agents::Agents(const CudaLoops& loops, const Population& population, const Grid& grid)
    : loops_(loops),
      sizes_(population.sizes),
      grid_(grid),
      count_(population.agents.size()),
      state_bytes_(aligned(loops.state_bytes(sizes_))),
      workspace_bytes_(aligned(loops.workspace_bytes(sizes_, grid.blocks_per_agent))),
      states_(allocate_device(count_, state_bytes_)),
      workspaces_(allocate_device(static_cast<std::size_t>(grid.num_teams), workspace_bytes_)),
      headers_(allocate_device(count_, loops.header_bytes)),
      list_(allocate_device(count_, sizeof(std::int64_t))),
      training_(count_) {
  check(cudaMemset(workspaces_.get(), 0, static_cast<std::size_t>(grid.num_teams) * workspace_bytes_),
        "cudaMemset");
  make_states(population.agents);
  std::iota(training_.begin(), training_.end(), std::int64_t{0});
  make_headers(population.agents);
  write_list();
}

void Agents::make_states(const std::vector<Tuning>& agents) {
  const std::size_t chunk = std::clamp<std::size_t>(kMostStaged / state_bytes_, 1, count_);
  const HostBlock staged = allocate_host(chunk * state_bytes_);
  Team team(static_cast<int>(std::min<std::size_t>(chunk, static_cast<std::size_t>(usable_cores()))));
  for (std::size_t first = 0; first < count_; first += chunk) {
    const std::size_t size = std::min(chunk, count_ - first);
    team.run([&](const Worker& worker) {
      const Share share = worker.share(static_cast<std::int64_t>(size));
      for (auto k = static_cast<std::size_t>(share.begin); k < static_cast<std::size_t>(share.end); ++k) {
        loops_.init(sizes_, agents[first + k], staged.get() + k * state_bytes_);
      }
    });
    check(cudaMemcpy(states_.get() + first * state_bytes_, staged.get(), size * state_bytes_,
                     cudaMemcpyHostToDevice),
          "cudaMemcpy");
  }
}

void Agents::make_headers(const std::vector<Tuning>& agents) {
  const HostBlock headers = allocate_host(aligned(count_ * loops_.header_bytes));
  for (std::size_t k = 0; k < count_; ++k) {
    std::byte* const header = headers.get() + k * loops_.header_bytes;
    loops_.make_header(sizes_, agents[k], states_.get() + k * state_bytes_, header);
    set_workspace(k, header);
  }
  check(cudaMemcpy(headers_.get(), headers.get(), count_ * loops_.header_bytes, cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

void Agents::set_workspace(std::size_t place, std::byte* header) const {
  const std::size_t team = place % static_cast<std::size_t>(grid_.num_teams);
  loops_.set_workspace(sizes_, grid_.blocks_per_agent, workspaces_.get() + team * workspace_bytes_, header);
}

void Agents::write_list() {
  std::vector<std::int64_t> list = training_;
  list.resize(count_, kNoAgent);
  check(cudaMemcpy(list_.get(), list.data(), count_ * sizeof(std::int64_t), cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

void Agents::copy_params(std::size_t k, std::span<float> params) const {
  check(cudaMemcpy(params.data(), states_.get() + k * state_bytes_, params.size_bytes(),
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
}

void Agents::read_header(std::size_t k, std::byte* header) const {
  check(cudaMemcpy(header, headers_.get() + k * loops_.header_bytes, loops_.header_bytes,
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
}

void Agents::write_header(std::size_t k, const std::byte* header) {
  check(cudaMemcpy(headers_.get() + k * loops_.header_bytes, header, loops_.header_bytes,
                   cudaMemcpyHostToDevice),
        "cudaMemcpy");
}

Agents::OnHost Agents::copy_to_host(std::size_t k) const {
  OnHost agent{allocate_host(aligned(loops_.header_bytes)), allocate_host(state_bytes_)};
  read_header(k, agent.header.get());
  check(cudaMemcpy(agent.state.get(), states_.get() + k * state_bytes_, state_bytes_, cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  return agent;
}

void Agents::save(std::size_t k, AgentState& state) const {
  const OnHost agent = copy_to_host(k);
  state.fill([&](StateArrays& out) { loops_.save(sizes_, agent.header.get(), agent.state.get(), out); });
}

void Agents::load(std::size_t k, const AgentState& state) {
  const OnHost agent = copy_to_host(k);
  loops_.load(sizes_, state.arrays(), agent.header.get(), agent.state.get());
  check(cudaMemcpy(states_.get() + k * state_bytes_, agent.state.get(), state_bytes_, cudaMemcpyHostToDevice),
        "cudaMemcpy");
  write_header(k, agent.header.get());
}

void Agents::tune(std::size_t k, const Tuning& tuning) {
  const HostBlock header = allocate_host(aligned(loops_.header_bytes));
  read_header(k, header.get());
  loops_.tune(tuning, header.get());
  write_header(k, header.get());
}

void Agents::retire(std::size_t k) {
  const auto at = std::find(training_.begin(), training_.end(), static_cast<std::int64_t>(k));
  if (at == training_.end()) return;
  // The last one takes its place, so that all others stay with their teams.
  const auto place = static_cast<std::size_t>(at - training_.begin());
  const auto last = static_cast<std::size_t>(training_.back());
  *at = training_.back();
  training_.pop_back();
  const HostBlock header = allocate_host(aligned(loops_.header_bytes));
  read_header(last, header.get());
  set_workspace(place, header.get());
  write_header(last, header.get());
  write_list();
}

}  // namespace ppo::cuda
