# PPO_HARDEN: what makes an error in memory an end instead of a way in. The program gets all of it; the training loops, whose
# sizes are checked before they start, get what costs them nothing. fault.Hardening looks for it in the binary.

option(PPO_HARDEN "Build the program with run-time checks and protections (not with sanitizers, which bring theirs)" ON)

add_library(ppo_hardening INTERFACE) # for all code but the loops
add_library(ppo_loop_hardening INTERFACE)
set(PPO_HARDENED OFF)
if(PPO_HARDEN AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  set(PPO_HARDENED ON)
  # Where a branch may lead, checked by the processor.
  if(PPO_ARCHITECTURE STREQUAL "x86_64")
    set(branches -fcf-protection)
  else()
    set(branches -mbranch-protection=standard)
  endif()
  set(stack -fstack-protector-strong)
  include(CheckCXXCompilerFlag)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  check_cxx_compiler_flag(-fstack-clash-protection PPO_KNOWS_STACK_CLASH) # older clang++ for AArch64 does not
  unset(CMAKE_REQUIRED_FLAGS)
  if(PPO_KNOWS_STACK_CLASH)
    list(APPEND stack -fstack-clash-protection)
  endif()
  target_compile_options(ppo_loop_hardening INTERFACE -fPIE ${branches})
  target_compile_options(ppo_hardening INTERFACE $<$<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>:-fPIE>)
  target_compile_options(ppo_hardening INTERFACE ${branches} ${stack})
  # What the libraries check: bounds of blocks whose size the compiler knows (it must optimise for that), preconditions.
  target_compile_options(ppo_hardening INTERFACE $<$<NOT:$<CONFIG:Debug,>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3>)
  target_compile_definitions(ppo_hardening INTERFACE _GLIBCXX_ASSERTIONS)
endif()

# An executable at a random address, whose tables are read-only before main starts.
add_library(ppo_program_options INTERFACE)
set(PPO_LINK_HARDENING -Wl,-z,relro,-z,now,-z,noexecstack)
if(PPO_HARDENED)
  target_link_options(ppo_program_options INTERFACE -pie ${PPO_LINK_HARDENING})
endif()
# Of a program that needs only libc and libm, and of them nothing new: src/system/arc4random.cpp.
set(PPO_STATIC_LIBRARIES -static-libstdc++ -static-libgcc -Wl,--undefined=arc4random)
if(PPO_ONE_FILE)
  target_link_options(ppo_program_options INTERFACE ${PPO_STATIC_LIBRARIES})
endif()
