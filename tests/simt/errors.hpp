// What the tests of the emulator's errors share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "simt/grid.hpp"

namespace ppo::simt::test {

/// The message of the SimtError that the kernel ends in; empty when it ends well.
inline std::string error_of(const GridShape& shape, const std::function<void()>& kernel,
                            const Schedule& schedule = {}) {
  try {
    launch(shape, schedule, kernel);
  } catch (const SimtError& error) {
    return error.what();
  }
  return "";
}

inline void expect_error(const std::string& error, std::initializer_list<const char*> parts) {
  for (const char* part : parts) EXPECT_NE(error.find(part), std::string::npos) << part << " in: " << error;
}

}  // namespace ppo::simt::test
