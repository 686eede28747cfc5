// Runs the written-down runs as the compiler at hand compiled them. Exit code 0: all hashes are the expected
// ones.
#include <cinttypes>
#include <cstdio>

#include "golden_hashes.hpp"

int main() {
  constexpr ppo::EnvironmentLoops kLoops = ppo::reference::loops<ppo::CartPole>("cartpole");
  bool all_equal = true;
  for (const ppo::test::HashedRun& run : ppo::test::kHashedRuns) {
    const ppo::test::Hashes got = ppo::test::hash_run(kLoops, run.hyper);
    const bool equal = got == run.expected;
    std::printf("%s: {0x%016" PRIx64 ", 0x%016" PRIx64 ", 0x%016" PRIx64 "} %s\n", run.name, got.params,
                got.rows, got.trace, equal ? "as written down" : "DIFFERENT");
    all_equal = all_equal && equal;
  }
  return all_equal ? 0 : 1;
}
