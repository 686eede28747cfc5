#include "engine/cpu/cpu_engine.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "ppo/gradient.hpp"
#include "ppo/hash.hpp"
#include "system/cores.hpp"
#include "system/stopwatch.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

/// What an update has done, in passes over a batch: one forward to collect it; forward and backward, which
/// cost three, in each epoch.
double work_of(const UpdateRow& row) {
  return 1 + 3 * static_cast<double>(row.epochs);
}

/// As many threads as there is work for: agents, or one network of a group of samples for each of the threads
/// that train one together. A core's second thread, and slower cores, have to show their worth later.
int first_threads(const Population& population, int most) {
  const std::int64_t parts = std::max(population.count(), 2 * group_count(minibatch_size(population.sizes)));
  return static_cast<int>(std::min<std::int64_t>(parts, std::min(most, usable_fast_cores())));
}

}  // namespace

CpuEngine::CpuEngine(const EnvironmentLoops& loops, Population population, EngineInfo info,
                     Instruments instruments, std::unique_ptr<RankExchange> exchange)
    : loops_(loops),
      population_(std::move(population)),
      info_(std::move(info)),
      team_(info_.threads),
      exchange_(std::move(exchange)) {
  const Sizes& sizes = population_.sizes;
  const std::size_t bytes = loops.agent_bytes(sizes);
  for (std::int64_t k = 0; k < population_.count(); ++k) {
    training_.push_back(agents_.size());
    agents_.push_back(allocate_block(bytes));
  }
  const std::size_t scratch = loops.scratch_bytes(sizes);
  for (int index = 0; index < team_.size(); ++index) scratch_.push_back(allocate_block(scratch));
  // Memory is first touched by the thread that will work on it.
  team_.run([&](const Worker& worker) {
    std::memset(scratch_[static_cast<std::size_t>(worker.index)].get(), 0, scratch);
    for (std::size_t k = static_cast<std::size_t>(worker.index); k < agents_.size();
         k += static_cast<std::size_t>(worker.count)) {
      std::memset(agents_[k].get(), 0, bytes);
      loops.init(sizes, population_.agents[k], agents_[k].get());
    }
  });
  if (info_.chooses_threads) team_size_.emplace(info_.threads, first_threads(population_, info_.threads));
  if (instruments.trace) traces_.assign(agents_.size(), kFnvOffset);
  if (instruments.profile) clocks_.resize(static_cast<std::size_t>(team_.size()));
}

std::span<const UpdateRow> CpuEngine::collect() {
  const std::int64_t updates = std::exchange(queued_, 0);
  make_rows(updates);
  const Stopwatch watch;
  const auto job = [&](const Worker& worker) {
    for (std::int64_t update = 0; update < updates; ++update) {
      update_agents(worker, rows_.data() + static_cast<std::size_t>(update) * agents_.size());
    }
  };
  team_.run(job, workers());
  note_speed(watch.seconds());
  return rows_;
}

/// Of what has just been collected.
void CpuEngine::note_speed(double seconds) {
  if (!team_size_ || training_.empty()) return;
  double work = 0;
  for (std::size_t first = 0; first < rows_.size(); first += agents_.size()) {
    for (const std::size_t k : training_) work += work_of(rows_[first + k]);
  }
  team_size_->add(seconds, work);
  info_.mean_threads = team_size_->mean();
}

void CpuEngine::make_rows(std::int64_t updates) {
  try {
    rows_.assign(static_cast<std::size_t>(updates) * agents_.size(), {});
  } catch (const std::bad_alloc&) {
    if (exchange_ == nullptr) throw;
    end_process("there is not enough memory; free some, or use a smaller config");  // the others wait for it
  }
}

void CpuEngine::update_agents(const Worker& worker, UpdateRow* rows) {
  StageClock* clock = clocks_.empty() ? nullptr : &clocks_[static_cast<std::size_t>(worker.index)];
  void* const scratch = scratch_[static_cast<std::size_t>(worker.index)].get();
  const Worker alone{.clock = clock, .scratch = scratch};
  Worker member = worker;
  member.clock = clock;
  member.scratch = scratch;
  if (exchange_) {
    member.rank = exchange_->rank();
    member.ranks = exchange_->ranks();
    member.exchange = exchange_.get();
  }
  // Agents are dealt out whole, one to each worker, as long as there are enough for all; the team trains the
  // remaining ones together. With other ranks, all: they exchange an agent's parts one after the other.
  const auto count = static_cast<std::size_t>(worker.count);
  const std::size_t solo = exchange_ ? 0 : training_.size() / count * count;
  for (std::size_t i = static_cast<std::size_t>(worker.index); i < solo; i += count) {
    update_agent(training_[i], alone, rows);
  }
  for (std::size_t i = solo; i < training_.size(); ++i) update_agent(training_[i], member, rows);
}

void CpuEngine::update_agent(std::size_t k, const Worker& worker, UpdateRow* rows) {
  loops_.update(population_.sizes, agents_[k].get(), worker, rows + k);
  if (!traces_.empty() && worker.leads() && rows[k].fault.any == 0)
    traces_[k] = loops_.trace_hash(population_.sizes, agents_[k].get(), traces_[k]);
  if (!traces_.empty()) worker.wait();  // read before the next rollout overwrites it
}

std::span<const float> CpuEngine::params(std::int64_t k) const {
  const auto index = static_cast<std::size_t>(k);
  return {loops_.params(agents_[index].get()),
          static_cast<std::size_t>(loops_.info.layout(population_.sizes.hidden_size).size())};
}

AgentState CpuEngine::save(std::int64_t k) const {
  AgentState state(loops_.info, population_.sizes);
  const void* agent = agents_[static_cast<std::size_t>(k)].get();
  state.fill([&](StateArrays& out) { loops_.save(population_.sizes, agent, out); });
  state.trace = trace_hash(k);
  return state;
}

void CpuEngine::load(std::int64_t k, const AgentState& state) {
  const auto index = static_cast<std::size_t>(k);
  loops_.load(population_.sizes, state.arrays(), agents_[index].get());
  population_.agents[index].seed = state.seed;
  if (!traces_.empty()) traces_[index] = state.trace;
}

void CpuEngine::tune(std::int64_t k, const Tuning& tuning) {
  const auto index = static_cast<std::size_t>(k);
  loops_.tune(tuning, agents_[index].get());
  population_.agents[index] = tuning;
}

void CpuEngine::retire(std::int64_t k) {
  std::erase(training_, static_cast<std::size_t>(k));
}

Profile CpuEngine::profile() const {
  Profile mean{};
  for (const StageClock& clock : clocks_) {
    for (std::size_t stage = 0; stage < mean.size(); ++stage) {
      mean[stage].work += clock.profile()[stage].work / team_.size();
      mean[stage].wait += clock.profile()[stage].wait / team_.size();
    }
  }
  return mean;
}

std::uint64_t CpuEngine::trace_hash(std::int64_t k) const {
  return traces_.empty() ? 0 : traces_[static_cast<std::size_t>(k)];
}

}  // namespace ppo
