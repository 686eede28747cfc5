# ppo_add_environment(NAME HEADER [TYPE] [OURS]): builds an environment into ppo_train, where `env = "NAME"` selects it.
#
# HEADER defines TYPE (default: NAME in CamelCase, my_env -> MyEnv), a struct as described in include/ppo/env.hpp.
# PPO_WERROR holds for headers that are OURS only. cmake/trainer.cmake says how it is compiled.

include(cmake/trainer.cmake)

# The networks of the SIMD levels, one object a level for all environments and sizes.
foreach(level ${PPO_SIMD_LEVELS})
  add_library(ppo_network_${level} OBJECT ${PROJECT_SOURCE_DIR}/src/engine/cpu/simd/network.cpp)
  target_link_libraries(ppo_network_${level} PRIVATE ppo_options ppo_loop_hardening ppo_werror)
  target_compile_options(ppo_network_${level} PRIVATE ${PPO_OPTIMISATION} ${PPO_LEVEL_FLAGS_${level}} ${PPO_NETWORK_FLAGS_${level}})
  set(object ${PROJECT_BINARY_DIR}/environments/ppo_network_${level}.o)
  ppo_seal(ppo_network_${level} ${object} ppo_network_${level})
  set_property(GLOBAL APPEND PROPERTY PPO_NETWORK_OBJECTS ${object})
endforeach()

function(ppo_add_environment name header)
  get_property(known GLOBAL PROPERTY PPO_ENVIRONMENTS)
  if(name IN_LIST known)
    message(FATAL_ERROR "ppo_add_environment: there is an environment '${name}' already")
  endif()
  set(is_ours OFF) # a warning in a user's header never stops the build
  if("OURS" IN_LIST ARGN)
    set(is_ours ON)
    list(REMOVE_ITEM ARGN OURS)
  endif()
  cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  ppo_compile_environment("ppo_add_environment(${name})" ${name} ${header} "${ARGN}" ${is_ours})
  set_property(GLOBAL APPEND PROPERTY PPO_ENVIRONMENTS ${name})
endfunction()

# The library of all of them and of the networks; and their table, as objects.
function(ppo_collect_environments library table)
  get_property(names GLOBAL PROPERTY PPO_ENVIRONMENTS)
  get_property(objects GLOBAL PROPERTY PPO_NETWORK_OBJECTS)
  foreach(name ${names})
    get_property(own GLOBAL PROPERTY PPO_OBJECTS_OF_${name})
    list(APPEND objects ${own})
  endforeach()
  add_library(${library} STATIC ${objects})
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX)
  if(PPO_HAS_CUDA)
    get_property(instances GLOBAL PROPERTY PPO_CUDA_INSTANCES)
    list(TRANSFORM instances REPLACE ".+" "$<TARGET_OBJECTS:\\0>" OUTPUT_VARIABLE objects)
    add_library(ppo_cuda_environments STATIC ${objects})
    set_target_properties(ppo_cuda_environments PROPERTIES LINKER_LANGUAGE CXX)
  endif()
  add_library(${table} OBJECT)
  ppo_add_table(${table} ${names})
endfunction()
