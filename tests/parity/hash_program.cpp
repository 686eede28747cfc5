// Runs the written-down runs, or those that are named, as the compiler at hand compiled them. Exit code 0:
// all hashes are the expected ones.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <span>
#include <string_view>

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

int main(int count, char** words) {
  const std::span<char*> names(words + 1, static_cast<std::size_t>(count - 1));
  std::size_t runs = 0;
  bool all_equal = true;
  const auto check = [&](const ppo::EnvironmentLoops& loops, const ppo::test::HashedRun& run) {
    if (!names.empty() && std::ranges::find(names, std::string_view(run.name)) == names.end()) return;
    ++runs;
    all_equal = as_written_down(loops, run) && all_equal;
  };
  for (const auto& run : ppo::test::kHashedRuns) check(kLoops, run);
  for (const auto& run : ppo::test::kBoxRuns) check(kBoxLoops, run);
  return all_equal && (names.empty() ? runs > 0 : runs == names.size()) ? 0 : 1;
}
