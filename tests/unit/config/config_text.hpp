// What the tests of config files share: the config that a text holds, or why it is refused.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "system/errors.hpp"

namespace ppo::test {

inline Config read(std::string_view text) {
  Settings settings;
  read_toml(text, "test.toml", settings);
  return settings.checked();
}

/// The error that reading gives; empty if it gives none.
template <class Read>
std::string error_in(const Read& reading) {
  try {
    reading();
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    return failure.what();
  }
}

inline std::string error_of(std::string_view text) {
  return error_in([&] { read(text); });
}

}  // namespace ppo::test
