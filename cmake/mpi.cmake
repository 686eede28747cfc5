# The MPI for jobs of several ranks (src/engine/ranks).
#
# PPO_MPI: AUTO takes the MPI that CMake finds, ON insists on one, OFF builds without.
set(PPO_MPI AUTO CACHE STRING "Train over the ranks of an MPI job: AUTO (if CMake finds an MPI), ON or OFF")
set_property(CACHE PPO_MPI PROPERTY STRINGS AUTO ON OFF)
if(NOT PPO_MPI MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "PPO_MPI is '${PPO_MPI}'; write AUTO, ON or OFF")
endif()
if(PPO_ONE_FILE AND PPO_MPI STREQUAL "ON")
  message(FATAL_ERROR "PPO_ONE_FILE makes a program of one file, and PPO_MPI=ON adds a second; leave out one of them")
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

# What is linked with it is a module beside the program, which loads it for a job (src/engine/ranks/mpi/calls.hpp).
include(GNUInstallDirs)
set(PPO_MODULES ${CMAKE_INSTALL_LIBDIR}/ppo_train)
file(RELATIVE_PATH modules ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/ppo_train)
set_source_files_properties(src/engine/ranks/mpi/load.cpp PROPERTIES COMPILE_DEFINITIONS PPO_MODULES="${modules}")
target_link_libraries(ppo_host PRIVATE ${CMAKE_DL_LIBS})
if(PPO_HAS_MPI)
  message(STATUS "MPI: ${MPI_CXX_LIBRARIES}")
  add_library(ppo_mpi MODULE src/engine/ranks/mpi/module.cpp)
  set_target_properties(ppo_mpi PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR} CXX_VISIBILITY_PRESET hidden
                                           INSTALL_RPATH_USE_LINK_PATH ON) # the MPI may be anywhere
  target_link_libraries(ppo_mpi PRIVATE MPI::MPI_CXX ppo_options ppo_werror ppo_hardening)
  if(PPO_HARDENED)
    target_link_options(ppo_mpi PRIVATE ${PPO_LINK_HARDENING})
  endif()
  set(PPO_MPI_MODULE $<TARGET_FILE:ppo_mpi>)
else()
  message(STATUS "No MPI: one machine at a time")
  file(REMOVE ${PROJECT_BINARY_DIR}/ppo_mpi.so) # of an earlier configuration
endif()
