# ppo_add_environment(NAME HEADER [TYPE] [OURS]): builds an environment into ppo_train, where `env = "NAME"` selects it.
#
# HEADER defines TYPE (default: NAME in CamelCase, my_env -> MyEnv), a struct as described in include/ppo/env.hpp.
# PPO_WERROR holds for headers that are OURS only.
# The training loops are compiled for it once per instruction-set level, and the program picks a level when it starts;
# and once for the CUDA engine, if the build has one.
# Each level's object keeps one global symbol, its table of functions: an inline function or std:: template that two
# levels both emit would otherwise be merged by the linker, perhaps into the copy that this machine cannot execute.

find_program(PPO_LD NAMES ld.bfd ld REQUIRED) # GNU's: CMake may have picked another for the compiler
find_program(PPO_OBJCOPY NAMES objcopy REQUIRED)

# Levels: two builds of the scalar stages, which are the specification, and two of the SIMD stages.
set(PPO_LEVELS portable fma avx2 avx512)
set(PPO_LEVEL_FLAGS_portable "")
set(PPO_LEVEL_FLAGS_fma -mavx2 -mfma)
set(PPO_LEVEL_FLAGS_avx2 -mavx2 -mfma)
set(PPO_LEVEL_FLAGS_avx512 -mavx2 -mfma -mavx512f -mavx512dq -mavx512bw -mavx512vl)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND PPO_LEVEL_FLAGS_avx512 -Wno-uninitialized -Wno-maybe-uninitialized) # raised in GCC 12's own headers (its bug 105593)
endif()
set(PPO_LEVEL_STAGES_portable reference)
set(PPO_LEVEL_STAGES_fma reference)
set(PPO_LEVEL_STAGES_avx2 simd)
set(PPO_LEVEL_STAGES_avx512 simd)

# The object library's only object as OBJECT, with the named global symbols and no other.
function(ppo_seal library object)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # objcopy would leave its unique symbols, of inline variables, global
    target_compile_options(${library} PRIVATE -fno-gnu-unique)
  endif()
  list(TRANSFORM ARGN PREPEND --keep-global-symbol= OUTPUT_VARIABLE symbols)
  cmake_path(GET object STEM name)
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${PPO_LD} -r --force-group-allocation -o ${object} $<TARGET_OBJECTS:${library}>
    COMMAND ${PPO_OBJCOPY} ${symbols} ${object}
    DEPENDS ${library} $<TARGET_OBJECTS:${library}>
    COMMENT "Sealing ${name}.o"
    VERBATIM)
endfunction()

# The networks of the SIMD levels, one object a level for all environments and sizes.
foreach(level avx2 avx512)
  add_library(ppo_network_${level} OBJECT ${PROJECT_SOURCE_DIR}/src/engine/cpu/simd/network.cpp)
  target_link_libraries(ppo_network_${level} PRIVATE ppo_options ppo_loop_hardening ppo_werror)
  target_compile_options(ppo_network_${level} PRIVATE ${PPO_LEVEL_FLAGS_${level}})
  set(object ${PROJECT_BINARY_DIR}/environments/ppo_network_${level}.o)
  ppo_seal(ppo_network_${level} ${object} ppo_network_${level})
  set_property(GLOBAL APPEND PROPERTY PPO_ENVIRONMENT_OBJECTS ${object})
endforeach()

function(ppo_add_environment name header)
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "ppo_add_environment: '${name}' is no usable name; write lower-case letters, digits and _")
  endif()
  get_property(known GLOBAL PROPERTY PPO_ENVIRONMENTS)
  if(name IN_LIST known)
    message(FATAL_ERROR "ppo_add_environment: there is an environment '${name}' already")
  endif()
  cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  if(NOT EXISTS ${header})
    message(FATAL_ERROR "ppo_add_environment(${name}): there is no file ${header}")
  endif()
  set(is_ours OFF) # a warning in a user's header never stops the build
  if("OURS" IN_LIST ARGN)
    set(is_ours ON)
    list(REMOVE_ITEM ARGN OURS)
  endif()
  if(ARGN)
    set(type ${ARGN})
  else()
    string(REGEX MATCHALL "[a-z0-9]+" words ${name})
    set(type "")
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND type ${first}${rest})
    endforeach()
  endif()

  foreach(level ${PPO_LEVELS})
    set(stages ${PPO_LEVEL_STAGES_${level}})
    set(symbol ppo_loops_${name}_${level})
    configure_file(${PROJECT_SOURCE_DIR}/cmake/instance.cpp.in ${PROJECT_BINARY_DIR}/environments/${symbol}.cpp @ONLY)
    add_library(${symbol} OBJECT ${PROJECT_BINARY_DIR}/environments/${symbol}.cpp)
    target_link_libraries(${symbol} PRIVATE ppo_options ppo_loop_hardening $<$<BOOL:${is_ours}>:ppo_werror>)
    target_compile_options(${symbol} PRIVATE ${PPO_LEVEL_FLAGS_${level}})
    set(object ${PROJECT_BINARY_DIR}/environments/${symbol}.o)
    ppo_seal(${symbol} ${object} ${symbol})
    set_property(GLOBAL APPEND PROPERTY PPO_ENVIRONMENT_OBJECTS ${object})
  endforeach()
  ppo_add_cuda_instance(${name} ${type} ${header} ${is_ours})
  set_property(GLOBAL APPEND PROPERTY PPO_ENVIRONMENTS ${name})
endfunction()

# The table of all environments, for the library that looks them up.
function(ppo_link_environments target)
  get_property(names GLOBAL PROPERTY PPO_ENVIRONMENTS)
  get_property(objects GLOBAL PROPERTY PPO_ENVIRONMENT_OBJECTS)
  set(declarations "")
  set(rows "")
  foreach(name ${names})
    set(row "")
    foreach(level ${PPO_LEVELS})
      string(APPEND declarations "extern const EnvironmentLoops ppo_loops_${name}_${level};\n")
      string(APPEND row ".${level} = &ppo_loops_${name}_${level}, ")
    endforeach()
    set(cuda nullptr)
    if(PPO_HAS_CUDA)
      set(cuda "&ppo_cuda_${name}")
      string(APPEND declarations "extern const ppo::CudaKernels ppo_cuda_${name};\n")
    endif()
    string(APPEND rows "    {${row}.cuda = ${cuda}},\n")
  endforeach()
  list(TRANSFORM names REPLACE ".+" "\"\\0\"" OUTPUT_VARIABLE quoted_names)
  list(JOIN quoted_names ", " quoted_names)
  set(table ${PROJECT_BINARY_DIR}/environments/table.cpp)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/environment_table.cpp.in ${table} @ONLY)
  target_sources(${target} PRIVATE ${table} ${objects})
endfunction()
