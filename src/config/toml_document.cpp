#include "config/toml_document.hpp"

#include <algorithm>

#include "system/errors.hpp"
#include "system/text.hpp"

// toml++ checks what it assumes with an assertion that aborts, and with NDEBUG it even tells the optimiser to
// rely on it, though junk such as `[.a]` breaks these assumptions. Turned into nothing, its parse errors take
// over. This must stay the only file that includes it.
#undef NDEBUG
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace ppo {
namespace {

struct Entry {
  const toml::key* key;
  const toml::node* node;
};

/// toml++ sorts by name; people read from top to bottom.
std::vector<Entry> in_reading_order(const toml::table& table) {
  std::vector<Entry> entries;
  for (const auto& [key, node] : table) entries.push_back({&key, &node});
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key->source().begin < b.key->source().begin; });
  return entries;
}

Value value_of(const toml::node& node) {
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* string = node.as_string()) return string->get();
  if (node.is_table()) return Unusable{"a table"};
  if (node.is_array()) return Unusable{"an array"};
  return Unusable{"a date or time"};
}

TomlNode::Kind kind_of(const toml::node& node) {
  if (node.is_table()) return TomlNode::kTable;
  if (node.is_array_of_tables()) return TomlNode::kTables;
  return node.is_array() ? TomlNode::kArray : TomlNode::kScalar;
}

/// Where the parts of `key = value` stand in a line.
struct Assignment {
  std::string_view key;
  toml::source_index key_column;
  toml::source_index value_column;
};

Assignment assignment_in(std::string_view text, toml::source_index line_number) {
  for (toml::source_index i = 1; i < line_number; ++i) text.remove_prefix(text.find('\n') + 1);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const auto skip_blanks = [&](std::size_t from) {
    return std::min(line.find_first_not_of(" \t", from), line.size());
  };
  const std::size_t key = skip_blanks(0);
  const std::size_t equals = std::min(line.find('=', key), line.size());
  const std::size_t key_end = line.find_last_not_of(" \t", equals - 1) + 1;
  const std::size_t value = skip_blanks(std::min(equals + 1, line.size()));
  return {line.substr(key, key_end - key), static_cast<toml::source_index>(key + 1),
          static_cast<toml::source_index>(value + 1)};
}

/// Follows a text, and tells whether a letter is part of a string that is the value of a line `key = "..."`.
/// Behind the first three quotes in a row, which may begin a string of several lines, it says that of none.
class Strings {
 public:
  bool inside() const { return place_ == '"' || place_ == '\''; }

  /// The text from the next letter on.
  void see(std::string_view text) {
    const char letter = text.front();
    const bool is_blank = letter == ' ' || letter == '\t';
    if (place_ == kLost || text.starts_with("\"\"\"") || text.starts_with("'''")) {
      place_ = kLost;
    } else if (letter == '\n') {
      place_ = kKey;
      is_escaped_ = false;
    } else if (inside()) {
      const bool ends = letter == place_ && !is_escaped_;
      is_escaped_ = place_ == '"' && letter == '\\' && !is_escaped_;
      if (ends) place_ = kRest;
    } else if (place_ == kKey && !is_blank && kTomlScalarLetters.find(letter) == std::string_view::npos) {
      place_ = letter == '=' ? kEquals : kRest;
    } else if (place_ == kEquals && !is_blank) {
      place_ = letter == '"' || letter == '\'' ? letter : kRest;
    }
  }

 private:
  static constexpr char kKey = 'k', kEquals = '=', kRest = 'r', kLost = 'l';
  char place_ = kKey;  // in the line; in a string, what ends it
  bool is_escaped_ = false;
};

/// "cannot redefine existing integer 'min' ..." -> "min"
std::string_view quoted_in(std::string_view message) {
  message.remove_prefix(std::min(message.find('\'') + 1, message.size()));
  return message.substr(0, message.rfind('\''));
}

