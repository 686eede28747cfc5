# Sets PPO_DYGRAPHS, the folder of dygraph.min.js and dygraph.min.css: the charts of the report, built into the binary.

set(_ppo_hints ${CMAKE_PREFIX_PATH})
list(TRANSFORM _ppo_hints APPEND /share/javascript/dygraphs)
find_path(PPO_DYGRAPHS dygraph.min.js
          HINTS ${_ppo_hints}
          PATHS /usr/share/javascript/dygraphs /usr/local/share/javascript/dygraphs
          DOC "The folder that holds dygraph.min.js and dygraph.min.css"
          NO_DEFAULT_PATH)
foreach(_ppo_file dygraph.min.js dygraph.min.css)
  if(NOT EXISTS ${PPO_DYGRAPHS}/${_ppo_file})
    message(FATAL_ERROR "There is no ${_ppo_file} of dygraphs, which draws the charts of the report. Install Debian's package "
                        "libjs-dygraphs, or set PPO_DYGRAPHS to the folder that holds the file.")
  endif()
endforeach()
