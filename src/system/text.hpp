// Text for people: made safe for a terminal, short enough for one line, wrapped for a help page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ppo {

/// Bytes of the UTF-8 sequence at the front of `text`; 0 if it is none.
std::size_t utf8_length(std::string_view text);

/// The same text on one line: line breaks become spaces; other control characters and bytes that are no UTF-8
/// become \xNN, so that nothing a file or an argument holds can drive the terminal.
std::string printable(std::string_view text);

/// 'text', printable and cut after 60 bytes or so.
std::string quote(std::string_view text);

/// The text as one word of a shell's command line: in quotes where it has to be.
std::string shell_word(std::string_view text);

/// The same of a file's name, which a '-' in front must not make a flag.
std::string file_word(const std::string& file);

/// "a", "a or b", "a, b or c".
std::string join_or(std::span<const std::string> words);

/// 499712 -> "499,712".
std::string grouped(std::int64_t number);

/// Columns that one line of text takes on a terminal: a character one, a sequence that sets a colour none.
std::size_t columns(std::string_view text);

/// The front of `text` that takes at most `most` columns, and all sequences that set colours, so that each
/// colour ends.
std::string cut(std::string_view text, std::size_t most);

/// `text` broken at spaces, or whatever else stands between its words, into lines of at most `width` columns;
/// a longer word keeps a line for itself.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view between = " ");

/// "left     right": `right` starts at `column`, is wrapped at `width` columns of all, and goes on below
/// itself.
std::string beside(std::string_view left, std::size_t column, std::string_view right, std::size_t width);

}  // namespace ppo
