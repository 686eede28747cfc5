#include "engine/parts/split_engine.hpp"

#include <algorithm>
#include <utility>

namespace ppo {

Population dealt(const Population& population, std::size_t part, std::size_t parts) {
  Population some{.sizes = population.sizes, .agents = {}};
  for (std::size_t k = part; k < population.agents.size(); k += parts)
    some.agents.push_back(population.agents[k]);
  return some;
}

SplitEngine::SplitEngine(std::vector<std::unique_ptr<Engine>> parts, std::int64_t num_agents, EngineInfo info)
    : parts_(std::move(parts)), num_agents_(static_cast<std::size_t>(num_agents)), info_(std::move(info)) {}

void SplitEngine::start(std::int64_t updates) {
  // The last first: the first may do its work here.
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) (*part)->start(updates);
}

std::span<const UpdateRow> SplitEngine::collect() {
  rows_.clear();
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const std::span<const UpdateRow> rows = parts_[p]->collect();
    const std::size_t agents = (num_agents_ - p + parts_.size() - 1) / parts_.size();
    rows_.resize(rows.size() / agents * num_agents_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows_[i / agents * num_agents_ + i % agents * parts_.size() + p] = rows[i];
    }
  }
  return rows_;
}

std::int64_t SplitEngine::batch() const {
  std::int64_t least = parts_.front()->batch();
  for (const auto& part : parts_) least = std::min(least, part->batch());
  return least;
}

std::int64_t SplitEngine::capacity() const {
  std::int64_t least = parts_.front()->capacity();
  for (const auto& part : parts_) least = std::min(least, part->capacity());
  return least;
}

int SplitEngine::depth() const {
  int least = parts_.front()->depth();
  for (const auto& part : parts_) least = std::min(least, part->depth());
  return least;
}

Profile SplitEngine::profile() const {
  Profile mean{};
  for (const auto& part : parts_) {
    const Profile profile = part->profile();
    for (std::size_t stage = 0; stage < mean.size(); ++stage) {
      mean[stage].work += profile[stage].work / static_cast<double>(parts_.size());
      mean[stage].wait += profile[stage].wait / static_cast<double>(parts_.size());
    }
  }
  return mean;
}

}  // namespace ppo
