// Files that are built into the binary by cmake/embed.cmake, in the order in which CMake was given them.
#pragma once

#include <span>
#include <string_view>

namespace ppo {

struct EmbeddedFile {
  std::string_view name;  // without its folder
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_presets();      // configs/
std::span<const EmbeddedFile> embedded_page();         // the report's own files, and dygraphs
std::span<const EmbeddedFile> embedded_completions();  // src/commands/completions/completions.SHELL

}  // namespace ppo
