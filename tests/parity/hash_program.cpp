// Runs the written-down runs as the compiler at hand compiled them. Exit code 0: all hashes are the expected
// ones.
#include <cinttypes>
#include <cstdio>

#include "golden_hashes.hpp"
#include "unit/ppo/test_environments.hpp"

namespace {

constexpr ppo::EnvironmentLoops kLoops = ppo::reference::loops<ppo::CartPole>("cartpole");
constexpr ppo::EnvironmentLoops kBoxLoops = ppo::reference::loops<ppo::testing::Hover<3>>("box");

bool as_written_down(const ppo::EnvironmentLoops& loops, const ppo::test::HashedRun& run) {
  const ppo::test::Hashes got = ppo::test::hash_run(loops, run.hyper);
  const bool equal = got == run.expected;
  std::printf("%s: {0x%016" PRIx64 ", 0x%016" PRIx64 ", 0x%016" PRIx64 "} %s\n", run.name, got.params,
              got.rows, got.trace, equal ? "as written down" : "DIFFERENT");
  return equal;
}

}  // namespace

int main() {
  bool all_equal = true;
  for (const auto& run : ppo::test::kHashedRuns) all_equal = as_written_down(kLoops, run) && all_equal;
  for (const auto& run : ppo::test::kBoxRuns) all_equal = as_written_down(kBoxLoops, run) && all_equal;
  return all_equal ? 0 : 1;
}
