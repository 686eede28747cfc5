#include "terminal/live_block.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

namespace ppo {
namespace {

/// Past stdio, which would cut the text at the size of its buffer. A failure is left to stdio's next use of
/// the same stream.
void write_at_once(std::string_view text) {
  std::fflush(stdout);
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void LiveBlock::show(const std::vector<std::string>& lines) {
  const bool is_same_screen = screen_.columns() == columns_ && screen_.rows() == rows_;
  columns_ = screen_.columns();
  rows_ = screen_.rows();
  std::string text = "\r";
  if (is_same_screen && lines_ > 0) text += "\033[" + std::to_string(lines_) + 'A';
  for (const std::string& line : lines) text += line + "\033[K\n";
  text += "\033[J";  // a ^C that was typed below
  write_at_once(text);
  lines_ = lines.size();
}

}  // namespace ppo