class Parser {
 public:
  explicit Parser(const std::string& file) : file_(file) {}

  TomlNode tree(std::string_view text) const { return tree(parse(plain(text)), 0); }

 private:
  std::string at(const toml::source_position& position) const {
    return file_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
  }

  [[noreturn]] void refuse(const toml::source_position& position, const std::string& message) const {
    refuse_at(at(position), message);
  }

  /// The text as toml++ may see it. It finds bytes that are no text one character late, so they are refused
  /// here. And outside of strings some letters lead it into undefined behaviour, so each that is not ASCII
  /// becomes U+FFFD there, the character for what cannot be shown: a config needs no such letters but in its
  /// strings and comments. Junk may hold quotes, so what counts is a line that is like one of a config.
  std::string plain(std::string_view text) const {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
    std::string out;
    toml::source_position position{1, 1};
    Strings strings;
    while (!text.empty()) {
      const std::size_t length = utf8_length(text);
      if (length == 0) refuse(position, "this is not UTF-8; save the file as UTF-8 text");
      if (text.front() == '\0')
        refuse(position, "a NUL byte, so this is not text; write lines `key = value`");
      strings.see(text);
      out += length == 1 || strings.inside() ? text.substr(0, length) : "\xEF\xBF\xBD";
      const bool line_break = text.front() == '\n';
      position.line += line_break ? 1 : 0;
      position.column = line_break ? 1 : position.column + 1;
      text.remove_prefix(length);
    }
    return out;
  }

  toml::table parse(std::string_view text) const {
    try {
      return toml::parse(text);
    } catch (const toml::parse_error& error) {
      explain(error, text);
    }
  }

  /// toml++ says what is wrong after "Error while parsing <what>: "; people want to know what to do.
  [[noreturn]] void explain(const toml::parse_error& error, std::string_view text) const {
    constexpr std::size_t most = 200;
    std::string_view what = error.description();
    if (what.starts_with("Error while")) what.remove_prefix(std::min(what.find(": ") + 2, what.size()));
    const std::string problem = printable(what.substr(0, most));
    toml::source_position position = error.source().begin;
    if (what.starts_with("cannot redefine")) {  // noticed at the value
      const Assignment again = assignment_in(text, position.line);
      const bool in_braces = position.column > again.value_column;
      if (!in_braces) position.column = again.key_column;
      refuse(position,
             "repeated key " + quote(in_braces ? quoted_in(what) : again.key) + "; write each key once");
    }
    if (what.find("not representable") != std::string_view::npos) {  // noticed behind the value
      position.column = assignment_in(text, position.line).value_column;
      refuse(position, problem + "; write a whole number of at most 9223372036854775807");
    }
    refuse(position, "syntax error: " + problem + "; write lines `key = value`, text in double quotes");
  }

  TomlNode tree(const toml::node& node, int depth) const {
    TomlNode tree{kind_of(node), value_of(node), at(node.source().begin), {}, {}};
    if (depth > kMostTomlDepth) return tree;
    if (const toml::table* table = node.as_table()) {
      for (const Entry& entry : in_reading_order(*table)) {
        tree.entries.push_back({std::string(entry.key->str()), at(entry.key->source().begin),
                                this->tree(*entry.node, depth + 1)});
      }
    }
    if (const toml::array* array = node.as_array()) {
      for (const toml::node& item : *array) tree.items.push_back(this->tree(item, depth + 1));
    }
    return tree;
  }

  const std::string& file_;
};

}  // namespace

void refuse_at(const std::string& where, const std::string& message) {
  throw Failure(kWrongInput, where + ": " + message);
}

TomlNode parse_toml(std::string_view text, const std::string& file) {
  if (text.size() > kMostTomlBytes) {
    refuse_at(file, "is larger than 16 KiB, too much for a config; leave comments out");
  }
  return Parser(file).tree(text);
}

}  // namespace ppo
