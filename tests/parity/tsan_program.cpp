// The engine under ThreadSanitizer, which ends the program with an exit code of its own when two workers
// touch the same memory and no barrier lies between. Built with -fsanitize=thread, engine and stages
// included, in every build. Exit code 0: no race, and the bytes are the written-down ones; 77: nothing to run
// it on.
#include <cstdio>

#include "engine/cpu/cpu_engine.hpp"
#include "engine/cpu/simd/stages.hpp"
#include "engine/evaluator.hpp"
#include "golden_hashes.hpp"
#include "system/processor/levels.hpp"
#include "unit/ppo/test_environments.hpp"

namespace ppo::test {
namespace {

constexpr EnvironmentLoops kScalar = reference::loops<CartPole>("cartpole");
constexpr EnvironmentLoops kSimd = reference::loops<CartPole, simd::Stages>("cartpole");
constexpr EnvironmentLoops kSimdBox = reference::loops<testing::Hover<3>, simd::Stages>("box");

/// As hash_run, by a team that trains `num_agents`; of the first.
Hashes hash_engine(const EnvironmentLoops& loops, const Hyper& hyper, std::int64_t num_agents, int threads) {
  CpuEngine engine(loops, population_of(hyper, num_agents), EngineInfo{"cpu", "test", threads},
                   {.trace = true, .profile = true});
  const std::span<const UpdateRow> rows =
      engine.run(num_updates(hyper));  // at once: nothing but barriers between
  Hashes hashes{0, kFnvOffset, 0};
  for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(num_agents)) {
    hashes.rows = hash_row(rows[i], hashes.rows);
  }
  const std::span<const float> params = engine.params(0);
  hashes.params = fnv1a(params.data(), params.size_bytes());
  hashes.trace = engine.trace_hash(0);
  return hashes;
}

bool as_written_down(const EnvironmentLoops& loops, const HashedRun& run, std::int64_t num_agents,
                     int threads) {
  const bool equal = hash_engine(loops, run.hyper, num_agents, threads) == run.expected;
  if (!equal)
    std::printf("%s, %lld agents, %d threads: DIFFERENT\n", run.name, static_cast<long long>(num_agents),
                threads);
  return equal;
}

bool all_as_written_down() {
  bool all = true;
  for (const HashedRun& run : kHashedRuns) {
    for (const int threads : {2, 3, 8}) all = as_written_down(kSimd, run, 1, threads) && all;
    all = as_written_down(kScalar, run, 1, 3) && all;
  }
  for (const HashedRun& run : kBoxRuns) all = as_written_down(kSimdBox, run, 1, 3) && all;
  return as_written_down(kSimd, kHashedRuns[1], 4, 3) &&
         all;  // one agent each, and the team takes the fourth
}

/// Threads that evaluate give the results of one.
bool plays_as_one(const EnvironmentLoops& loops) {
  const Hyper hyper{{.num_envs = 2, .num_steps = 4}, {}};
  const CpuEngine engine(loops, population_of(hyper, 2), EngineInfo{"cpu", "test", 1}, {});
  const std::vector<TrainedPolicy> policies{engine.policy(0), engine.policy(1)};
  const EvalOptions options{.episodes = 70, .max_steps = 30};
  const auto expected = Evaluator(loops, hyper, 1).play(policies, options);
  const auto got = Evaluator(loops, hyper, 3).play(policies, options);
  for (std::size_t k = 0; k < policies.size(); ++k) {
    for (std::size_t i = 0; i < expected[k].size(); ++i) {
      if (got[k][i].episode_return != expected[k][i].episode_return) {
        std::printf("%s, policy %zu: DIFFERENT\n", loops.info.name.data(), k);
        return false;
      }
    }
  }
  return true;
}

}  // namespace
}  // namespace ppo::test

/// ThreadSanitizer asks for it: the first race ends the program.
extern "C" const char* __tsan_default_options() {
  return "halt_on_error=1";
}

int main() {
#if defined(__x86_64__)
  if (!ppo::has_fma()) {
    std::printf("this machine has no AVX2 with FMA\n");
    return 77;
  }
#endif
  using namespace ppo::test;
  const bool played = plays_as_one(kScalar) && plays_as_one(kSimd) && plays_as_one(kSimdBox);
  return all_as_written_down() && played ? 0 : 1;
}
