#include "sweep/halving.hpp"

#include <algorithm>

#include "sweep/draws.hpp"
#include "sweep/score.hpp"

namespace ppo {

std::vector<bool> find_control(const SweepConfig& sweep) {
  const auto trials = static_cast<std::uint32_t>(sweep.plan.trials);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> order;  // random bits, number
  for (std::uint32_t number = 1; number < trials; ++number) {
    order.push_back({sweep_bits(sweep.config.hyper.seed, SweepPurpose::control, number), number});
  }
  std::ranges::sort(order);
  std::vector<bool> control(trials);
  for (std::uint32_t i = 0; i < trials / 8; ++i) control[order[i].second] = true;
  return control;
}

void halve(const SweepConfig& sweep, double target, std::int64_t steps, std::vector<Trial>& trials) {
  const std::vector<bool> control = find_control(sweep);
  std::vector<std::size_t> rivals;
  for (std::size_t place = 0; place < trials.size(); ++place) {
    if (trials[place].state == Trial::State::training) rivals.push_back(place);
  }
  rivals = ranked(sweep.plan, target, trials, rivals);
  for (std::size_t i = (rivals.size() + 1) / 2; i < rivals.size(); ++i) {
    Trial& trial = trials[rivals[i]];
    trial.cut_at = steps;
    trial.state = control[rivals[i]] ? Trial::State::control : Trial::State::cut;
  }
}

}  // namespace ppo
