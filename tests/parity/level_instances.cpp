// Compiled once for each level, by tests/CMakeLists.txt: PPO_TEST_STAGES are the level's, and
// PPO_TEST_INSTANCES is what it exports.
#include "parity/level_instances.hpp"

#include PPO_TEST_STAGES_HEADER

extern "C" constinit const ppo::test::LevelInstances PPO_TEST_INSTANCES =
    ppo::test::level_instances<ppo::PPO_TEST_STAGES::Stages>();
