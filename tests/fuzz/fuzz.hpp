// What the fuzz targets share: what must hold of whatever a reader makes of any bytes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "system/errors.hpp"
#include "system/text.hpp"

/// libFuzzer calls it with the bytes of one execution. Each target defines it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ppo::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process, which libFuzzer takes for a crash and keeps the bytes.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "Does not hold: %s\n", what);
  std::abort();
}

/// Calls `read`, which may refuse: as wrong input, in one line of bearable length that cannot drive a
/// terminal. Returns whether it did not.
template <class Read>
bool accepts(Read read) {
  constexpr std::size_t longest = 1000;
  try {
    read();
    return true;
  } catch (const Failure& failure) {
    const std::string_view line = failure.what();
    require(failure.exit_code == kWrongInput, "what is refused is wrong input");
    require(!line.empty() && line == printable(line), "an error is a printable line");
    require(line.size() <= longest, "an error is short");
    return false;
  }
}

}  // namespace ppo::fuzz
