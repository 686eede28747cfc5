// The README's config table is the program's.
#include <gtest/gtest.h>

#include "config/options.hpp"
#include "process.hpp"

namespace ppo::test {
namespace {

TEST(CliReadme, ListsEveryKeyWithItsDefaultRangeAndMeaning) {
  const std::string readme = read_file(std::string(PPO_SOURCE_DIR) + "/README.md");
  for (const Option& option : options()) {
    std::string row = "| `" + std::string(option.key) + "` | `";
    row += value_text(Config{}, option) + "` | " + describe_range(option.domain) + " | " +
           help_with_unit(option) + " |\n";
    EXPECT_NE(readme.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace ppo::test
