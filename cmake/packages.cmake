# What scripts/make_packages.sh packs with CPack: a tarball that runs from any folder, and a Debian package.
#
# Their program needs only libc and libm, whatever MPI and C++ library the build's own uses: ppo_onefile is the same
# objects, linked as PPO_ONE_FILE links them. Debian has places of its own for some of the files that install.cmake installs.

if(CMAKE_CXX_FLAGS MATCHES "-fsanitize" OR CMAKE_CROSSCOMPILING)
  return()
endif()

if(PPO_ONE_FILE)
  set(onefile ppo_train)
else()
  set(onefile ppo_onefile)
  add_executable(ppo_onefile)
  set_target_properties(ppo_onefile PROPERTIES OUTPUT_NAME ppo_train RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/onefile)
  target_link_libraries(ppo_onefile PRIVATE ppo_main ppo_core ppo_program_options)
  target_link_options(ppo_onefile PRIVATE ${PPO_STATIC_LIBRARIES})
endif()
install(TARGETS ${onefile} RUNTIME DESTINATION bin COMPONENT onefile EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR TGZ)
find_program(PPO_DPKG dpkg)
if(PPO_DPKG)
  list(APPEND CPACK_GENERATOR DEB)
  # Debian's places.
  find_program(PPO_GZIP gzip REQUIRED)
  function(ppo_compress file output)
    add_custom_command(OUTPUT ${PPO_PRINTED}/${output} COMMAND ${PPO_GZIP} -9nc ${file} > ${PPO_PRINTED}/${output}
                       DEPENDS ${file} VERBATIM)
  endfunction()
  ppo_compress(${PPO_PRINTED}/ppo_train.1 ppo_train.1.gz)
  ppo_compress(${PROJECT_SOURCE_DIR}/packaging/changelog changelog.Debian.gz)
  add_custom_target(ppo_compressed ALL DEPENDS ${PPO_PRINTED}/ppo_train.1.gz ${PPO_PRINTED}/changelog.Debian.gz)

  set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME debian)
  install(FILES ${PPO_PRINTED}/ppo_train.1.gz DESTINATION share/man/man1 EXCLUDE_FROM_ALL)
  install(FILES ${PPO_PRINTED}/ppo_train.zsh DESTINATION share/zsh/vendor-completions RENAME _ppo_train EXCLUDE_FROM_ALL)
  install(FILES packaging/copyright ${PPO_PRINTED}/changelog.Debian.gz DESTINATION share/doc/ppo-train EXCLUDE_FROM_ALL)
  install(FILES packaging/lintian-overrides DESTINATION share/lintian/overrides RENAME ppo-train EXCLUDE_FROM_ALL)
  execute_process(COMMAND ${PPO_DPKG} --print-architecture OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/cpack.cmake)
set(CPACK_PACKAGE_FILE_NAME ppo_train-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_CONTACT "The ppo_train authors <ppo-train@project.invalid>")
set(CPACK_DEBIAN_PACKAGE_NAME ppo-train) # no name of a Debian package has a _
set(CPACK_DEBIAN_FILE_NAME ppo_train_${PROJECT_VERSION}_${architecture}.deb)
set(CPACK_DEBIAN_PACKAGE_VERSION ${PROJECT_VERSION}-1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "trainer of reinforcement learning agents with PPO
ppo_train trains agents with PPO (proximal policy optimisation): environment,
rollout, GAE, clipped loss, backward pass and Adam in one program, with the
same bytes for the same seed on every machine. It evaluates, films, reports
and exports what it has trained, and sweeps over hyperparameters.")
include(CPack)
