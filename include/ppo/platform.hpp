// Host/device portability macros. A function marked PPO_HD runs on the host and on the device. PPO_CALLS_BACK
// goes before a PPO_HD template that calls functions passed as arguments, which may be host-only or
// device-only. PPO_INLINE forces inlining of large functions: a real call would spill a kernel's registers.
// PPO_IS_GLOBAL tells a GPU's compiler that a pointer leads to global memory; it changes nothing else.
#pragma once

#ifdef __CUDACC__
#define PPO_HD __host__ __device__
#define PPO_INLINE __forceinline__
#define PPO_CALLS_BACK _Pragma("nv_exec_check_disable")
#else
#define PPO_HD
#define PPO_INLINE inline
#define PPO_CALLS_BACK
#endif

#ifdef __CUDA_ARCH__
#define PPO_IS_GLOBAL(pointer) __builtin_assume(__isGlobal(pointer))
#else
#define PPO_IS_GLOBAL(pointer) static_cast<void>(pointer)
#endif
