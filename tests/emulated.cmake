# The tests of a build for another architecture, which an emulator runs at a hundredth of a processor's speed: the hashes at
# every level, what concerns numerics, engine and formats, and a preset trained as a user would. Of what takes an emulator
# more than some seconds few cases are kept; the builds that need no emulator run the others.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS golden/*_test.cpp parity/*_test.cpp unit/engine/*.cpp unit/env/*_test.cpp
     unit/formats/*_test.cpp unit/ppo/*_test.cpp unit/system/processor_test.cpp)
list(FILTER sources EXCLUDE REGEX "(curand|exhaustive|picture)[^/]*$")
list(FILTER sources EXCLUDE REGEX "parity/(large_minibatch|mixed_population|population|resume)_test")
list(FILTER sources EXCLUDE REGEX "engine/(barrier|evaluator|team|parts/joint_engine|parts/split_engine)_test")
set(PPO_TESTS_LEFT_OUT AnyEnvironment.WithALargeMinibatch AnyEnvironment.Whatever* */AnySize.*/64 */AnySize.*/128
                       */AnySize.*/256 DrawDistribution.* Engine.LearnsCartPole EngineProfile.* EngineValues.*
                       Evaluate.ThePolicyOf* Init.EveryLayerIs* NetworkGradient.OfA* Permutation.ReachesEvery*)
foreach(shape two_groups seven_by_thirtythree prime_environments leaves_of_32 seventeen_samples_a_minibatch all_options)
  list(APPEND PPO_TESTS_LEFT_OUT */LevelPairs.*_${shape})
endforeach()
foreach(environment acrobot mountain_car mountain_car_continuous pendulum my_env)
  list(APPEND PPO_TESTS_LEFT_OUT */EvaluatePairs.*/${environment})
endforeach()
foreach(environment acrobot_hidden_128 mountain_car*_hidden_128 pendulum_hidden_128 my_env_*)
  list(APPEND PPO_TESTS_LEFT_OUT */LevelPairs.*/${environment})
endforeach()
list(JOIN PPO_TESTS_LEFT_OUT ":" PPO_TESTS_LEFT_OUT)
ppo_add_tests(arm 600 ${sources})
ppo_link_test_levels(arm_tests)
ppo_add_second_golden_tests(arm_tests arm "Golden*")

# A whole preset, with the hash that README.md shows of it.
add_test(NAME arm.TrainsAsDocumented COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/guard/documented_hash.sh
                                             ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:ppo_train>)
set_tests_properties(arm.TrainsAsDocumented PROPERTIES LABELS arm TIMEOUT 600 COST 1000) # first, as it takes longest
