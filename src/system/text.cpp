#include "system/text.hpp"

#include <algorithm>

namespace ppo {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The control characters of ASCII and of Latin-1 (U+0080 to U+009F: some terminals obey them too).
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

/// A character, or a byte that starts none.
std::string_view sequence_at(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
}

/// Marks, overrides and isolates of the direction of writing, and ends of lines and paragraphs: U+061C,
/// U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069. They would show what comes after them in another
/// order.
bool is_direction(std::string_view sequence) {
  const auto within = [&](std::string_view first, std::string_view last) {
    return sequence.size() == first.size() && sequence >= first && sequence <= last;
  };
  return sequence == "\u061C" || within("\u200E", "\u200F") || within("\u2028", "\u202E") ||
         within("\u2066", "\u2069");
}

bool must_escape(std::string_view sequence) {
  return utf8_length(sequence) == 0 || is_control(sequence) || is_direction(sequence);
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto code = static_cast<unsigned char>(byte);
    out += {'\\', 'x', digits[code >> 4U], digits[code & 15U]};
  }
}

/// What stands at the front of a text on a terminal.
struct Piece {
  std::size_t bytes;
  std::size_t columns;
};

/// A sequence that sets a colour, "\033[1m", or a character. Other escape sequences are not expected.
Piece front(std::string_view text) {
  if (text.starts_with("\033[")) return {std::min(text.find('m'), text.size() - 1) + 1, 0};
  return {std::max<std::size_t>(utf8_length(text), 1), 1};
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const bool cannot_lead = (lead >= 0x80 && lead < 0xC2) || lead > 0xF4;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool beyond_unicode = lead == 0xF4 && byte(1) > 0x8F;
  if (text.size() < length || cannot_lead || overlong || surrogate || beyond_unicode) return 0;
  const std::string_view rest = text.substr(1, length - 1);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(sequence_at(text).size())) {
    const std::string_view sequence = sequence_at(text);
    if (sequence == "\n" || sequence == "\r" || sequence == "\t") {
      out += ' ';
    } else if (must_escape(sequence)) {
      append_escaped(out, sequence);
    } else {
      out += sequence;
    }
  }
  return out;
}

std::string quote(std::string_view text) {
  constexpr std::size_t most = 60;
  std::size_t cut = std::min(text.size(), most);
  while (cut < text.size() && cut > most - 4 && is_continuation(text[cut])) --cut;
  std::string out = "'";
  out += printable(text.substr(0, cut));
  out += cut < text.size() ? "...'" : "'";
  return out;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return std::string(text);
  const bool is_printable = printable(text) == text;
  std::string out = is_printable ? "'" : "$'";  // which knows \x0a
  for (; !text.empty(); text.remove_prefix(sequence_at(text).size())) {
    const std::string_view sequence = sequence_at(text);
    if (sequence == "'") {
      out += is_printable ? "'\\''" : "\\'";
    } else if (sequence == "\\" && !is_printable) {
      out += "\\\\";
    } else if (must_escape(sequence)) {
      append_escaped(out, sequence);
    } else {
      out += sequence;
    }
  }
  return out + '\'';
}

std::string file_word(const std::string& file) {
  return shell_word(file.starts_with('-') ? "./" + file : file);
}

std::string join_or(std::span<const std::string> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::ptrdiff_t sign = number < 0 ? 1 : 0;
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > sign; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), 1, ',');
  }
  return digits;
}

std::string counted(std::int64_t count, const std::string& thing) {
  return grouped(count) + ' ' + thing + (count == 1 ? "" : "s");
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); text.remove_prefix(front(text).bytes)) count += front(text).columns;
  return count;
}

std::string cut(std::string_view text, std::size_t most) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(front(text).bytes)) {
    const Piece piece = front(text);
    if (piece.columns <= most) out += text.substr(0, piece.bytes);
    most -= std::min(most, piece.columns);
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view between) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(between));
    text.remove_prefix(std::min(word.size() + between.size(), text.size()));
    const std::size_t longer = columns(lines.back()) + columns(between) + columns(word);
    if (!lines.back().empty() && longer > width) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += between;
    lines.back() += word;
  }
  return lines;
}

std::string beside(std::string_view left, std::size_t column, std::string_view right, std::size_t width) {
  constexpr std::size_t kNarrowest = 10;
  const std::size_t first = std::max(column, columns(left) + 1);
  std::string text(left);
  text.append(first - columns(left), ' ');
  const std::vector<std::string> parts = wrap(right, std::max(width, first + kNarrowest) - first);
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : std::string(column, ' ')) + parts[i] + '\n';
  return text;
}

}  // namespace ppo
