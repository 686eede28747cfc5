// A TOML text as a tree in reading order, with the place of everything, so that errors can point there. What
// the parser makes undefined behaviour of is refused or made harmless before it sees the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/value.hpp"

namespace ppo {

/// The longest text that is read; a saved config has 3 KiB. toml++ walks nested tables by recursion, and a
/// key `a.a.a.a` nests them at two bytes each: with 256 KiB of it a stack of 8 MiB overflows, with sanitizers
/// far sooner.
inline constexpr std::size_t kMostTomlBytes = std::size_t{16} << 10;

/// What booleans, numbers and keys are written with.
inline constexpr std::string_view kTomlScalarLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

struct TomlEntry;

struct TomlNode {
  enum Kind { kScalar, kTable, kTables, kArray };
  Kind kind = kScalar;
  Value value;                     // Unusable unless it is a scalar
  std::string where;               // "cartpole.toml:3:12"
  std::vector<TomlEntry> entries;  // of a table
  std::vector<TomlNode> items;     // of an array
};

struct TomlEntry {
  std::string key;
  std::string where;  // of the key
  TomlNode node;
};

/// Throws Failure(kWrongInput) with the place before the message: "what is wrong; what to write instead".
[[noreturn]] void refuse_at(const std::string& where, const std::string& message);

/// The tables of a config nest to this depth, the top being 0. What lies deeper is left out of the tree.
inline constexpr int kMostTomlDepth = 4;

/// The top-level table. `file` names the text in errors, which are Failure(kWrongInput) "file:line:column:
/// what; what to write instead".
TomlNode parse_toml(std::string_view text, const std::string& file);

}  // namespace ppo
