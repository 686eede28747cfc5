#include "run/records.hpp"

#include <algorithm>

namespace ppo {

namespace {

constexpr std::int64_t kEnough = 100;  // episodes

}  // namespace

ReturnWindow::ReturnWindow(const std::vector<Entry>& entries) : entries_(entries.begin(), entries.end()) {
  for (const Entry& entry : entries) episodes_ += entry.episodes;
}

std::optional<double> ReturnWindow::add(std::int64_t episodes, double return_sum) {
  if (episodes > 0) entries_.push_back({episodes, return_sum});
  episodes_ += episodes;
  while (!entries_.empty() && episodes_ - entries_.front().episodes >= kEnough) {
    episodes_ -= entries_.front().episodes;
    entries_.pop_front();
  }
  return mean();
}

std::optional<double> ReturnWindow::mean() const {
  return episodes_ < kEnough ? std::nullopt : mean_so_far();
}

std::optional<double> ReturnWindow::mean_so_far() const {
  if (episodes_ == 0) return std::nullopt;
  double sum = 0;
  for (const Entry& entry : entries_) sum += entry.return_sum;
  return sum / static_cast<double>(episodes_);
}

AgentProgress::AgentProgress(const Config& config, const EnvironmentInfo& environment, std::int64_t agent)
    : batch_size_(batch_size(config.hyper)) {
  if (config.hyper.max_episode_steps == environment.time_limit) {
    solved_return_ = environment.solved_return;
  }
  record_.agent = agent;
  record_.seed = config.hyper.seed + static_cast<std::uint64_t>(agent);
}

const Record& AgentProgress::add(const UpdateRow& row) {
  record_.row = row;
  record_.steps = (row.update + 1) * batch_size_;
  record_.return_mean.reset();
  record_.length_mean.reset();
  record_.return_min.reset();
  record_.return_max.reset();
  if (row.episodes > 0) {
    record_.return_mean = row.return_sum / static_cast<double>(row.episodes);
    record_.length_mean = static_cast<double>(row.length_sum) / static_cast<double>(row.episodes);
    record_.return_min = row.return_min;
    record_.return_max = row.return_max;
  }
  record_.return_100 = window_.add(row.episodes, row.return_sum);
  record_.explained_variance.reset();
  if (row.return_variance > 0) {
    record_.explained_variance =
        1.0 - static_cast<double>(row.residual_variance) / static_cast<double>(row.return_variance);
  }
  if (!solved_at_step_ && solved_return_ && record_.return_100 >= static_cast<double>(*solved_return_)) {
    solved_at_step_ = record_.steps;
  }
  return record_;
}

AgentProgress::Memory AgentProgress::memory() const {
  return {{window_.entries().begin(), window_.entries().end()}, solved_at_step_, stopped_at_};
}

void AgentProgress::remember(const Memory& memory) {
  window_ = ReturnWindow(memory.window);
  solved_at_step_ = memory.solved_at_step;
  stopped_at_ = memory.stopped_at;
  record_.return_100 = window_.mean();
}

bool Outcome::all_stopped() const {
  return std::ranges::all_of(agents,
                             [](const AgentProgress& agent) { return agent.stopped_at().has_value(); });
}

}  // namespace ppo
