// What the tests of hostile files share. tests/fuzz looks for more of those.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo::test {

/// What `read` is refused with, in a line that can be shown; empty when it is not.
template <class Read>
std::string error_of(Read read) {
  try {
    read();
    return "";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kWrongInput);
    EXPECT_EQ(failure.what(), printable(failure.what()));
    return failure.what();
  }
}

}  // namespace ppo::test
