// Text for output: sanitised for a terminal, shortened to one line, wrapped for a help page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// Length of the UTF-8 sequence at the start of `text`; 0 if it is invalid.
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

/// The text on one line: line breaks become spaces; other control characters and invalid UTF-8 become \xNN,
/// so that no file or argument can send escape sequences to the terminal.
std::string printable(std::string_view text);

/// 'text', printable and cut after 60 bytes or so.
std::string quote(std::string_view text);

/// The text as one word of a shell command, quoted if necessary.
std::string shell_word(std::string_view text);

/// The same for a file name, protected from being read as a flag if it starts with '-'.
std::string file_word(const std::string& file);

/// "a", "a or b", "a, b or c".
std::string join_or(std::span<const std::string> words);

/// 499712 -> "499,712".
std::string grouped(std::int64_t number);

/// "1 step", "1,200 steps".
std::string counted(std::int64_t count, const std::string& thing);

/// Columns that a line of text takes on a terminal: one per character, none for a colour sequence.
std::size_t columns(std::string_view text);

/// The start of `text` that fits in `most` columns, plus all colour sequences, so that every colour is reset.
std::string cut(std::string_view text, std::size_t most);

/// Breaks `text` at spaces, or another separator, into lines of at most `width` columns; a longer word gets a
/// line of its own.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view between = " ");

/// "left     right": `right` starts at `column`, is wrapped at a total of `width` columns, and continues
/// below itself.
std::string beside(std::string_view left, std::size_t column, std::string_view right, std::size_t width);

}  // namespace ppo
