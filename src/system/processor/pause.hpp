// What a thread does between two looks at memory that another thread is about to change.
#pragma once

namespace ppo {

/// Some tens of nanoseconds that leave the core to its other hardware thread, if it has one.
inline void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" : : : "memory");  // `yield` is a no-op on most cores
#else
#error "ppo_train is for x86-64 and AArch64"
#endif
}

}  // namespace ppo
