// The documentation agrees with the program, its links lead somewhere, and its lines are short.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>

#include "config/options.hpp"
#include "process.hpp"

namespace ppo::test {
namespace {

const std::filesystem::path kSource = PPO_SOURCE_DIR;

/// README.md and those beside it, and docs/*.md.
std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> all;
  for (const std::filesystem::path& folder : {kSource, kSource / "docs"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".md") all.push_back(entry.path());
    }
  }
  return all;
}

TEST(CliReadme, ListsEveryKeyWithItsDefaultRangeAndMeaning) {
  const std::string page = read_file(kSource / "docs/config.md");
  for (const Option& option : options()) {
    std::string row = "| `" + std::string(option.key) + "` | `";
    row += value_text(Config{}, option) + "` | " + describe_range(option.domain) + " |";
    if (!option.unit.empty()) row += " " + std::string(option.unit);
    row += " | " + std::string(option.help) + " |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(CliReadme, LinksToFilesThatAreThere) {
  const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  for (const std::filesystem::path& file : pages()) {
    const std::string page = std::regex_replace(read_file(file), std::regex("\n"), " ");
    int links = 0;
    for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at, ++links) {
      EXPECT_TRUE(std::filesystem::is_regular_file(file.parent_path() / (*at)[1].str()))
          << file << " links to " << (*at)[1];
    }
    if (file.filename() == "README.md") {
      EXPECT_GE(links, 8) << file;
    }
  }
}

/// But for rows of tables and for lines of a single word, such as an address.
TEST(CliReadme, HasNoLineOfMoreThan100Characters) {
  for (const std::filesystem::path& file : pages()) {
    std::ifstream stream(file);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      if (line.starts_with('|') || line.find(' ') == std::string::npos) continue;
      const auto characters = std::ranges::count_if(
          line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
      EXPECT_LE(characters, 100) << file << ":" << number;
    }
  }
}

/// packaging/changelog is CMake's concern.
TEST(CliReadme, NamesTheVersionWhereverItStands) {
  const std::string said = run({"--version"}).out;
  const std::string version = said.substr(0, said.find('\n')).substr(said.find(' ') + 1);
  EXPECT_NE(read_file(kSource / "CHANGELOG.md").find("\n## " + version + " ("), std::string::npos) << version;
  EXPECT_NE(read_file(kSource / "CITATION.cff").find("\nversion: " + version + "\n"), std::string::npos);
  EXPECT_NE(read_file(kSource / "python/ppo_train/__init__.py").find("\n__version__ = \"" + version + "\"\n"),
            std::string::npos);
}

}  // namespace
}  // namespace ppo::test
