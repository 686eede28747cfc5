# The instruction-set levels of the architecture, PPO_LEVELS: for each, the flags that it is compiled with and the stages,
# the scalar ones (reference), which are the specification, or the SIMD ones. src/system/processor has the same levels and
# says which a machine can run. PPO_NETWORK_FLAGS are for the networks of PPO_SIMD_LEVELS alone.

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(PPO_ARCHITECTURE x86_64)
  set(PPO_LEVELS portable fma avx2 avx512)
  set(PPO_LEVEL_FLAGS_fma -mavx2 -mfma)
  set(PPO_LEVEL_FLAGS_avx2 -mavx2 -mfma)
  set(PPO_LEVEL_FLAGS_avx512 -mavx2 -mfma -mavx512f -mavx512dq -mavx512bw -mavx512vl)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND PPO_LEVEL_FLAGS_avx512 -Wno-uninitialized -Wno-maybe-uninitialized) # raised in GCC 12's own headers (its bug 105593)
  endif()
  set(PPO_LEVEL_STAGES_fma reference)
  set(PPO_LEVEL_STAGES_avx2 simd)
  set(PPO_LEVEL_STAGES_avx512 simd)
  set(PPO_SIMD_LEVELS avx2 avx512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(PPO_ARCHITECTURE aarch64)
  set(PPO_LEVELS portable neon)
  set(PPO_LEVEL_FLAGS_neon "") # it belongs to the architecture, as fused multiply-add does
  set(PPO_LEVEL_STAGES_neon simd)
  set(PPO_SIMD_LEVELS neon)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # loads moved up would take the registers that hold a tile's sums
    set(PPO_NETWORK_FLAGS_neon -fno-schedule-insns)
  endif()
else()
  message(FATAL_ERROR "ppo_train is for x86-64 and AArch64, and CMAKE_SYSTEM_PROCESSOR is '${CMAKE_SYSTEM_PROCESSOR}'")
endif()
set(PPO_LEVEL_FLAGS_portable "")
set(PPO_LEVEL_STAGES_portable reference)
