#include "fma_peak.hpp"

#include <atomic>
#include <cstdint>

#include "stopwatch.hpp"

extern "C" {
double ppo_fma_chains_portable(std::int64_t steps);
double ppo_fma_chains_fma(std::int64_t steps);
double ppo_fma_chains_avx2(std::int64_t steps);
double ppo_fma_chains_avx512(std::int64_t steps);
}

namespace ppo::bench {
namespace {

auto chains_of(const std::string& level) {
  if (level == "avx512") return ppo_fma_chains_avx512;
  if (level == "avx2") return ppo_fma_chains_avx2;
  return __builtin_cpu_supports("fma") ? ppo_fma_chains_fma : ppo_fma_chains_portable;
}

}  // namespace

double fma_peak(Team& team, const std::string& level, double seconds) {
  constexpr std::int64_t kSteps = 10000;  // some tens of microseconds
  const auto chains = chains_of(level);
  std::atomic<double> rate{0};
  team.run([&](const Worker&) {
    double flops = 0;
    const Stopwatch watch;
    while (watch.seconds() < seconds) flops += chains(kSteps);
    rate += flops / watch.seconds();
  });
  return rate;
}

}  // namespace ppo::bench
