# ppo_embed_presets(OUTPUT FILE...) writes OUTPUT, a C++ source that defines ppo::presets(): the text of each FILE under
# its name without .toml. It is written again whenever a file changes. The same script, run with `cmake -P`, does it.

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  set(_ppo_embed_presets_script "${CMAKE_CURRENT_LIST_FILE}")

  function(ppo_embed_presets output)
    list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]" OUTPUT_VARIABLE files)
    add_custom_command(
      OUTPUT "${output}"
      COMMAND "${CMAKE_COMMAND}" -P "${_ppo_embed_presets_script}" "${output}" ${files}
      DEPENDS ${files} "${_ppo_embed_presets_script}"
      COMMENT "Embedding the presets"
      VERBATIM)
  endfunction()

  return()
endif()

# Arrays of characters, since the length of string literals is limited. '\x23' is a char whatever its sign.
set(arrays "")
set(entries "")
set(index 0)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(argument RANGE 4 ${last}) # after: cmake -P script output
  set(file "${CMAKE_ARGV${argument}}")
  get_filename_component(name "${file}" NAME_WLE)
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char kText${index}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "    {\"${name}\", {kText${index}, sizeof kText${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE "${CMAKE_ARGV3}" "// Generated from configs/ by cmake/embed_presets.cmake.
#include \"config/presets.hpp\"

namespace ppo {
namespace {

${arrays}
constexpr Preset kPresets[] = {
${entries}};

}  // namespace

std::span<const Preset> presets() { return kPresets; }

}  // namespace ppo
")
