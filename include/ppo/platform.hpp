// The one seam every algorithm header needs: a function marked PPO_HD runs on the host and on the device.
// PPO_CALLS_BACK stands before such a template when it calls what its arguments bring: functions of the host,
// or of the device. PPO_INLINE is for large ones: a call would cost a kernel its registers.
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
