#include "peaks.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

#include "system/processor/levels.hpp"
#include "system/stopwatch.hpp"

#define PPO_DECLARE_LEVEL(level)                     \
  double ppo_fma_chains_##level(std::int64_t steps); \
  double ppo_touch_##level(float* data, std::size_t count);

extern "C" {
PPO_EACH_LEVEL(PPO_DECLARE_LEVEL)
}

namespace ppo::bench {
namespace {

struct LevelLoops {
  double (*fma_chains)(std::int64_t steps);
  double (*touch)(float* data, std::size_t count);
};

#define PPO_LOOPS_OF_LEVEL(level) .level = {ppo_fma_chains_##level, ppo_touch_##level},
constexpr PerLevel<LevelLoops> kLoops = {PPO_EACH_LEVEL(PPO_LOOPS_OF_LEVEL)};

LevelLoops loops_of(const std::string& level) {
  return kLoops.*find_level<LevelLoops>(level).level;
}

/// make_work() prepares a worker; what it returns does some tens of microseconds of work and says how much.
template <class MakeWork>
double rate(Team& team, double seconds, MakeWork make_work) {
  std::atomic<double> total{0};
  team.run([&](const Worker& worker) {
    auto work = make_work();
    worker.wait();
    double done = 0;
    const Stopwatch watch;
    while (watch.seconds() < seconds) done += work();
    total += done / watch.seconds();
  });
  return total;
}

}  // namespace

double fma_peak(Team& team, const std::string& level, double seconds) {
  return rate(team, seconds, [&] { return [chains = loops_of(level).fma_chains] { return chains(10000); }; });
}

double cache_rate(Team& team, const std::string& level, double seconds) {
  return rate(team, seconds, [&] {
    return [touch = loops_of(level).touch, data = std::vector<float>(std::size_t{128} * 1024)]() mutable {
      return touch(data.data(), data.size());
    };
  });
}

}  // namespace ppo::bench
