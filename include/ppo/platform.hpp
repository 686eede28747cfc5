// The one seam every algorithm header needs: a function marked PPO_HD runs on the host and on the device.
#pragma once

#ifdef __CUDACC__
#define PPO_HD __host__ __device__
#else
#define PPO_HD
#endif
