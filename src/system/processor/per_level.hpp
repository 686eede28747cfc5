// Something of each instruction-set level of the architecture that this build is for. levels.hpp says which
// levels a machine has, cmake/levels.cmake how each is compiled.
#pragma once

/// USE(level) for each level, the one for any processor of the architecture first.
#if defined(__x86_64__)
#define PPO_EACH_LEVEL(USE) USE(portable) USE(fma) USE(avx2) USE(avx512)
#elif defined(__aarch64__)
#define PPO_EACH_LEVEL(USE) USE(portable) USE(neon)
#else
#error "ppo_train is for x86-64 and AArch64"
#endif

namespace ppo {

template <class T>
struct PerLevel {
#define PPO_MEMBER(level) T level;
  PPO_EACH_LEVEL(PPO_MEMBER)
#undef PPO_MEMBER
};

}  // namespace ppo
