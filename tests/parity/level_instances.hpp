// Environments of all kinds of actions, for each instruction-set level: as cmake/environments.cmake builds
// the program's own.
#pragma once

#include <array>
#include <cstddef>

#include "engine/cpu/reference/loops.hpp"
#include "engine/environment.hpp"
#include "unit/ppo/hard_environments.hpp"

namespace ppo::test {

/// With 1 ... 8 outputs of the actor, and with more than a few vectors of them; with a large state; and one
/// that breaks.
using LevelInstances = std::array<EnvironmentLoops, 12>;

/// Places in it.
inline constexpr std::size_t kHover1 = 0;
inline constexpr std::size_t kHover3 = 1;
inline constexpr std::size_t kRing5 = 5;
inline constexpr std::size_t kBrittle = 11;

template <class Stages>
constexpr LevelInstances level_instances() {
  using namespace testing;
  return {reference::loops<Hover<1>, Stages>("hover_1"),
          reference::loops<Hover<3>, Stages>("hover_3"),
          reference::loops<Ring<2>, Stages>("ring_2"),
          reference::loops<Ring<3>, Stages>("ring_3"),
          reference::loops<Ring<4>, Stages>("ring_4"),
          reference::loops<Ring<5>, Stages>("ring_5"),
          reference::loops<Ring<6>, Stages>("ring_6"),
          reference::loops<Ring<7>, Stages>("ring_7"),
          reference::loops<Ring<8>, Stages>("ring_8"),
          reference::loops<Ring<20>, Stages>("ring_20"),
          reference::loops<Heavy, Stages>("heavy"),
          reference::loops<Brittle<Hover<1>, 2000>, Stages>("brittle")};
}

}  // namespace ppo::test

extern "C" {
#define PPO_DECLARE_INSTANCES(level) extern const ppo::test::LevelInstances ppo_test_##level;
PPO_EACH_LEVEL(PPO_DECLARE_INSTANCES)
#undef PPO_DECLARE_INSTANCES
}

namespace ppo::test {

/// One of them, as the program has its own.
inline Environment environment_at(std::size_t place) {
#define PPO_INSTANCE(level) .level = &ppo_test_##level[place],
  return {{PPO_EACH_LEVEL(PPO_INSTANCE)}, nullptr};
#undef PPO_INSTANCE
}

}  // namespace ppo::test
