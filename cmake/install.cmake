# What `cmake --install` installs, in components that `--component` names:
#   program      the program alone
#   mpi          the module that it loads for jobs of several processes
#   files        what belongs to it: presets, completions
#   documents    the same, of what Debian's packages have elsewhere (packages.cmake): manual page, copyright, zsh
#   development  what ppo_add_trainer needs to build a trainer with other environments from it, which
#                find_package(ppo_train) finds through cmake/ppo_train-config.cmake.in

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS ppo_train RUNTIME COMPONENT program)
if(TARGET ppo_mpi)
  install(TARGETS ppo_mpi LIBRARY DESTINATION ${PPO_MODULES} COMPONENT mpi)
endif()

# The program prints its own manual page and completions.
set(PPO_PRINTED ${PROJECT_BINARY_DIR}/printed)
file(MAKE_DIRECTORY ${PPO_PRINTED})

# ppo_print(FILE ARGUMENT...): what ppo_train prints with the ARGUMENTs becomes FILE.
function(ppo_print file)
  add_custom_command(OUTPUT ${PPO_PRINTED}/${file} COMMAND ppo_train ${ARGN} > ${PPO_PRINTED}/${file} DEPENDS ppo_train VERBATIM)
  set_property(GLOBAL APPEND PROPERTY PPO_PRINTED ${PPO_PRINTED}/${file})
endfunction()

if(CMAKE_CROSSCOMPILING)
  message(STATUS "No manual page and no completions: the program, which prints them, may not run here")
else()
  ppo_print(ppo_train.1 help --man)
  foreach(shell bash zsh fish)
    ppo_print(ppo_train.${shell} completions ${shell})
  endforeach()
  get_property(printed GLOBAL PROPERTY PPO_PRINTED)
  add_custom_target(ppo_printed ALL DEPENDS ${printed})
  install(FILES ${PPO_PRINTED}/ppo_train.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT documents)
  install(FILES ${PPO_PRINTED}/ppo_train.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME ppo_train COMPONENT files)
  install(FILES ${PPO_PRINTED}/ppo_train.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
          RENAME _ppo_train COMPONENT documents)
  install(FILES ${PPO_PRINTED}/ppo_train.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
          COMPONENT files)
endif()
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/ppo_train COMPONENT files FILES_MATCHING PATTERN "*.toml")
install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ppo_train COMPONENT documents)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development) # of all that follows
set(PPO_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/ppo_train)
set(PPO_HEADERS ${CMAKE_INSTALL_INCLUDEDIR}/ppo_train)

if(NOT TARGET ppo_cuda_absent) # for those who have no nvcc
  add_library(ppo_cuda_absent OBJECT ${PROJECT_SOURCE_DIR}/src/engine/cuda/absent.cpp)
  target_link_libraries(ppo_cuda_absent PRIVATE ppo_options ppo_werror ppo_hardening)
endif()

set(targets ppo_options ppo_werror ppo_hardening ppo_loop_hardening ppo_program_options ppo_host ppo_environments ppo_main
            ppo_cuda_absent)
if(PPO_HAS_CUDA)
  list(APPEND targets ppo_cuda_engine ppo_cuda_environments)
endif()
install(TARGETS ${targets} EXPORT ppo_train-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/ppo_train
                                                    OBJECTS DESTINATION ${CMAKE_INSTALL_LIBDIR}/ppo_train)
install(EXPORT ppo_train-targets NAMESPACE ppo_train:: DESTINATION ${PPO_PACKAGE})

# The headers of the algorithm, for the environments; of the engine, for what is compiled for each of them.
install(DIRECTORY include/ppo DESTINATION ${PPO_HEADERS} FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY src/engine DESTINATION ${PPO_HEADERS} FILES_MATCHING PATTERN "*.hpp" PATTERN "cuda" EXCLUDE)
install(FILES src/config/environment_names.hpp DESTINATION ${PPO_HEADERS}/config)
install(FILES src/system/processor/per_level.hpp DESTINATION ${PPO_HEADERS}/system/processor)
install(DIRECTORY kernels DESTINATION ${PPO_HEADERS} FILES_MATCHING PATTERN "*.hpp")

install(FILES cmake/trainer.cmake cmake/levels.cmake cmake/cuda.cmake cmake/instance.cpp.in cmake/instance.cu.in
              cmake/environment_table.cpp.in
        DESTINATION ${PPO_PACKAGE})
install(PROGRAMS cmake/keep_ptx.sh DESTINATION ${PPO_PACKAGE})
get_property(PPO_NAMES GLOBAL PROPERTY PPO_ENVIRONMENTS)
set(PPO_MPI_MODULE_INSTALLED ${PPO_MODULES}/ppo_mpi.so)
configure_package_config_file(cmake/ppo_train-config.cmake.in ppo_train-config.cmake INSTALL_DESTINATION ${PPO_PACKAGE}
                              PATH_VARS PPO_HEADERS PPO_MPI_MODULE_INSTALLED NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(ppo_train-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ppo_train-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/ppo_train-config-version.cmake
        DESTINATION ${PPO_PACKAGE})
