// Which instruction-set levels this build has, by the names that users know them by, and which of them a
// machine can run: the one table behind --simd, `info` and all that calls the code of a level.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "system/errors.hpp"
#include "system/processor/per_level.hpp"

namespace ppo {

/// What a machine has to have for a level.
struct Instructions {
  bool (*are_here)();
  std::string_view what;  // "AVX2 with FMA"
};

/// What --simd may name besides "auto", the best of an architecture first. The same in every build: configs
/// and runs go from machine to machine.
inline constexpr std::array<std::string_view, 4> kLevelNames = {"avx512", "avx2", "neon", "scalar"};

bool has_all();  // for what every processor of the architecture has
#if defined(__x86_64__)
bool has_fma();
bool has_avx512();
#endif

/// A level under the name that users know it by.
template <class T>
struct NamedLevel {
  std::string_view name;
  T PerLevel<T>::*level;
  Instructions needed;
};

/// Those of this architecture, the best first. Both builds of the scalar stages are "scalar": users have no
/// reason to choose between them.
template <class T>
inline constexpr auto kNamedLevels = std::to_array<NamedLevel<T>>({
#if defined(__x86_64__)
  {"avx512", &PerLevel<T>::avx512, {has_avx512, "AVX-512 (F, DQ, BW, VL)"}},
      {"avx2", &PerLevel<T>::avx2, {has_fma, "AVX2 with FMA"}},
      {"scalar", &PerLevel<T>::fma, {has_fma, "AVX2 with FMA"}},
      {"scalar", &PerLevel<T>::portable, {has_all, ""}},
#elif defined(__aarch64__)  // NEON and fused multiply-add belong to the architecture
  {"neon", &PerLevel<T>::neon, {has_all, ""}}, {"scalar", &PerLevel<T>::portable, {has_all, ""}},
#endif
});

/// The level of that name, one of kLevelNames, or for "auto" the best, that this machine has. Throws
/// Failure(kNoDevice) if it has none.
template <class T>
NamedLevel<T> find_level(std::string_view simd) {
  std::string_view what = simd;
  for (const NamedLevel<T>& each : kNamedLevels<T>) {
    if (simd != "auto" && simd != each.name) continue;
    if (each.needed.are_here()) return each;
    what = each.needed.what;
  }
  throw Failure(kNoDevice, "simd " + std::string(simd) + ": this machine has no " + std::string(what) +
                               "; use --simd auto");
}

/// The names of this architecture's levels, the best first. This machine need not have them all.
std::vector<std::string> level_names();

}  // namespace ppo
