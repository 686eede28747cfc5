# ppo_add_trainer(PROGRAM [HEADER [TYPE]]...): builds PROGRAM, a ppo_train that also has the environments of the HEADERs.
#
# It is part of the installed package ppo_train, where projects of others find it, and it builds our own ppo_train.
# HEADER defines TYPE (default: the file's name in CamelCase, my_env.hpp -> MyEnv), a struct as described in
# include/ppo/env.hpp; `env = "my_env"` selects it. It replaces a built-in environment of the same name.
#
# The training loops are compiled for each environment once per instruction-set level, and the program picks a level when
# it starts; and once for the CUDA engine, if there is one. Each level's object keeps one global symbol, its table of
# functions: an inline function or std:: template that two levels both emit would otherwise be merged by the linker,
# perhaps into the copy that this machine cannot execute.

set(PPO_TEMPLATES ${CMAKE_CURRENT_LIST_DIR})
# Set by the package: PPO_NAMESPACE of our targets, and PPO_OPTIMISATION where the project has no build type. The preset
# arm sets PPO_OPTIMISATION, too, for the loops and networks alone.

# GNU's: CMake may have picked another for the compiler. A toolchain file sets those of another architecture.
find_program(PPO_LD NAMES ld.bfd ld REQUIRED)
find_program(PPO_OBJCOPY NAMES objcopy REQUIRED)

include(${CMAKE_CURRENT_LIST_DIR}/levels.cmake)

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

# The instances of an environment, as the list PPO_OBJECTS_OF_<name> of sealed objects. No TYPE: it follows from the name.
function(ppo_compile_environment caller name header type is_ours)
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "${caller}: '${name}' is no usable name of an environment; write lower-case letters, digits and _")
  endif()
  if(NOT EXISTS ${header})
    message(FATAL_ERROR "${caller}: there is no file ${header}")
  endif()
  if(NOT type)
    string(REGEX MATCHALL "[a-z0-9]+" words ${name})
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND type ${first}${rest})
    endforeach()
  endif()
  get_property(known GLOBAL PROPERTY PPO_HEADER_OF_${name})
  if(known STREQUAL "${header} ${type}") # of another trainer, too
    return()
  elseif(known)
    message(FATAL_ERROR "${caller}: there is an environment '${name}' already, of ${known}; give the header another name")
  endif()
  set_property(GLOBAL PROPERTY PPO_HEADER_OF_${name} "${header} ${type}")
  string(REGEX REPLACE ".*::" "" last_name ${type})
  file(READ ${header} text)
  if(NOT text MATCHES "[^A-Za-z0-9_]${last_name}[^A-Za-z0-9_]")
    message(WARNING "${header} does not mention ${type}; rename its struct, or write the struct's name behind the header")
  endif()

  set(folder ${PROJECT_BINARY_DIR}/environments)
  foreach(level ${PPO_LEVELS})
    set(stages ${PPO_LEVEL_STAGES_${level}})
    set(symbol ppo_loops_${name}_${level})
    configure_file(${PPO_TEMPLATES}/instance.cpp.in ${folder}/${symbol}.cpp @ONLY)
    add_library(${symbol} OBJECT ${folder}/${symbol}.cpp)
    set_target_properties(${symbol} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
    target_link_libraries(${symbol} PRIVATE ${PPO_NAMESPACE}ppo_options ${PPO_NAMESPACE}ppo_loop_hardening
                                            $<$<BOOL:${is_ours}>:ppo_werror>)
    target_compile_options(${symbol} PRIVATE ${PPO_OPTIMISATION} ${PPO_LEVEL_FLAGS_${level}})
    ppo_seal(${symbol} ${folder}/${symbol}.o ${symbol})
    set_property(GLOBAL APPEND PROPERTY PPO_OBJECTS_OF_${name} ${folder}/${symbol}.o)
  endforeach()
  ppo_add_cuda_instance(${name} ${type} ${header} ${is_ours})
endfunction()

# The table of the environments of these names, as one of the target's sources.
function(ppo_add_table target)
  set(declarations "")
  set(rows "")
  foreach(name ${ARGN})
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
    string(APPEND rows "    {{${row}}, ${cuda}},\n")
  endforeach()
  list(TRANSFORM ARGN REPLACE ".+" "\"\\0\"" OUTPUT_VARIABLE quoted_names)
  list(JOIN quoted_names ", " quoted_names)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/environments/table_of_${target}.cpp)
  configure_file(${PPO_TEMPLATES}/environment_table.cpp.in ${table} @ONLY)
  target_sources(${target} PRIVATE ${table})
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_link_libraries(${target} PRIVATE ${PPO_NAMESPACE}ppo_options ${PPO_NAMESPACE}ppo_loop_hardening)
endfunction()

# The module with the MPI, if there is one, where the program looks for it.
function(ppo_put_mpi_beside program)
  if(PPO_MPI_MODULE)
    set_property(TARGET ${program} APPEND PROPERTY LINK_DEPENDS ${PPO_MPI_MODULE}) # copied again when it has changed
    add_custom_command(TARGET ${program} POST_BUILD VERBATIM
                       COMMAND ${CMAKE_COMMAND} -E copy_if_different ${PPO_MPI_MODULE} $<TARGET_FILE_DIR:${program}>/ppo_mpi.so)
  endif()
  if(TARGET ppo_mpi)
    add_dependencies(${program} ppo_mpi)
  endif()
endfunction()

function(ppo_add_trainer program)
  get_property(names GLOBAL PROPERTY PPO_ENVIRONMENTS)
  set(headers "") # [i], of type types[i]
  set(types "")
  foreach(argument ${ARGN})
    if(argument MATCHES "[./]")
      list(APPEND headers ${argument})
      list(APPEND types -)
    elseif(headers AND types MATCHES "-$" AND argument MATCHES "^[A-Za-z_][A-Za-z0-9_:]*$")
      list(POP_BACK types)
      list(APPEND types ${argument})
    else()
      message(FATAL_ERROR "ppo_add_trainer: '${argument}' is neither a header nor the type of one; write, for example, "
                          "ppo_add_trainer(${program} my_env.hpp MyEnv)")
    endif()
  endforeach()
  set(objects "")
  foreach(header type IN ZIP_LISTS headers types)
    cmake_path(GET header STEM name)
    cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    string(REPLACE - "" type ${type})
    ppo_compile_environment("ppo_add_trainer(${program})" ${name} ${header} "${type}" OFF)
    get_property(own GLOBAL PROPERTY PPO_OBJECTS_OF_${name})
    list(APPEND objects ${own})
    list(REMOVE_ITEM names ${name})
    list(APPEND names ${name})
  endforeach()
  add_executable(${program} ${objects})
  ppo_add_table(${program} ${names})
  target_link_libraries(${program} PRIVATE ${PPO_NAMESPACE}ppo_main ${PPO_NAMESPACE}ppo_environments ${PPO_NAMESPACE}ppo_host
                                           ${PPO_NAMESPACE}ppo_program_options)
  ppo_put_mpi_beside(${program})
  if(NOT PPO_HAS_CUDA)
    target_link_libraries(${program} PRIVATE ${PPO_NAMESPACE}ppo_cuda_absent)
    return()
  endif()
  target_link_libraries(${program} PRIVATE ${PPO_NAMESPACE}ppo_cuda_engine ${PPO_NAMESPACE}ppo_cuda_environments CUDA::cudart_static)
  foreach(header ${headers})
    cmake_path(GET header STEM name)
    target_sources(${program} PRIVATE $<TARGET_OBJECTS:ppo_cuda_${name}>)
  endforeach()
endfunction()
