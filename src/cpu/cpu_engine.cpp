#include "cpu/cpu_engine.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "hash.hpp"

namespace ppo {

void CpuEngine::Free::operator()(void* block) const {
  std::free(block);
}

CpuEngine::CpuEngine(const EnvironmentLoops& loops, const Hyper& hyper, std::int64_t num_agents,
                     EngineInfo info, bool trace)
    : loops_(loops), hyper_(hyper), info_(std::move(info)) {
  const std::size_t bytes = loops.agent_bytes(hyper);
  for (std::int64_t k = 0; k < num_agents; ++k) {
    Block block(static_cast<std::byte*>(std::aligned_alloc(64, bytes)));
    if (block == nullptr) throw std::bad_alloc();
    std::memset(block.get(), 0, bytes);
    loops.init(hyper, hyper.seed + static_cast<std::uint64_t>(k), block.get());
    agents_.push_back(std::move(block));
  }
  if (trace) traces_.assign(agents_.size(), kFnvOffset);
}

std::span<const UpdateRow> CpuEngine::run(std::int64_t updates) {
  rows_.clear();
  for (std::int64_t update = 0; update < updates; ++update) {
    for (std::size_t k = 0; k < agents_.size(); ++k) {
      loops_.update(hyper_, agents_[k].get(), &rows_.emplace_back());
      if (!traces_.empty()) traces_[k] = loops_.trace_hash(hyper_, agents_[k].get(), traces_[k]);
    }
  }
  return rows_;
}

std::span<const float> CpuEngine::params(std::int64_t k) const {
  const auto index = static_cast<std::size_t>(k);
  return {loops_.params(agents_[index].get()), static_cast<std::size_t>(loops_.info.parameter_count)};
}

std::uint64_t CpuEngine::trace_hash(std::int64_t k) const {
  return traces_.empty() ? 0 : traces_[static_cast<std::size_t>(k)];
}

}  // namespace ppo
