# The tests of a build for another architecture, which an emulator runs: what concerns numerics, engine and formats, and a
# run as a user starts it. All of them would take an hour.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS golden/*_test.cpp parity/*_test.cpp unit/engine/*.cpp unit/env/*_test.cpp
     unit/formats/*_test.cpp unit/ppo/*_test.cpp)
list(FILTER sources EXCLUDE REGEX "(curand|exhaustive|picture)[^/]*$")
ppo_add_tests(arm 600 ${sources})
ppo_link_test_levels(arm_tests)
ppo_add_second_golden_tests(arm_tests arm "Golden*")

# The demo as README.md shows it.
add_test(NAME arm.TrainsAsDocumented COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/guard/documented_hash.sh
                                             ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:ppo_train>)
set_tests_properties(arm.TrainsAsDocumented PROPERTIES LABELS arm TIMEOUT 600)
