# The ranks of an MPI job: src/engine/ranks with an MPI, or its absent.cpp, which knows of one rank only.
#
# PPO_MPI: AUTO takes the MPI that CMake finds, ON insists on one, OFF builds without.
set(PPO_MPI AUTO CACHE STRING "Train over the ranks of an MPI job: AUTO (if CMake finds an MPI), ON or OFF")
set_property(CACHE PPO_MPI PROPERTY STRINGS AUTO ON OFF)
if(NOT PPO_MPI MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "PPO_MPI is '${PPO_MPI}'; write AUTO, ON or OFF")
endif()
if(PPO_ONE_FILE AND PPO_MPI STREQUAL "ON")
  message(FATAL_ERROR "PPO_ONE_FILE links a binary that needs no library, and PPO_MPI=ON one that does; leave out one of them")
endif()

set(PPO_HAS_MPI OFF)
if(NOT PPO_ONE_FILE AND NOT PPO_MPI STREQUAL "OFF")
  set(MPI_CXX_SKIP_MPICXX ON) # C++ bindings that MPI-3 no longer has
  if(PPO_MPI STREQUAL "ON")
    find_package(MPI REQUIRED COMPONENTS CXX)
  else()
    find_package(MPI QUIET COMPONENTS CXX)
  endif()
  set(PPO_HAS_MPI ${MPI_CXX_FOUND})
endif()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/engine/ranks/mpi/*.cpp)
if(PPO_HAS_MPI)
  message(STATUS "MPI: ${MPI_CXX_LIBRARIES}")
  add_library(ppo_ranks OBJECT ${sources})
  target_link_libraries(ppo_ranks PUBLIC MPI::MPI_CXX)
else()
  message(STATUS "No MPI: one machine at a time")
  add_library(ppo_ranks OBJECT ${PROJECT_SOURCE_DIR}/src/engine/ranks/absent.cpp)
endif()
target_link_libraries(ppo_ranks PRIVATE "$<BUILD_INTERFACE:ppo_options;ppo_werror;ppo_hardening;${headers}>")
target_include_directories(ppo_ranks SYSTEM PRIVATE $<BUILD_INTERFACE:${fmt}>)
