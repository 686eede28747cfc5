// What the tests of sweeps share: the sweep that a text holds, or why it is refused.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "config/sweep/sweep_reader.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "system/errors.hpp"
#include "unit/config/config_text.hpp"

namespace ppo::test {

inline std::string error_of_sweep(std::string_view text) {
  return error_in([&] { read_sweep(text, "s.toml"); });
}

/// The only dimension of a space: `lr = { min = 0.001, max = 0.01 }`, of an environment for which every key
/// does something.
inline Dimension dimension_of(const std::string& line) {
  return read_sweep("env = \"pendulum\"\n[sweep.space]\n" + line, "s.toml").plan.space.at(0);
}

inline const std::string kLr = R"(lr = { min = 1e-4, max = 1e-2, scale = "log" })";

struct WrongSweep {
  std::string text;
  std::string said;  // the error is this, or begins with it if it ends in ...
};

inline void expect_said(const std::vector<WrongSweep>& all, const std::string& before,
                        const std::string& behind = "") {
  for (const WrongSweep& wrong : all) {
    const std::string error = error_of_sweep(before + wrong.text + behind);
    if (wrong.said.ends_with("...")) {
      EXPECT_TRUE(error.starts_with(wrong.said.substr(0, wrong.said.size() - 3))) << error << "\n"
                                                                                  << wrong.text;
    } else {
      EXPECT_EQ(error, wrong.said) << wrong.text;
    }
  }
}

}  // namespace ppo::test
