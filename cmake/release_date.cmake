# Sets PPO_RELEASE_DATE, "2026-11-29", to when the version of the project was released: packaging/changelog says it.

set(months Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/changelog)
file(READ packaging/changelog changelog)
if(NOT changelog MATCHES "^ppo-train \\(${PROJECT_VERSION}-")
  message(FATAL_ERROR "packaging/changelog does not begin with version ${PROJECT_VERSION}; write what is new in it there")
endif()
if(NOT changelog MATCHES "\n -- [^\n]*>  [A-Z][a-z][a-z], ([0-9][0-9]) ([A-Z][a-z][a-z]) ([0-9]+) ")
  message(FATAL_ERROR "packaging/changelog does not say when version ${PROJECT_VERSION} was released")
endif()
set(day ${CMAKE_MATCH_1})
set(year ${CMAKE_MATCH_3})
list(FIND months ${CMAKE_MATCH_2} month)
math(EXPR month "${month} + 101") # two digits
string(SUBSTRING ${month} 1 2 month)
set(PPO_RELEASE_DATE ${year}-${month}-${day})
