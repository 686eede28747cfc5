// The README's config table is the program's.
#include <gtest/gtest.h>

#include <regex>

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

TEST(CliReadme, LinksToFilesThatAreThere) {
  const std::filesystem::path source = PPO_SOURCE_DIR;
  const std::string readme = read_file(source / "README.md");
  const std::regex link("\\]\\(([^)#:]+)\\)");
  int links = 0;
  for (std::sregex_iterator at(readme.begin(), readme.end(), link), end; at != end; ++at, ++links) {
    EXPECT_TRUE(std::filesystem::is_regular_file(source / (*at)[1].str())) << (*at)[1];
  }
  EXPECT_GE(links, 8);
}

}  // namespace
}  // namespace ppo::test
