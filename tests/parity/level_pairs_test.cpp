// Instruction set and threads change the speed of a run and not one bit of it, in any environment and any
// shape.
#include <gtest/gtest.h>

#include "engine/engine.hpp"
#include "parity/shapes.hpp"
#include "system/errors.hpp"
#include "system/processor/levels.hpp"
#include "unit/engine/engine_runs.hpp"

namespace ppo {
namespace {

using test::Shape;

std::vector<testing::Outcome> outcomes_of(const EnvironmentLoops& loops, const Shape& shape, int threads) {
  const std::int64_t updates = test::updates_of(shape);
  CpuEngine engine(loops, population_of(shape.hyper, 2), EngineInfo{"cpu", "test", threads}, {.trace = true});
  return testing::run(engine, 2, updates, updates);
}

class LevelPairs : public ::testing::TestWithParam<std::tuple<std::string_view, Shape>> {};

TEST_P(LevelPairs, GiveTheSameBytes) {
  const auto& [name, shape] = GetParam();
  const Environment* environment = find_environment(name);
  ASSERT_NE(environment, nullptr);
  const std::vector<testing::Outcome> expected = outcomes_of(*environment->portable, shape, 1);
  for (const std::string& simd : level_names()) {
    for (const int threads : {1, 2, 3, 8}) {  // two agents: alone, one each, and both by the whole team
      SCOPED_TRACE(simd + ", threads " + std::to_string(threads));
      try {
        const auto got = outcomes_of(choose_level(*environment, simd).loops, shape, threads);
        for (std::size_t k = 0; k < expected.size(); ++k) testing::expect_same(expected[k], got[k]);
      } catch (const Failure& failure) {
        std::cout << failure.what() << '\n';  // NamedLevel skips, and shows, the same
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Environments, LevelPairs, ::testing::ValuesIn(test::shapes_of_environments()),
                         [](const auto& each) { return test::name_of(each.param); });

}  // namespace
}  // namespace ppo
